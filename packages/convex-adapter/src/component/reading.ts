import { v } from "convex/values";
import type { Doc } from "./_generated/dataModel.js";
import { query } from "./_generated/server.js";
import { toEntry } from "./entries.ts";
import { type Filter, newestFirst, vFilter } from "./search.ts";
import { MAX_CHARS, mistake, type Outcome, sizeOf, vEntry } from "./shared.ts";

/** Documents read for one page at most: what no index serves is looked through, and then the page ends early with a cursor. */
const MAX_SCAN = 1_000;
const MAX_PAGE = 200;

type Row = Doc<"auditEntries">;

/** The last row of a page. */
interface Cursor {
  readonly at: number;
  readonly id: string;
}

/** Newest first. An empty page with a cursor means: nothing found yet, read on. */
export const list = query({
  args: { ...vFilter.fields, cursor: v.optional(v.string()), limit: v.number() },
  returns: v.object({
    entries: v.array(v.object({ id: v.string(), at: v.number(), entry: vEntry })),
    cursor: v.union(v.null(), v.string()),
  }),
  handler: async (ctx, { cursor, limit, ...filter }) => {
    const size = pageSize(limit);
    const after = cursor === undefined ? undefined : parseCursor(cursor);
    const now = Date.now();
    const entries = [];
    let scanned = 0;
    let chars = 0;
    let last: Row | undefined;
    for await (const row of newestFirst(ctx, filter, after?.at)) {
      if (isBefore(row, after) || row._creationTime >= (filter.to ?? Infinity)) continue;
      if (entries.length === size || scanned === MAX_SCAN || chars >= MAX_CHARS) {
        return { entries, cursor: last === undefined ? null : toCursor(last) };
      }
      scanned += 1;
      chars += sizeOf(row);
      last = row;
      const entry = { ...toEntry(row), outcome: outcomeAt(row, now) };
      if (matches(entry, filter)) entries.push({ id: row._id, at: row._creationTime, entry });
    }
    return { entries, cursor: null };
  },
});

function pageSize(limit: number): number {
  return limit >= 1 ? Math.min(Math.floor(limit), MAX_PAGE) : 1;
}

/** Whether a row of the cursor's own time was on an earlier page. */
function isBefore(row: Row, after: Cursor | undefined): boolean {
  return after !== undefined && row._creationTime === after.at && row._id >= after.id;
}

function matches(entry: ReturnType<typeof toEntry>, filter: Filter): boolean {
  const { kind, tool, subject, issuer, client, session, outcome } = filter;
  const pairs: readonly [unknown, unknown][] = [
    [kind, entry.kind],
    [tool, entry.tool],
    [subject, entry.subject],
    [issuer, entry.issuer],
    [client, entry.clientName],
    [session, entry.sessionId],
    [outcome, entry.outcome],
  ];
  return pairs.every(([wanted, has]) => wanted === undefined || wanted === has);
}

/** A running entry reads "lost" from its deadline on, before the cron has written so. */
function outcomeAt({ outcome, deadline }: Row, now: number): Outcome {
  return outcome === "running" && deadline !== undefined && deadline <= now ? "lost" : outcome;
}

function toCursor(row: Row): string {
  return `${row._creationTime}:${row._id}`;
}

function parseCursor(cursor: string): Cursor {
  const [at = "", id = ""] = cursor.split(":", 2);
  const time = Number(at);
  if (at === "" || id === "" || !Number.isFinite(time)) {
    throw mistake(
      `Expected a cursor that listAuditEntries returned, got ${JSON.stringify(cursor.slice(0, 64))}.`,
    );
  }
  return { at: time, id };
}
