import { v } from "convex/values";
import { mutation, query, type QueryCtx } from "./_generated/server.js";
import { findSession } from "./sessions.ts";
import { type Subject, vSubject } from "./shared.ts";
import { findTask, standing } from "./tasks.ts";

/** Longer than the widest window that a stream looks at, its slowest reader included. */
const KEPT_MS = 5 * 60_000;

/** Rows of one subject that a look reads. */
const MAX_ROWS = 8;

/** Notes that something changed. In the caller's transaction: what is rolled back is not told. */
export const publish = mutation({
  args: { subject: vSubject, owner: v.optional(v.string()) },
  returns: v.null(),
  handler: async (ctx, { subject, owner }) => {
    const row = { ...subject, expiresAt: Date.now() + KEPT_MS };
    await ctx.db.insert("changes", owner === undefined ? row : { ...row, owner });
    return null;
  },
});

/**
 * What changed since a time, of what a stream tells of: its lists and names, and what its session subscribed to. What polls
 * it must expect a row to come late: `_creationTime` is when its transaction began. `full` says that there may be more rows.
 *
 * `null`: the stream is to end, since newer ones took its place, or its session is over.
 */
export const look = query({
  args: {
    listenerId: v.id("listeners"),
    owner: v.string(),
    subjects: v.array(vSubject),
    since: v.number(),
  },
  returns: v.union(
    v.null(),
    v.array(v.object({ subject: vSubject, ids: v.array(v.string()), full: v.boolean() })),
  ),
  // Without a look at the clock, where there is no session: what has not changed is answered from the platform's cache.
  handler: async (ctx, { listenerId, owner, subjects, since }) => {
    const listener = await ctx.db.get(listenerId);
    if (listener === null || listener.owner !== owner) return null;
    const subscribed = await subscribedBy(ctx, listener);
    if (subscribed === null) return null;
    const news = await Promise.all(
      [...subjects, ...subscribed].map(async (subject) => {
        if (subject.kind === "task") return await lookAtTask(ctx, subject, owner, since);
        const [toAll, toThem] = await Promise.all([
          rowsOf(ctx, subject, undefined, since),
          rowsOf(ctx, subject, owner, since),
        ]);
        const full = toAll.length === MAX_ROWS || toThem.length === MAX_ROWS;
        const ids: string[] = [...toAll, ...toThem].map(({ _id }) => _id);
        return { subject, ids, full };
      }),
    );
    return news.filter(({ ids }) => ids.length > 0);
  },
});

/** Of a task nothing is published: it says itself when it changed, each time another. */
async function lookAtTask(
  ctx: Pick<QueryCtx, "db">,
  subject: Subject,
  owner: string,
  since: number,
) {
  const task = await findTask(ctx, subject.name);
  const updatedAt = task?.owner === owner ? standing(task).updatedAt : 0;
  return { subject, ids: updatedAt > since ? [String(updatedAt)] : [], full: false };
}

async function subscribedBy(
  ctx: Pick<QueryCtx, "db">,
  { sessionId, owner }: { sessionId?: string; owner: string },
): Promise<Subject[] | null> {
  if (sessionId === undefined) return [];
  if ((await findSession(ctx, { sessionId, owner })) === null) return null;
  const rows = await ctx.db
    .query("subscriptions")
    .withIndex("by_session", (q) => q.eq("sessionId", sessionId))
    .collect();
  return rows.map(({ uri }) => ({ kind: "resource", name: uri }));
}

function rowsOf(
  ctx: Pick<QueryCtx, "db">,
  { kind, name }: Subject,
  owner: string | undefined,
  since: number,
) {
  return ctx.db
    .query("changes")
    .withIndex("by_subject", (q) =>
      q.eq("kind", kind).eq("name", name).eq("owner", owner).gt("_creationTime", since),
    )
    .order("desc")
    .take(MAX_ROWS);
}
