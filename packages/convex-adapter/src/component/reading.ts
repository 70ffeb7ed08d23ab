import { v } from "convex/values";
import type { Doc } from "./_generated/dataModel.js";
import { query, type QueryCtx } from "./_generated/server.js";
import { MAX_CHARS, type Outcome, sizeOf, vEntry, vOutcome } from "./shared.ts";

/** Documents read for one page at most: filters that an index does not serve scan, and then the page ends early with a cursor. */
const MAX_SCAN = 1_000;
const MAX_PAGE = 200;

const vFilter = {
  tool: v.optional(v.string()),
  subject: v.optional(v.string()),
  issuer: v.optional(v.string()),
  outcome: v.optional(vOutcome),
  /** Milliseconds since the epoch, inclusive. */
  from: v.optional(v.number()),
  /** Milliseconds since the epoch, exclusive. */
  to: v.optional(v.number()),
};
interface Filter {
  tool?: string;
  subject?: string;
  issuer?: string;
  outcome?: Outcome;
  from?: number;
  to?: number;
}

/** The last row of a page. */
interface Cursor {
  readonly at: number;
  readonly id: string;
}

/** Newest first. An empty page with a cursor means: nothing found yet, read on. */
export const list = query({
  args: { ...vFilter, cursor: v.optional(v.string()), limit: v.number() },
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
    let last: Doc<"auditEntries"> | undefined;
    for await (const row of rows(ctx, filter, after?.at)) {
      if (isBefore(row, after) || row._creationTime >= (filter.to ?? Infinity)) continue;
      if (entries.length === size || scanned === MAX_SCAN || chars >= MAX_CHARS) {
        return { entries, cursor: last === undefined ? null : toCursor(last) };
      }
      scanned += 1;
      chars += sizeOf(row);
      last = row;
      const entry = toEntry(row, now);
      if (matches(entry, filter)) entries.push({ id: row._id, at: row._creationTime, entry });
    }
    return { entries, cursor: null };
  },
});

function pageSize(limit: number): number {
  return limit >= 1 ? Math.min(Math.floor(limit), MAX_PAGE) : 1;
}

/** Whether a row of the cursor's own time was on an earlier page. */
function isBefore(row: Doc<"auditEntries">, after: Cursor | undefined): boolean {
  return after !== undefined && row._creationTime === after.at && row._id >= after.id;
}

/** The most selective index that the filter allows, within its time range, whose end is included for the sake of the cursor. Rows of one creation time come by id, descending. */
function rows(ctx: QueryCtx, filter: Filter, before: number | undefined) {
  const from = filter.from ?? 0;
  const to = Math.min(before ?? Number.MAX_VALUE, filter.to ?? Number.MAX_VALUE);
  const table = ctx.db.query("auditEntries");
  const { subject, tool, outcome } = filter;
  if (subject !== undefined) {
    return table
      .withIndex("by_subject", (q) =>
        q.eq("subject", subject).gte("_creationTime", from).lte("_creationTime", to),
      )
      .order("desc");
  }
  if (tool !== undefined) {
    return table
      .withIndex("by_tool", (q) =>
        q.eq("tool", tool).gte("_creationTime", from).lte("_creationTime", to),
      )
      .order("desc");
  }
  // A running entry reads "lost" from its deadline on, before the cron has written so: no index has that.
  if (outcome !== undefined && outcome !== "lost" && outcome !== "running") {
    return table
      .withIndex("by_outcome", (q) =>
        q.eq("outcome", outcome).gte("_creationTime", from).lte("_creationTime", to),
      )
      .order("desc");
  }
  return table
    .withIndex("by_creation_time", (q) => q.gte("_creationTime", from).lte("_creationTime", to))
    .order("desc");
}

function matches(
  entry: { tool: string; subject?: string; issuer?: string; outcome: Outcome },
  { tool, subject, issuer, outcome }: Filter,
): boolean {
  return (
    (tool === undefined || entry.tool === tool) &&
    (subject === undefined || entry.subject === subject) &&
    (issuer === undefined || entry.issuer === issuer) &&
    (outcome === undefined || entry.outcome === outcome)
  );
}

function toEntry(row: Doc<"auditEntries">, now: number) {
  const { _id, _creationTime, deadline, expiresAt: _, ...entry } = row;
  const lost = entry.outcome === "running" && deadline !== undefined && deadline <= now;
  return lost ? { ...entry, outcome: "lost" as const } : entry;
}

function toCursor(row: Doc<"auditEntries">): string {
  return `${row._creationTime}:${row._id}`;
}

function parseCursor(cursor: string): Cursor {
  const [at = "", id = ""] = cursor.split(":", 2);
  const time = Number(at);
  if (at === "" || id === "" || !Number.isFinite(time)) {
    throw new Error(
      `Expected a cursor that listAuditEntries returned, got ${JSON.stringify(cursor.slice(0, 64))}.`,
    );
  }
  return { at: time, id };
}
