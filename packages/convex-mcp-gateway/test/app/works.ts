import { mcpCall, vMcpCall } from "convex-mcp-gateway";
import { ConvexError, v } from "convex/values";
import { api, components } from "./_generated/api.js";
import { internalAction } from "./_generated/server.js";
import { aName } from "./forms.ts";

const mcp = v.optional(vMcpCall);

const pause = (ms: number) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

/** Adds a row, and says for whom: as `mcpCall` tells, and as `ctx.auth` does. */
export const slow = internalAction({
  args: { label: v.string(), mcp },
  returns: v.object({ caller: v.union(v.string(), v.null()), auth: v.union(v.string(), v.null()) }),
  handler: async (ctx, args) => {
    const call = mcpCall(ctx, components.mcpGateway, args.mcp);
    await call.progress(1, 2, "adding");
    await call.progress(1, 2, "never told");
    await ctx.runMutation(api.things.add, { label: args.label });
    const identity = await call.identity();
    const auth = await ctx.auth.getUserIdentity();
    return { caller: identity?.subject ?? null, auth: auth?.subject ?? null };
  },
});

/** What JSON has not, and back. */
export const echo = internalAction({
  args: { whole: v.int64(), data: v.bytes(), mcp },
  returns: v.object({ whole: v.int64(), data: v.bytes() }),
  handler: async (_ctx, { whole, data }) => ({ whole, data }),
});

export const fail = internalAction({
  args: { speak: v.boolean(), mcp },
  handler: async (_ctx, { speak }): Promise<null> => {
    if (speak) throw new ConvexError("No room.");
    throw new Error("internal detail s3cret");
  },
});

/** Asks for two names at once. */
export const ask = internalAction({
  args: { mcp },
  returns: v.string(),
  handler: async (ctx, args) => {
    const call = mcpCall(ctx, components.mcpGateway, args.mcp);
    await call.log("info", "never seen");
    const [a, b] = await Promise.all([
      call.elicit({ key: "a", ...aName }),
      call.elicit({ key: "b", ...aName }),
    ]);
    return [a, b].map(({ action, content }) => String(content?.["name"] ?? action)).join(" ");
  },
});

/** Asks the client's model, where it may work, and for a visit to a page. */
export const confer = internalAction({
  args: { mcp },
  returns: v.string(),
  handler: async (ctx, args) => {
    const call = mcpCall(ctx, components.mcpGateway, args.mcp);
    const content = { type: "text", text: "Why?" } as const;
    const { model } = await call.sample({
      messages: [{ role: "user", content }],
      maxTokens: 5,
      temperature: 0,
    });
    const roots = await call.listRoots();
    const url = "https://example.com/confirm";
    const { action } = await call.elicit({ mode: "url", message: "Visit", url });
    return `${model} ${roots.map(({ uri }) => uri).join(" ")} ${action}`;
  },
});

/** Works until it is called off, and says so by a row. */
export const last = internalAction({
  args: { label: v.string(), mcp },
  returns: v.string(),
  handler: async (ctx, { label, mcp: handle }) => {
    const call = mcpCall(ctx, components.mcpGateway, handle);
    for (let step = 1; step < 200 && !call.signal.aborted; step += 1) {
      await call.progress(step);
      await pause(25);
    }
    if (call.signal.aborted) await ctx.runMutation(api.things.add, { label });
    return call.signal.aborted ? "stopped" : "ended";
  },
});

/** A result of so many characters. */
export const long = internalAction({
  args: { characters: v.number(), mcp },
  returns: v.string(),
  handler: async (_ctx, { characters }) => "é".repeat(characters),
});

/** Gives its handle away while it runs, as no app should. */
export const leak = internalAction({
  args: { mcp },
  returns: v.null(),
  handler: async (ctx, args) => {
    await ctx.runMutation(api.things.add, { label: JSON.stringify(args.mcp) });
    await pause(500);
    return null;
  },
});

/** Uses a handle that it was given, whoever's it is: for whom it would run, and what it would hear. */
export const use = internalAction({
  args: { mcp: vMcpCall },
  returns: v.string(),
  handler: async (ctx, args) => {
    const call = mcpCall(ctx, components.mcpGateway, args.mcp);
    await call.progress(99, 100, "forged");
    return (await call.identity())?.subject ?? "nobody";
  },
});
