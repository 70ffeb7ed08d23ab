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

/** Leaves the wish that a request of a session be stopped, whether there is such a request or not. A session with many starts anew. */
export const wish = mutation({
  args: { ...wishArgs, recording: v.optional(vRecording) },
  returns: v.null(),
  handler: async (ctx, { session, requestId, recording }) => {
    if ((await findWish(ctx, session, requestId)) !== null) return null;
    const found = recording && (await findSession(ctx, session));
    if (found) {
      const { clientName, clientVersion } = found;
      await writeRecorded(ctx, recording, { clientName, clientVersion });
    }
    const theirs = await ctx.db
      .query("cancellations")
      .withIndex("by_request", (q) => q.eq("sessionId", session.sessionId))
      .take(MAX_PER_SESSION);
    if (theirs.length === MAX_PER_SESSION) for (const { _id } of theirs) await ctx.db.delete(_id);
    const expiresAt = Date.now() + KEPT_MS;
    await ctx.db.insert("cancellations", { ...session, requestId, expiresAt });
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
