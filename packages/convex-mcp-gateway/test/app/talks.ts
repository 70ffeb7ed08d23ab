import { mcpCall, vMcpCall } from "convex-mcp-gateway";
import { v } from "convex/values";
import { api, components } from "./_generated/api.js";
import { action, internalAction } from "./_generated/server.js";
import { aName } from "./forms.ts";

/** Says how far it is, asks on request, and adds a row once it knows all. */
export const work = action({
  args: { label: v.string(), ask: v.boolean(), mcp: v.optional(vMcpCall) },
  returns: v.string(),
  handler: async (ctx, { label, ask, mcp }): Promise<string> => {
    const call = mcpCall(ctx, components.mcpGateway, mcp);
    await call.progress(1, 3, "begun");
    await call.log("info", { $step: 1 }, "work");
    const answer = ask ? await call.elicit(aName) : undefined;
    await ctx.runMutation(api.things.add, { label });
    await call.progress(2, 3);
    await call.progress(3, 3);
    const { action: met = "not asked", content } = answer ?? {};
    return `${label}: ${met} ${JSON.stringify(content ?? null)}`;
  },
});

/** Asks two things at once. */
export const both = action({
  args: { mcp: v.optional(vMcpCall) },
  returns: v.string(),
  handler: async (ctx, { mcp }): Promise<string> => {
    const call = mcpCall(ctx, components.mcpGateway, mcp);
    const [first, second] = await Promise.all([call.elicit(aName), call.elicit(aName)]);
    return `${String(first.content?.["name"])} ${String(second.content?.["name"])}`;
  },
});

/** Works until its caller wants no more. */
export const last = action({
  args: { label: v.string(), mcp: vMcpCall },
  returns: v.string(),
  handler: async (ctx, { label, mcp }): Promise<string> => {
    const call = mcpCall(ctx, components.mcpGateway, mcp);
    for (let step = 1; step < 50 && !call.signal.aborted; step += 1) {
      await call.progress(step);
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
    }
    if (call.signal.aborted) await ctx.runMutation(api.things.add, { label });
    return call.signal.aborted ? "stopped" : "ended";
  },
});

/** Gives its handle away, as no app should. */
export const leak = action({
  args: { mcp: v.optional(vMcpCall) },
  returns: v.string(),
  handler: async (_ctx, { mcp }) => {
    await new Promise((resolve) => {
      setTimeout(resolve, 1_000);
    });
    return JSON.stringify(mcp);
  },
});

/** Uses a handle that it was given, whoever's it is. */
export const use = internalAction({
  args: { mcp: vMcpCall },
  returns: v.string(),
  handler: async (ctx, { mcp }) => {
    const call = mcpCall(ctx, components.mcpGateway, mcp);
    await call.progress(99);
    return (await call.elicit(aName)).action;
  },
});
