import { v } from "convex/values";
import { mcpCall, mcpCaller, vMcpCall } from "convex-mcp-gateway";
import { components } from "./_generated/api.js";
import { internalAction, internalMutation, internalQuery, query } from "./_generated/server.js";

const args = { mcp: v.optional(vMcpCall) };
const returns = v.object({ caller: v.union(v.string(), v.null()), platform: v.boolean() });
export const vWho = returns;

export const fromQuery = internalQuery({
  args,
  returns,
  handler: async (ctx, { mcp }) => ({
    caller: (await mcpCaller(ctx, components.mcpGateway, mcp))?.tokenIdentifier ?? null,
    platform: (await ctx.auth.getUserIdentity()) !== null,
  }),
});

export const fromMutation = internalMutation({
  args: { ...args, label: v.string() },
  returns,
  handler: async (ctx, { mcp, label }) => {
    const caller = (await mcpCaller(ctx, components.mcpGateway, mcp))?.tokenIdentifier ?? null;
    await ctx.db.insert("rows", { label });
    return { caller, platform: (await ctx.auth.getUserIdentity()) !== null };
  },
});

export const fromAction = internalAction({
  args,
  returns,
  handler: async (ctx, { mcp }) => {
    const call = mcpCall(ctx, components.mcpGateway, mcp);
    await call.progress(1, 2, "half");
    const caller = await mcpCaller(ctx, components.mcpGateway, mcp);
    return { caller: caller?.tokenIdentifier ?? null, platform: false };
  },
});

/** Anybody can call it, with any `mcp`. */
export const fromPublic = query({
  args,
  handler: async (ctx, { mcp }) =>
    (await mcpCaller(ctx, components.mcpGateway, mcp))?.subject ?? null,
});
