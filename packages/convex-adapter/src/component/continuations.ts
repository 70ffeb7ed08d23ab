import { v } from "convex/values";
import { mutation } from "./_generated/server.js";

/** Notes that a round is continued. False: it was before. */
export const redeem = mutation({
  args: { nonce: v.string(), owner: v.string(), expiresAt: v.number() },
  returns: v.boolean(),
  handler: async (ctx, { nonce, owner, expiresAt }) => {
    // Of nobody but its owner does a round open, so a nonce is theirs.
    const before = await ctx.db
      .query("continuations")
      .withIndex("by_nonce", (q) => q.eq("nonce", nonce))
      .first();
    if (before !== null) return false;
    await ctx.db.insert("continuations", { nonce, owner, expiresAt });
    return true;
  },
});
