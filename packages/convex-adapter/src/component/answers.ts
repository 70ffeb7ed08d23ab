import { v } from "convex/values";
import { mutation, query, type QueryCtx } from "./_generated/server.js";
import { answerKeyFields } from "./shared.ts";

/** What was answered to a call under a key, while it is kept; `null` where nothing was. */
export const find = query({
  args: answerKeyFields,
  returns: v.union(v.null(), v.object({ call: v.string(), json: v.optional(v.string()) })),
  handler: async (ctx, key) => {
    const found = await findAnswer(ctx, key);
    if (found === null || found.expiresAt <= Date.now()) return null;
    const { call, json } = found;
    return json === undefined ? { call } : { call, json };
  },
});

/** Keeps the answer to a call, in the place of one that has expired. Without `json`: that there was one. */
export const keep = mutation({
  args: { ...answerKeyFields, call: v.string(), json: v.optional(v.string()), ttlMs: v.number() },
  returns: v.null(),
  handler: async (ctx, { ttlMs, ...answer }) => {
    const expired = await findAnswer(ctx, answer);
    if (expired !== null) await ctx.db.delete(expired._id);
    await ctx.db.insert("answers", { ...answer, expiresAt: Date.now() + ttlMs });
    return null;
  },
});

function findAnswer(
  ctx: Pick<QueryCtx, "db">,
  { owner, tool, key }: { owner: string; tool: string; key: string },
) {
  return ctx.db
    .query("answers")
    .withIndex("by_key", (q) => q.eq("owner", owner).eq("tool", tool).eq("key", key))
    .unique();
}
