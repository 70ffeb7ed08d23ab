import { v } from "convex/values";
import { internal } from "./_generated/api.js";
import type { Doc } from "./_generated/dataModel.js";
import { internalMutation, mutation, type MutationCtx } from "./_generated/server.js";
import {
  DRAIN_BATCH,
  type End,
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
const vCheck = v.object({
  key: vSessionKey,
  ttlMs: v.number(),
  /** Write the entry, without the session, where it does not exist. */
  anyway: v.optional(v.boolean()),
});

/** Writes a whole entry. False: the session that was to be checked does not exist, and nothing was written unless `anyway`. */
export const record = mutation({
  args: { entry: vEntry, retentionMs: v.number(), session: v.optional(vCheck) },
  returns: v.boolean(),
  handler: async (ctx, { entry, retentionMs, session }) => {
    const found =
      session === undefined ? undefined : await useSession(ctx, session.key, session.ttlMs);
    if (found === null && session?.anyway !== true) return false;
    const expiresAt = Date.now() + retentionMs;
    await ctx.db.insert("auditEntries", { ...inSession(entry, found), expiresAt });
    return found !== null;
  },
});

/** Opens the entry of an action before it runs: should the action die, the entry says so once `deadlineMs` have passed. */
export const begin = mutation({
  args: { entry: vEntry, retentionMs: v.number(), deadlineMs: v.number() },
  returns: v.string(),
  handler: async (ctx, { entry, retentionMs, deadlineMs }) => {
    const now = Date.now();
    return await ctx.db.insert("auditEntries", {
      ...entry,
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
  handler: (ctx, { entryId, end }) => closeEntry(ctx, entryId, end),
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

/** What `finish` does. */
export async function closeEntry(ctx: MutationCtx, entryId: string, end: End): Promise<boolean> {
  const id = ctx.db.normalizeId("auditEntries", entryId);
  const entry = id === null ? null : await ctx.db.get(id);
  if (entry === null || (entry.outcome !== "running" && entry.outcome !== "lost")) return false;
  const cut = entry.cut === true || end.cut === true;
  await ctx.db.patch(entry._id, { ...end, ...(cut ? { cut } : {}), deadline: undefined });
  return true;
}

/** Gives an entry that is open another deadline. */
export async function deferEntry(
  ctx: MutationCtx,
  entryId: string,
  deadline: number,
): Promise<void> {
  const id = ctx.db.normalizeId("auditEntries", entryId);
  const entry = id === null ? null : await ctx.db.get(id);
  if (entry?.outcome === "running") await ctx.db.patch(entry._id, { deadline });
}

/** An entry with what its session knows of the client, and without the session that there is not. */
function inSession(entry: Entry, found: Doc<"sessions"> | null | undefined): Entry {
  if (found === undefined) return entry;
  const { sessionId: _, ...outside } = entry;
  if (found === null) return outside;
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
