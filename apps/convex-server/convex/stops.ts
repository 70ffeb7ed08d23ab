import { v } from "convex/values";
import { internalMutation, internalQuery } from "./_generated/server.js";

/** Notes that work stopped before its end. */
export const note = internalMutation({
  args: { label: v.string() },
  returns: v.null(),
  handler: async (ctx, { label }) => {
    await ctx.db.insert("stops", { label });
    return null;
  },
});

/** Whether work stopped before its end. */
export const noted = internalQuery({
  args: { label: v.string() },
  returns: v.boolean(),
  handler: async (ctx, { label }) => {
    const stop = await ctx.db
      .query("stops")
      .withIndex("by_label", (q) => q.eq("label", label))
      .first();
    return stop !== null;
  },
});
