import { v } from "convex/values";
import { internal } from "./_generated/api.js";
import type { Doc } from "./_generated/dataModel.js";
import {
  internalMutation,
  mutation,
  type MutationCtx,
  query,
  type QueryCtx,
} from "./_generated/server.js";
import { later, writeRecorded } from "./entries.ts";
import { countMisuse, vMisuse } from "./misuse.ts";
import { DRAIN_BATCH, type SessionKey, vDrained, vRecording, vSessionKey } from "./shared.ts";

/** A session's row is only written when this much has passed since the last time: no write on every request. */
const TOUCH_AFTER_MS = 5 * 60_000;
/** Or this part of the idle time, where that is shorter: a session that is used must not run out between two writes. */
const TOUCH_AFTER_PART = 0.1;

/** Makes a session. An owner who has `maxPerOwner` already loses those that were idle longest. */
export const create = mutation({
  args: {
    session: v.object({
      sessionId: v.string(),
      owner: v.string(),
      protocolVersion: v.string(),
      clientName: v.string(),
      clientVersion: v.string(),
      capabilities: v.string(),
    }),
    ttlMs: v.number(),
    maxPerOwner: v.number(),
    /** That it began, for the audit log. */
    recording: v.optional(vRecording),
  },
  returns: v.null(),
  handler: async (ctx, { session, ttlMs, maxPerOwner, recording }) => {
    const kept = Math.max(0, Math.floor(maxPerOwner) - 1);
    const theirs = await ctx.db
      .query("sessions")
      .withIndex("by_owner", (q) => q.eq("owner", session.owner))
      .order("desc")
      .take(kept + DRAIN_BATCH);
    for (const idle of theirs.slice(kept)) await deleteSession(ctx, idle, "Replaced");
    const now = Date.now();
    const { clientName, clientVersion } = session;
    await writeRecorded(ctx, recording, { clientName, clientVersion });
    await ctx.db.insert("sessions", {
      ...session,
      lastSeenAt: now,
      expiresAt: now + ttlMs,
      ...(recording === undefined ? {} : { recording: later(recording) }),
    });
    return null;
  },
});

/** Who the client of a session said it is; `null`, and counted, for a session that is unknown, expired or somebody else's. */
export const check = mutation({
  args: { session: vSessionKey, ttlMs: v.number(), misuse: v.optional(vMisuse) },
  returns: v.union(v.null(), v.object({ clientName: v.string(), clientVersion: v.string() })),
  handler: async (ctx, { session, ttlMs, misuse }) => {
    const found = await useSession(ctx, session, ttlMs);
    if (found !== null) {
      return { clientName: found.clientName, clientVersion: found.clientVersion };
    }
    await countMisuse(ctx, "Session", await isForeign(ctx, session), misuse);
    return null;
  },
});

/** What the client of a session can do, as JSON, and which log lines it wants; `null` where `check` would say `null`. */
export const client = query({
  args: { session: vSessionKey },
  returns: v.union(
    v.null(),
    v.object({ capabilities: v.string(), logLevel: v.optional(v.string()) }),
  ),
  handler: async (ctx, { session }) => {
    const found = await findSession(ctx, session);
    if (found === null) return null;
    const { capabilities, logLevel } = found;
    return { capabilities, ...(logLevel === undefined ? {} : { logLevel }) };
  },
});

/** Keeps the least level of log lines that a session's client wants. */
export const setLogLevel = mutation({
  args: { session: vSessionKey, logLevel: v.string() },
  returns: v.null(),
  handler: async (ctx, { session, logLevel }) => {
    const found = await findSession(ctx, session);
    if (found !== null) await ctx.db.patch(found._id, { logLevel });
    return null;
  },
});

/** Ends a session, and its subscriptions; false where `check` would have said `null`. */
export const end = mutation({
  args: {
    session: vSessionKey,
    recording: v.optional(vRecording),
    misuse: v.optional(vMisuse),
  },
  returns: v.boolean(),
  handler: async (ctx, { session, recording, misuse }) => {
    const found = await findSession(ctx, session);
    if (found === null) {
      await countMisuse(ctx, "Session", await isForeign(ctx, session), misuse);
      return false;
    }
    const { clientName, clientVersion } = found;
    await writeRecorded(ctx, recording, { clientName, clientVersion });
    await ctx.db.delete(found._id);
    const subscribed = ctx.db
      .query("subscriptions")
      .withIndex("by_session", (q) => q.eq("sessionId", session.sessionId));
    for await (const { _id } of subscribed) await ctx.db.delete(_id);
    return true;
  },
});

/** Deletes expired sessions, and goes on in the background when there are many. */
export const prune = mutation({
  args: {},
  returns: vDrained,
  handler: (ctx) => drainSessions(ctx),
});

/** What the cron runs. */
export const drain = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    await drainSessions(ctx);
    return null;
  },
});

/** The live session with this id that this owner has, its idle time started anew. */
export async function useSession(
  ctx: MutationCtx,
  key: SessionKey,
  ttlMs: number,
): Promise<Doc<"sessions"> | null> {
  const found = await findSession(ctx, key);
  if (found === null) return null;
  const now = Date.now();
  if (now - found.lastSeenAt >= Math.min(TOUCH_AFTER_MS, ttlMs * TOUCH_AFTER_PART)) {
    await ctx.db.patch(found._id, { lastSeenAt: now, expiresAt: now + ttlMs });
  }
  return found;
}

/** The live session with this id that this owner has. */
export async function findSession(
  ctx: Pick<QueryCtx, "db">,
  key: SessionKey,
): Promise<Doc<"sessions"> | null> {
  const found = await findById(ctx, key);
  return found !== null && found.owner === key.owner && found.expiresAt > Date.now() ? found : null;
}

/** Whether a session that is not the caller's is somebody else's. */
export async function isForeign(ctx: Pick<QueryCtx, "db">, key: SessionKey): Promise<boolean> {
  return ((await findById(ctx, key))?.owner ?? key.owner) !== key.owner;
}

function findById({ db }: Pick<QueryCtx, "db">, { sessionId }: SessionKey) {
  return db
    .query("sessions")
    .withIndex("by_sessionId", (q) => q.eq("sessionId", sessionId))
    .unique();
}

/** Deletes a session that nobody asked to end. */
async function deleteSession(
  ctx: MutationCtx,
  { _id, recording, clientName, clientVersion }: Doc<"sessions">,
  errorCode: "Replaced" | "Expired",
): Promise<void> {
  await writeRecorded(ctx, recording, { name: "end", clientName, clientVersion, errorCode });
  await ctx.db.delete(_id);
}

async function drainSessions(ctx: MutationCtx): Promise<{ deleted: number; done: boolean }> {
  const expired = await ctx.db
    .query("sessions")
    .withIndex("by_expiresAt", (q) => q.lte("expiresAt", Date.now()))
    .take(DRAIN_BATCH);
  for (const session of expired) await deleteSession(ctx, session, "Expired");
  const done = expired.length < DRAIN_BATCH;
  if (!done) await ctx.scheduler.runAfter(0, internal.sessions.drain, {});
  return { deleted: expired.length, done };
}
