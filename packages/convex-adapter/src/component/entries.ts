import { type ObjectType, v } from "convex/values";
import type { Doc, Id } from "./_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "./_generated/server.js";
import {
  DRAIN_BATCH,
  type Entry,
  type Keeping,
  MAX_CHARS,
  type Recording,
  sizeOf,
} from "./shared.ts";

/** Writes an entry that says its last word. */
export async function writeWhole(ctx: MutationCtx, entry: Entry, keeping: Keeping): Promise<void> {
  await writeRow(ctx, entry, keeping, { settledAt: Date.now() });
}

/** The same of one that came with how it is kept. */
export function writeRecording(ctx: MutationCtx, { entry, ...keeping }: Recording): Promise<void> {
  return writeWhole(ctx, entry, keeping);
}

/** Writes an entry, with when it says its last word, or until when it may run. Nothing is read: no call waits for another. */
export function writeRow(
  ctx: MutationCtx,
  entry: Entry,
  { retentionMs, chain, keep }: Keeping,
  end: { settledAt: number } | { deadline: number },
): Promise<Id<"auditEntries">> {
  return ctx.db.insert("auditEntries", {
    ...entry,
    ...end,
    expiresAt: Date.now() + retentionMs,
    ...(chain === true ? { salt: crypto.randomUUID() } : {}),
    ...(keep === undefined ? {} : { keep }),
  });
}

/** As many rows as one transaction can deal with. */
export async function takeBatch(
  rows: AsyncIterable<Doc<"auditEntries">>,
  most: number = DRAIN_BATCH,
): Promise<{ batch: Doc<"auditEntries">[]; done: boolean }> {
  const batch: Doc<"auditEntries">[] = [];
  let chars = 0;
  for await (const row of rows) {
    if (batch.length >= most || chars >= MAX_CHARS) return { batch, done: false };
    batch.push(row);
    chars += sizeOf(row);
  }
  return { batch, done: true };
}

/** The rows of several queries, one query after the other. */
export async function* inTurn<Row>(queries: readonly AsyncIterable<Row>[]): AsyncGenerator<Row> {
  for (const rows of queries) yield* rows;
}

/** What a row says to readers: the rest is how it is kept. */
export function toEntry(row: Doc<"auditEntries">): Entry {
  const { deadline: _deadline, expiresAt: _expiresAt, settledAt: _settledAt, ...rest } = row;
  const { _id, _creationTime, salt: _salt, keep: _keep, erased: _erased, ...entry } = rest;
  return entry;
}

/** A place in the order in which entries settled. */
export const placeFields = {
  settledAt: v.number(),
  createdAt: v.number(),
  /** What is at the place has been seen. */
  seen: v.boolean(),
};
export type Place = ObjectType<typeof placeFields>;

/** Entries that have settled, from a place on, up to a time. */
export function settledFrom(
  { db }: Pick<QueryCtx, "db">,
  { settledAt, createdAt, seen }: Place,
  until: number,
): AsyncGenerator<Doc<"auditEntries">> {
  return inTurn<Doc<"auditEntries">>([
    db.query("auditEntries").withIndex("by_settledAt", (q) => {
      const range = q.eq("settledAt", settledAt);
      return seen ? range.gt("_creationTime", createdAt) : range.gte("_creationTime", createdAt);
    }),
    db
      .query("auditEntries")
      .withIndex("by_settledAt", (q) => q.gt("settledAt", settledAt).lte("settledAt", until)),
  ]);
}
