import { v } from "convex/values";
import { components } from "./_generated/api.js";
import { internalMutation } from "./_generated/server.js";

/** The component's `record`, but for an entry of a call that went well: that one cannot be written. */
export const record = internalMutation({
  args: { entry: v.any(), retentionMs: v.number(), session: v.optional(v.any()) },
  returns: v.boolean(),
  handler: async (ctx, args): Promise<boolean> => {
    if (args.entry.outcome === "ok") throw new Error("the log is full");
    return await ctx.runMutation(components.mcpGateway.audit.record, args);
  },
});

/** The component's `begin`: nothing that runs can be recorded. */
export const begin = internalMutation({
  args: { entry: v.any(), retentionMs: v.number(), deadlineMs: v.number() },
  returns: v.string(),
  handler: async (): Promise<string> => {
    throw new Error("the log is full");
  },
});
