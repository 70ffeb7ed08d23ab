import { v } from "convex/values";
import { internal } from "./_generated/api.js";
import type { Doc } from "./_generated/dataModel.js";
import { internalMutation, mutation, type MutationCtx } from "./_generated/server.js";
import {
  DRAIN_BATCH,
  type Entry,
  MAX_CHARS,
  sizeOf,
  vDrained,
  vEnd,
  vEntry,
  vSessionKey,
} from "./shared.ts";
import { useSession } from "./sessions.ts";

/** The session to check before an entry is written, in the same transaction. */
const vCheck = v.optional(v.object({ key: vSessionKey, ttlMs: v.number() }));

/** Writes a whole entry. False: the session that was to be checked does not exist, and nothing was written. */
export const record = mutation({
  args: { entry: vEntry, retentionMs: v.number(), session: vCheck },
  returns: v.boolean(),
  handler: async (ctx, { entry, retentionMs, session }) => {
    const complete = await withClient(ctx, entry, session);
    if (complete === null) return false;
    await ctx.db.insert("auditEntries", { ...complete, expiresAt: Date.now() + retentionMs });
    return true;
  },
});

/** Opens the entry of an action before it runs: should the action die, the entry says so once `deadlineMs` have passed. */
export const begin = mutation({
  args: { entry: vEntry, retentionMs: v.number(), deadlineMs: v.number(), session: vCheck },
  returns: v.union(v.null(), v.string()),
  handler: async (ctx, { entry, retentionMs, deadlineMs, session }) => {
    const complete = await withClient(ctx, entry, session);
    if (complete === null) return null;
    const now = Date.now();
    return await ctx.db.insert("auditEntries", {
      ...complete,
      outcome: "running",
      deadline: now + deadlineMs,
      expiresAt: now + retentionMs,
    });
  },
});

/** Closes an entry that `begin` opened, once. What comes after its deadline is still the truth, and replaces `lost`. */
export const finish = mutation({
  args: { entryId: v.string(), end: vEnd },
  returns: v.boolean(),
  handler: async (ctx, { entryId, end }) => {
    const id = ctx.db.normalizeId("auditEntries", entryId);
    const entry = id === null ? null : await ctx.db.get(id);
    if (entry === null || (entry.outcome !== "running" && entry.outcome !== "lost")) return false;
    const cut = entry.cut === true || end.cut === true;
    await ctx.db.patch(entry._id, { ...end, ...(cut ? { cut } : {}), deadline: undefined });
    return true;
  },
});

/** Deletes entries made before a time, and goes on in the background when there are many. */
export const prune = mutation({
  args: { before: v.number() },
  returns: vDrained,
  handler: (ctx, { before }) => pruneBatch(ctx, before),
});

/** The next batch of `prune`. */
export const pruneMore = internalMutation({
  args: { before: v.number() },
  returns: v.null(),
  handler: async (ctx, { before }) => {
    await pruneBatch(ctx, before);
    return null;
  },
});

/** What the cron runs: deletes what is past its retention. */
export const drain = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const expired = ctx.db
      .query("auditEntries")
      .withIndex("by_expiresAt", (q) => q.lte("expiresAt", Date.now()));
    const { done } = await deleteBatch(ctx, expired);
    if (!done) await ctx.scheduler.runAfter(0, internal.audit.drain, {});
    return null;
  },
});

/** What the cron runs: entries of actions that never came back are closed as lost. */
export const closeLost = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const late = ctx.db
      .query("auditEntries")
      .withIndex("by_deadline", (q) => q.gt("deadline", 0).lte("deadline", Date.now()));
    const { batch, done } = await takeBatch(late);
    for (const { _id } of batch) await ctx.db.patch(_id, { outcome: "lost", deadline: undefined });
    if (!done) await ctx.scheduler.runAfter(0, internal.audit.closeLost, {});
    return null;
  },
});

async function withClient(
  ctx: MutationCtx,
  entry: Entry,
  session: { key: { sessionId: string; owner: string }; ttlMs: number } | undefined,
): Promise<Entry | null> {
  if (session === undefined) return entry;
  const found = await useSession(ctx, session.key, session.ttlMs);
  if (found === null) return null;
  return { ...entry, clientName: found.clientName, clientVersion: found.clientVersion };
}

async function pruneBatch(ctx: MutationCtx, before: number) {
  // In an index NaN comes after every number: everything would be older.
  if (Number.isNaN(before)) throw new Error("before: expected a time in milliseconds, got NaN.");
  const old = ctx.db
    .query("auditEntries")
    .withIndex("by_creation_time", (q) => q.lt("_creationTime", before));
  const drained = await deleteBatch(ctx, old);
  if (!drained.done) await ctx.scheduler.runAfter(0, internal.audit.pruneMore, { before });
  return drained;
}

async function deleteBatch(ctx: MutationCtx, rows: AsyncIterable<Doc<"auditEntries">>) {
  const { batch, done } = await takeBatch(rows);
  for (const { _id } of batch) await ctx.db.delete(_id);
  return { deleted: batch.length, done };
}

/** As many rows as one transaction can deal with. */
async function takeBatch(rows: AsyncIterable<Doc<"auditEntries">>) {
  const batch: Doc<"auditEntries">[] = [];
  let chars = 0;
  for await (const row of rows) {
    if (batch.length === DRAIN_BATCH || chars >= MAX_CHARS) return { batch, done: false };
    batch.push(row);
    chars += sizeOf(row);
  }
  return { batch, done: true };
}
