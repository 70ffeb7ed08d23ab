import { v } from "convex/values";
import { mutation, query } from "./_generated/server.js";

/** Takes the key that its tool is called with. */
export const addKeyed = mutation({
  args: { label: v.string(), reference: v.string() },
  returns: v.string(),
  handler: async (ctx, { label, reference }) => {
    await ctx.db.insert("rows", { label });
    return reference;
  },
});

/** Gives a text of that many letters. */
export const addLong = mutation({
  args: { label: v.string(), length: v.number() },
  returns: v.string(),
  handler: async (ctx, { label, length }) => {
    await ctx.db.insert("rows", { label });
    return "x".repeat(length);
  },
});

export const where = query({
  args: {
    region: v.string(),
    shard: v.optional(v.int64()),
    urgent: v.optional(v.boolean()),
  },
  returns: v.string(),
  handler: async (_ctx, { region, shard, urgent }) => `${region} ${shard} ${urgent}`,
});
