import { v } from "convex/values";
import type { Doc } from "./_generated/dataModel.js";
import { mutation, query, type QueryCtx } from "./_generated/server.js";
import { writeRecorded } from "./entries.ts";
import { findSession } from "./sessions.ts";
import { type SessionKey, vRecording, vSessionKey } from "./shared.ts";

/** Long enough to be seen by the slowest look, short enough to be gone when there are many. */
const KEPT_MS = 60_000;

/** Of one session: nobody has as many requests under way. */
const MAX_PER_SESSION = 64;

const wishArgs = { session: vSessionKey, requestId: v.string() };

/**
 * Leaves the wish that a request of a session be stopped, whether there is such a request or not. Of a session with as many as
 * may count at once the oldest makes place, and none is recorded before some expired: no limit counts wishes.
 */
export const wish = mutation({
  args: { ...wishArgs, recording: v.optional(vRecording) },
  returns: v.null(),
  handler: async (ctx, { session, requestId, recording }) => {
    if ((await findWish(ctx, session, requestId)) !== null) return null;
    const found = await findSession(ctx, session);
    if (found === null) return null;
    const now = Date.now();
    const theirs = await ctx.db
      .query("cancellations")
      .withIndex("by_request", (q) => q.eq("sessionId", session.sessionId))
      .take(MAX_PER_SESSION);
    const live = theirs.filter(({ expiresAt }) => expiresAt > now);
    if (live.length < MAX_PER_SESSION) {
      const { clientName, clientVersion } = found;
      await writeRecorded(ctx, recording, { clientName, clientVersion });
    }
    const [oldest] = theirs.toSorted((one, other) => one.expiresAt - other.expiresAt);
    if (theirs.length === MAX_PER_SESSION && oldest) await ctx.db.delete(oldest._id);
    await ctx.db.insert("cancellations", { ...session, requestId, expiresAt: now + KEPT_MS });
    return null;
  },
});

/** Whether a request is to be stopped: polled while it runs. */
export const wished = query({
  args: wishArgs,
  returns: v.boolean(),
  handler: async (ctx, { session, requestId }) =>
    (await findWish(ctx, session, requestId)) !== null,
});

async function findWish(
  ctx: Pick<QueryCtx, "db">,
  { sessionId, owner }: SessionKey,
  requestId: string,
): Promise<Doc<"cancellations"> | null> {
  const newest = await ctx.db
    .query("cancellations")
    .withIndex("by_request", (q) => q.eq("sessionId", sessionId).eq("requestId", requestId))
    .order("desc")
    .first();
  return newest !== null && newest.owner === owner && newest.expiresAt > Date.now() ? newest : null;
}
