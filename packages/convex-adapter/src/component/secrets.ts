import { v } from "convex/values";
import { mutation, query } from "./_generated/server.js";

/** The secret; `null` before the first `create`. */
export const read = query({
  args: {},
  returns: v.union(v.null(), v.string()),
  handler: async (ctx) => (await ctx.db.query("secrets").first())?.secret ?? null,
});

/** The secret, made where there is none yet: once, however many ask at the same time. */
export const create = mutation({
  args: {},
  returns: v.string(),
  handler: async (ctx) => {
    const before = await ctx.db.query("secrets").first();
    if (before !== null) return before.secret;
    // 256 bits of chance, which a mutation has while it runs (and has not at module scope).
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    const secret = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    await ctx.db.insert("secrets", { secret });
    return secret;
  },
});
