import type { Doc } from "./_generated/dataModel.js";
import type { QueryCtx } from "./_generated/server.js";
import { type Outcome, vOutcome } from "./shared.ts";
import type { Filter } from "./reading.ts";

type Row = Doc<"auditEntries">;

const OUTCOMES: readonly Outcome[] = vOutcome.members.map(({ value }) => value);

/**
 * Rows that may match a filter, newest first, by the index that reads the fewest others; rows of one creation time come by
 * id, descending. The range of time includes its end, for the sake of the cursor.
 *
 * An index that ends in the outcome serves its first field alone too: the few outcomes are read side by side.
 */
export function newestFirst(
  ctx: QueryCtx,
  filter: Filter,
  before: number | undefined,
): AsyncIterable<Row> {
  const from = filter.from ?? 0;
  const to = Math.min(before ?? Number.MAX_VALUE, filter.to ?? Number.MAX_VALUE);
  return paired(ctx, filter, from, to) ?? single(ctx, filter, from, to);
}

/** The two fields that have an index of their own, if the filter names such two. */
function paired(
  { db }: QueryCtx,
  { session, subject, tool, client }: Filter,
  from: number,
  to: number,
): AsyncIterable<Row> | undefined {
  const entries = db.query("auditEntries");
  if (session !== undefined && tool !== undefined) {
    return entries
      .withIndex("by_session_tool", (q) =>
        q
          .eq("sessionId", session)
          .eq("tool", tool)
          .gte("_creationTime", from)
          .lte("_creationTime", to),
      )
      .order("desc");
  }
  // A session is one user's and one client's: with either it is the session's index that reads the fewest.
  if (session !== undefined) return undefined;
  if (subject !== undefined && tool !== undefined) {
    return entries
      .withIndex("by_subject_tool", (q) =>
        q
          .eq("subject", subject)
          .eq("tool", tool)
          .gte("_creationTime", from)
          .lte("_creationTime", to),
      )
      .order("desc");
  }
  if (subject !== undefined && client !== undefined) {
    return entries
      .withIndex("by_subject_client", (q) =>
        q
          .eq("subject", subject)
          .eq("clientName", client)
          .gte("_creationTime", from)
          .lte("_creationTime", to),
      )
      .order("desc");
  }
  if (tool === undefined || client === undefined) return undefined;
  return entries
    .withIndex("by_tool_client", (q) =>
      q
        .eq("tool", tool)
        .eq("clientName", client)
        .gte("_creationTime", from)
        .lte("_creationTime", to),
    )
    .order("desc");
}

/** One field with or without an outcome, or an outcome alone, or nothing but time. */
function single(ctx: QueryCtx, filter: Filter, from: number, to: number): AsyncIterable<Row> {
  const { session, subject, tool, client } = filter;
  const outcomes = stored(filter.outcome);
  const field =
    session !== undefined
      ? (["by_session_outcome", "sessionId", session] as const)
      : subject !== undefined
        ? (["by_subject_outcome", "subject", subject] as const)
        : tool !== undefined
          ? (["by_tool_outcome", "tool", tool] as const)
          : client !== undefined
            ? (["by_client_outcome", "clientName", client] as const)
            : undefined;
  if (field === undefined && filter.outcome === undefined) {
    return ctx.db
      .query("auditEntries")
      .withIndex("by_creation_time", (q) => q.gte("_creationTime", from).lte("_creationTime", to))
      .order("desc");
  }
  return merged(outcomes.map((outcome) => withOutcome(ctx, field, outcome, from, to)));
}

type Field = readonly [
  index: "by_session_outcome" | "by_subject_outcome" | "by_tool_outcome" | "by_client_outcome",
  name: "sessionId" | "subject" | "tool" | "clientName",
  value: string,
];

function withOutcome(
  { db }: QueryCtx,
  field: Field | undefined,
  outcome: Outcome,
  from: number,
  to: number,
): AsyncIterable<Row> {
  const entries = db.query("auditEntries");
  if (field === undefined) {
    return entries
      .withIndex("by_outcome", (q) =>
        q.eq("outcome", outcome).gte("_creationTime", from).lte("_creationTime", to),
      )
      .order("desc");
  }
  const [index, name, value] = field;
  return (
    entries
      // The four indexes are alike but for the name of their first field.
      .withIndex(index as "by_subject_outcome", (q) =>
        q
          .eq(name as "subject", value)
          .eq("outcome", outcome)
          .gte("_creationTime", from)
          .lte("_creationTime", to),
      )
      .order("desc")
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
