import { v } from "convex/values";
import { internal } from "./_generated/api.js";
import type { Doc } from "./_generated/dataModel.js";
import { internalMutation, mutation, type MutationCtx } from "./_generated/server.js";
import { readLeaves } from "./chain.ts";
import { takeBatch } from "./entries.ts";
import { appendLink, headOf, readState } from "./links.ts";
import { DRAIN_BATCH, MAX_CHARS, mistake, sizeOf, vDrained } from "./shared.ts";

/** Links stay this much longer than what they speak of, which is deleted within the hour. */
const LINKS_LONGER_MS = 24 * 60 * 60_000;

/** Deletes entries made before a time, and goes on in the background when there are many. */
export const prune = mutation({
  args: { before: v.number() },
  returns: vDrained,
  handler: async (ctx, { before }) => {
    // In an index NaN comes after every number: everything would be older.
    if (Number.isNaN(before)) {
      throw mistake("before: expected a time in milliseconds, got NaN.");
    }
    const drained = await pruneBatch(ctx, before);
    if (drained.deleted > 0) {
      // Of what is still to come nothing was pruned.
      const to = Math.min(before, Date.now());
      const about = { body: "", count: 0, from: 0, to, expiresAt: 0 };
      await appendLink(ctx, { kind: "prune", ...about });
    }
    return drained;
  },
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
    if (!done) await ctx.scheduler.runAfter(0, internal.retention.drain, {});
    return null;
  },
});

/**
 * What the cron runs: drops the oldest links whose entries have expired, and those beyond as many entries as are to be
 * kept, with their entries. How many there are is not counted: each link says how many were sealed up to it.
 */
export const drop = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const head = await headOf(ctx);
    if (head === null) return null;
    const { keep = Infinity } = await readState(ctx);
    const now = Date.now();
    let first: number | undefined;
    let touched = 0;
    let chars = 0;
    for await (const link of ctx.db.query("auditLinks").withIndex("by_sequence")) {
      const isExpired = link.expiresAt + LINKS_LONGER_MS <= now;
      const isSurplus = link.total <= head.total - keep;
      const goes = link._id !== head._id && (isExpired || isSurplus);
      if (!goes || touched >= DRAIN_BATCH || chars >= MAX_CHARS) {
        if (goes) await ctx.scheduler.runAfter(0, internal.retention.drop, {});
        first = link.sequence;
        break;
      }
      chars += await deleteEntries(ctx, link);
      await ctx.db.delete(link._id);
      touched += 1 + link.count;
    }
    if (first === undefined || touched === 0) return null;
    const about = { body: "", count: 0, from: 0, to: first, expiresAt: 0 };
    await appendLink(ctx, { kind: "retention", ...about });
    return null;
  },
});

async function deleteEntries(ctx: MutationCtx, link: Doc<"auditLinks">): Promise<number> {
  let chars = link.body.length;
  for (const { id } of readLeaves(link)) {
    const entryId = ctx.db.normalizeId("auditEntries", id);
    const entry = entryId === null ? null : await ctx.db.get(entryId);
    if (entry === null) continue;
    chars += sizeOf(entry);
    await ctx.db.delete(entry._id);
  }
  return chars;
}

async function pruneBatch(ctx: MutationCtx, before: number) {
  const old = ctx.db
    .query("auditEntries")
    .withIndex("by_creation_time", (q) => q.lt("_creationTime", before));
  const drained = await deleteBatch(ctx, old);
  if (!drained.done) await ctx.scheduler.runAfter(0, internal.retention.pruneMore, { before });
  return drained;
}

async function deleteBatch(ctx: MutationCtx, rows: AsyncIterable<Doc<"auditEntries">>) {
  const { batch, done } = await takeBatch(rows);
  for (const { _id } of batch) await ctx.db.delete(_id);
  return { deleted: batch.length, done };
}
