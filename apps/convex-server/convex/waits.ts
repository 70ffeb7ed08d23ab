import { v } from "convex/values";
import { internalMutation, internalQuery, type QueryCtx } from "./_generated/server.js";
import { vWaitStatus } from "./values.ts";

/** Notes how far the work under a label is. */
export const note = internalMutation({
  args: { label: v.string(), status: vWaitStatus },
  returns: v.null(),
  handler: async (ctx, { label, status }) => {
    const wait = await find(ctx, label);
    if (wait === null) await ctx.db.insert("waits", { label, status });
    else await ctx.db.patch(wait._id, { status });
    return null;
  },
});

/** How far the work under a label is. */
export const status = internalQuery({
  args: { label: v.string() },
  returns: v.union(vWaitStatus, v.literal("unknown")),
  handler: async (ctx, { label }) => (await find(ctx, label))?.status ?? "unknown",
});

function find(ctx: QueryCtx, label: string) {
  return ctx.db
    .query("waits")
    .withIndex("by_label", (q) => q.eq("label", label))
    .first();
}
