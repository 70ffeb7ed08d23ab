import { v } from "convex/values";
import { mutation } from "./_generated/server.js";
import { DRAIN_BATCH } from "./shared.ts";

/**
 * Notes that a stream opens. Of an owner who has `maxPerOwner` the oldest end, and so does the one before of the same
 * session: a message goes out on one stream of a session (2025-11-25, basic/transports).
 */
export const open = mutation({
  args: {
    owner: v.string(),
    sessionId: v.optional(v.string()),
    ttlMs: v.number(),
    maxPerOwner: v.number(),
  },
  returns: v.id("listeners"),
  handler: async (ctx, { owner, sessionId, ttlMs, maxPerOwner }) => {
    const now = Date.now();
    const theirs = await ctx.db
      .query("listeners")
      .withIndex("by_owner", (q) => q.eq("owner", owner))
      .order("desc")
      .take(DRAIN_BATCH);
    let kept = 1;
    for (const other of theirs) {
      const replaced = sessionId !== undefined && other.sessionId === sessionId;
      if (replaced || other.expiresAt <= now || kept >= maxPerOwner) await ctx.db.delete(other._id);
      else kept += 1;
    }
    const listener = { owner, expiresAt: now + ttlMs };
    return ctx.db.insert(
      "listeners",
      sessionId === undefined ? listener : { ...listener, sessionId },
    );
  },
});
