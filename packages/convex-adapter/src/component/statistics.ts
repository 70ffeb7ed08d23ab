import { type Infer, v } from "convex/values";
import type { Doc } from "./_generated/dataModel.js";
import { type MutationCtx, query, type QueryCtx } from "./_generated/server.js";
import { mistake } from "./shared.ts";
import { count, emptyTally, merge, percentile, type Tally } from "./tally.ts";

const DAY = 24 * 60 * 60_000;
/** Counts outlive their entries, and say nothing of persons. */
const KEPT_DAYS = 400;
/** As many rows as one answer is made of. */
const MAX_ROWS = 4_000;

type Row = Doc<"auditEntries">;
type Key = Pick<Doc<"auditStatistics">, "day" | "kind" | "name">;

/** Counts entries, each once: called by the sealer in the transaction that seals them. */
export async function fold(ctx: MutationCtx, entries: readonly Row[]): Promise<void> {
  const groups = new Map<string, { key: Key; tally: Tally }>();
  for (const entry of entries) {
    const key = keyOf(entry);
    const id = JSON.stringify(key);
    const { tally } = groups.get(id) ?? { tally: emptyTally() };
    groups.set(id, { key, tally: count(tally, entry) });
  }
  for (const { key, tally } of groups.values()) {
    const { day, kind, name } = key;
    const row = await ctx.db
      .query("auditStatistics")
      .withIndex("by_day", (q) => q.eq("day", day).eq("kind", kind).eq("name", name))
      .unique();
    const expiresAt = (day + KEPT_DAYS) * DAY;
    if (row === null) await ctx.db.insert("auditStatistics", { ...key, ...tally, expiresAt });
    else await ctx.db.patch(row._id, merge(row, tally));
  }
}

/** Why a call is denied of a name that there may not be. An app's errors may have the same codes. */
const UNKNOWN: ReadonlySet<string | undefined> = new Set(["NotFound", "SessionNotFound"]);

/** Names that there are not are whatever a client wrote: all of them are one. Of tasks it is the step that is counted. */
function keyOf({ kind, tool, name, outcome, errorCode, _creationTime }: Row): Key {
  const called = kind === "task" ? name : (tool ?? name);
  const isUnknown = outcome === "denied" && UNKNOWN.has(errorCode);
  const known = isUnknown ? "" : (called ?? "");
  return { day: Math.floor(_creationTime / DAY), kind, name: known };
}

const latencyFields = {
  /** Milliseconds; absent where no duration is known. */
  p50: v.optional(v.number()),
  p90: v.optional(v.number()),
  p99: v.optional(v.number()),
  max: v.optional(v.number()),
  mean: v.optional(v.number()),
};
const countFields = {
  kind: v.string(),
  name: v.string(),
  calls: v.number(),
  outcomes: v.record(v.string(), v.number()),
  latency: v.object(latencyFields),
};
const vCounts = v.object(countFields);

/** What was called from one day to another, both included: of each day, and together. */
export const read = query({
  args: { fromDay: v.number(), toDay: v.number(), tool: v.optional(v.string()) },
  returns: v.object({
    days: v.array(v.object({ day: v.number(), ...countFields })),
    totals: v.array(vCounts),
  }),
  handler: async (ctx, { fromDay, toDay, tool }) => {
    const rows = await statisticRows(ctx, fromDay, toDay, tool).take(MAX_ROWS + 1);
    if (rows.length > MAX_ROWS) {
      throw mistake(`auditStatistics: expected at most ${MAX_ROWS} rows; ask for fewer days.`);
    }
    const totals = new Map<string, { kind: string; name: string; tally: Tally }>();
    for (const row of rows) {
      const { kind, name } = row;
      const id = JSON.stringify([kind, name]);
      const before = totals.get(id)?.tally ?? emptyTally();
      totals.set(id, { kind, name, tally: merge(before, row) });
    }
    return {
      days: rows.map((row) => ({ day: row.day, ...shown(row.kind, row.name, row) })),
      totals: [...totals.values()].map(({ kind, name, tally }) => shown(kind, name, tally)),
    };
  },
});

function statisticRows({ db }: QueryCtx, from: number, to: number, tool: string | undefined) {
  const table = db.query("auditStatistics");
  return tool === undefined
    ? table.withIndex("by_day", (q) => q.gte("day", from).lte("day", to))
    : table.withIndex("by_name", (q) =>
        q.eq("kind", "tool").eq("name", tool).gte("day", from).lte("day", to),
      );
}

function shown(kind: string, name: string, tally: Tally): Infer<typeof vCounts> {
  const { outcomes, timed, totalMs, maxMs } = tally;
  const part = (key: string, value: number | undefined) =>
    value === undefined ? {} : { [key]: value };
  return {
    kind,
    name,
    calls: Object.values(outcomes).reduce((sum, calls) => sum + calls, 0),
    outcomes,
    latency: {
      ...part("p50", percentile(tally, 0.5)),
      ...part("p90", percentile(tally, 0.9)),
      ...part("p99", percentile(tally, 0.99)),
      ...(timed === 0 ? {} : { max: maxMs, mean: totalMs / timed }),
    },
  };
}
