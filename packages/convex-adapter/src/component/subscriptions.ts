import { v } from "convex/values";
import { internal } from "./_generated/api.js";
import { internalMutation, mutation } from "./_generated/server.js";
import { findSession } from "./sessions.ts";
import { DRAIN_BATCH, vSessionKey } from "./shared.ts";

/** What a stream's look reads of one session. A further one ends the oldest. */
const MAX_PER_SESSION = 100;
/** The same for all sessions of one owner. */
const MAX_PER_OWNER = 500;

const args = { session: vSessionKey, uri: v.string() };

/** Subscribes a session that lives to a resource. */
export const add = mutation({
  args,
  returns: v.null(),
  handler: async (ctx, { session, uri }) => {
    const found = await findSession(ctx, session);
    if (found === null) return null;
    const theirs = await ctx.db
      .query("subscriptions")
      .withIndex("by_owner", (q) => q.eq("owner", session.owner))
      .take(MAX_PER_OWNER);
    const here = theirs.filter(({ sessionId }) => sessionId === session.sessionId);
    if (here.some((it) => it.uri === uri)) return null;
    const [oldest] =
      here.length >= MAX_PER_SESSION ? here : theirs.length >= MAX_PER_OWNER ? theirs : [];
    if (oldest !== undefined) await ctx.db.delete(oldest._id);
    await ctx.db.insert("subscriptions", { ...session, uri, expiresAt: found.expiresAt });
    return null;
  },
});

/** Takes a subscription back. */
export const remove = mutation({
  args,
  returns: v.null(),
  handler: async (ctx, { session, uri }) => {
    const found = await ctx.db
      .query("subscriptions")
      .withIndex("by_session", (q) => q.eq("sessionId", session.sessionId).eq("uri", uri))
      .first();
    if (found?.owner === session.owner) await ctx.db.delete(found._id);
    return null;
  },
});

/** What the cron runs: deletes subscriptions whose sessions are over. A session that is used lives on beyond their expiry. */
export const drain = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const due = await ctx.db
      .query("subscriptions")
      .withIndex("by_expiresAt", (q) => q.lte("expiresAt", Date.now()))
      .take(DRAIN_BATCH);
    for (const { _id, sessionId, owner } of due) {
      const session = await findSession(ctx, { sessionId, owner });
      if (session === null) await ctx.db.delete(_id);
      else await ctx.db.patch(_id, { expiresAt: session.expiresAt });
    }
    if (due.length === DRAIN_BATCH) {
      await ctx.scheduler.runAfter(0, internal.subscriptions.drain, {});
    }
    return null;
  },
});
