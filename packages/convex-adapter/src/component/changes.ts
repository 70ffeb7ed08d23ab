import { v } from "convex/values";
import { mutation, type MutationCtx, query, type QueryCtx } from "./_generated/server.js";
import { findSession } from "./sessions.ts";
import { type Subject, vSubject } from "./shared.ts";

/** Longer than the widest window that a stream looks at, its slowest reader included. */
const KEPT_MS = 5 * 60_000;

/** Rows of one subject that a look reads. */
const MAX_ROWS = 8;

/** Notes that something changed. In the caller's transaction: what is rolled back is not told. */
export const publish = mutation({
  args: { subject: vSubject, owner: v.optional(v.string()) },
  returns: v.null(),
  handler: async (ctx, { subject, owner }) => {
    await insertChange(ctx, subject, owner);
    return null;
  },
});

/** The same, for the functions of the component whose rows clients may want to hear of. */
export async function insertChange(
  ctx: Pick<MutationCtx, "db">,
  subject: Subject,
  owner: string | undefined,
): Promise<void> {
  const row = { ...subject, expiresAt: Date.now() + KEPT_MS };
  await ctx.db.insert("changes", owner === undefined ? row : { ...row, owner });
}

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
    v.array(v.object({ subject: vSubject, ids: v.array(v.id("changes")), full: v.boolean() })),
  ),
  // Without a look at the clock, where there is no session: what has not changed is answered from the platform's cache.
  handler: async (ctx, { listenerId, owner, subjects, since }) => {
    const listener = await ctx.db.get(listenerId);
    if (listener === null || listener.owner !== owner) return null;
    const subscribed = await subscribedBy(ctx, listener);
    if (subscribed === null) return null;
    const news = await Promise.all(
      [...subjects, ...subscribed].map(async (subject) => {
        const [toAll, toThem] = await Promise.all([
          rowsOf(ctx, subject, undefined, since),
          rowsOf(ctx, subject, owner, since),
        ]);
        const full = toAll.length === MAX_ROWS || toThem.length === MAX_ROWS;
        return { subject, ids: [...toAll, ...toThem].map(({ _id }) => _id), full };
      }),
    );
    return news.filter(({ ids }) => ids.length > 0);
  },
});

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
