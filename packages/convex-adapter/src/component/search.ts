import { v } from "convex/values";
import type { Doc } from "./_generated/dataModel.js";
import type { QueryCtx } from "./_generated/server.js";
import { mistake, type Outcome, vKind, vOutcome } from "./shared.ts";

type Row = Doc<"auditEntries">;

/** All that are given must hold. Any one of them but the issuer, which is refused alone, or two, are served by an index, a range of time in addition. */
export const vFilter = v.object({
  subject: v.optional(v.string()),
  issuer: v.optional(v.string()),
  kind: v.optional(vKind),
  tool: v.optional(v.string()),
  client: v.optional(v.string()),
  session: v.optional(v.string()),
  outcome: v.optional(vOutcome),
  /** Milliseconds since the epoch, inclusive. */
  from: v.optional(v.number()),
  /** Milliseconds since the epoch, exclusive. */
  to: v.optional(v.number()),
});
export type Filter = typeof vFilter.type;

const OUTCOMES = vOutcome.members.map(({ value }) => value);
const KINDS = vKind.members.map(({ value }) => value);

/** What a filter names, as entries name it: first what the fewest entries share. */
const FIELDS = {
  session: "sessionId",
  subject: "subject",
  tool: "tool",
  client: "clientName",
  kind: "kind",
} as const;
type Field = keyof typeof FIELDS;
const ORDER = Object.keys(FIELDS) as readonly Field[];

/**
 * Which two have an index of their own. A session is one user's and one client's: with either it is the session's index
 * that reads the fewest.
 */
const PAIRS = [
  ["session", "tool"],
  ["session", "kind"],
  ["subject", "tool"],
  ["subject", "client"],
  ["subject", "kind"],
  ["tool", "client"],
  ["tool", "kind"],
  ["client", "kind"],
] as const satisfies readonly (readonly [Field, Field])[];

/** A field of an entry and its value, in an index of two. */
type Value = readonly [name: string, value: string];
type Range = readonly [index: string, one: Value, other: Value];

const ISSUER_ALONE =
  "Expected `issuer` beside `subject`, or another filter, got it alone: no index serves it.";

/**
 * Rows that may match a filter, newest first, by the index that reads the fewest others; rows of one creation time come by
 * id, descending. The range of time includes its end, for the sake of the cursor.
 *
 * @throws ConvexError for an issuer alone, which would be looked for in the whole log.
 */
export function newestFirst(
  { db }: QueryCtx,
  filter: Filter,
  before: number | undefined,
): AsyncIterable<Row> {
  const from = filter.from ?? 0;
  const to = Math.min(before ?? Number.MAX_VALUE, filter.to ?? Number.MAX_VALUE);
  const ranges = rangesOf(filter);
  if (ranges === undefined) {
    if (filter.issuer !== undefined) throw mistake(ISSUER_ALONE);
    return db
      .query("auditEntries")
      .withIndex("by_creation_time", (q) => q.gte("_creationTime", from).lte("_creationTime", to))
      .order("desc");
  }
  return merged(
    ranges.map(([index, one, other]) =>
      db
        .query("auditEntries")
        // The indexes are alike but for the names of their two fields.
        .withIndex(index as "by_subject_tool", (q) =>
          q
            .eq(one[0] as "subject", one[1])
            .eq(other[0] as "tool", other[1])
            .gte("_creationTime", from)
            .lte("_creationTime", to),
        )
        .order("desc"),
    ),
  );
}

/**
 * The ranges that have what a filter wants; `undefined` where it names nothing but a time. An index that ends in the outcome
 * serves its first field alone too: the few outcomes are read side by side, and for an outcome alone the few kinds.
 */
function rangesOf(filter: Filter): readonly Range[] | undefined {
  const isGiven = (field: Field) => filter[field] !== undefined;
  const value = (field: Field): Value => [FIELDS[field], filter[field] ?? ""];
  const pair = PAIRS.find(
    ([one, other]) => isGiven(one) && isGiven(other) && (one === "session" || !isGiven("session")),
  );
  if (pair !== undefined) {
    const [one, other] = pair;
    return [[`by_${one}_${other}`, value(one), value(other)]];
  }
  const field = ORDER.find(isGiven);
  if (field === undefined && filter.outcome === undefined) return undefined;
  const firsts = field === undefined ? KINDS.map((kind): Value => ["kind", kind]) : [value(field)];
  return firsts.flatMap((first) =>
    stored(filter.outcome).map((outcome): Range => [
      `by_${field ?? "kind"}_outcome`,
      first,
      ["outcome", outcome],
    ]),
  );
}

/** What is stored of what reads so: a running entry reads "lost" once its deadline has passed. */
function stored(outcome: Outcome | undefined): readonly Outcome[] {
  if (outcome === undefined) return OUTCOMES;
  return outcome === "lost" ? ["lost", "running"] : [outcome];
}

/** The rows of several queries that are each newest first, as one. Of each one row is read ahead. */
async function* merged(queries: readonly AsyncIterable<Row>[]): AsyncGenerator<Row> {
  const iterators = queries.map((rows) => rows[Symbol.asyncIterator]());
  const heads = await Promise.all(iterators.map(nextOf));
  for (;;) {
    let newest = -1;
    for (const [index, row] of heads.entries()) {
      if (row !== undefined && (newest < 0 || isNewer(row, heads[newest]))) newest = index;
    }
    const row = heads[newest];
    const iterator = iterators[newest];
    if (row === undefined || iterator === undefined) return;
    yield row;
    heads[newest] = await nextOf(iterator);
  }
}

async function nextOf(iterator: AsyncIterator<Row>): Promise<Row | undefined> {
  const { done, value } = await iterator.next();
  return done === true ? undefined : value;
}

function isNewer(row: Row, than: Row | undefined): boolean {
  if (than === undefined) return true;
  if (row._creationTime !== than._creationTime) return row._creationTime > than._creationTime;
  return row._id > than._id;
}
