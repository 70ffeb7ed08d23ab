import { mcpCaller, vMcpCall } from "convex-mcp-gateway";
import { queryGeneric } from "convex/server";
import { v } from "convex/values";
import { components } from "./_generated/api";

/** Who calls, as the platform knows them or else as the gateway does. */
export const whoami = queryGeneric({
  args: { mcp: v.optional(vMcpCall) },
  returns: v.object({ subject: v.string(), platform: v.boolean() }),
  handler: async (ctx, { mcp }) => ({
    subject: (await mcpCaller(ctx, components.mcpGateway, mcp))?.subject ?? "",
    platform: (await ctx.auth.getUserIdentity()) !== null,
  }),
});
