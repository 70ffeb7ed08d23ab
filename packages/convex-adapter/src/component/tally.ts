import { type Infer, v } from "convex/values";
import { vKind } from "./shared.ts";

/**
 * Latencies are counted in buckets that grow by a fifth each: a percentile is off by a tenth at most. Bucket `n` has
 * what took more than 1.2^(n-1) and at most 1.2^n milliseconds, bucket 0 up to 1; half an hour is bucket 79.
 */
const GROWTH = 1.2;
const LAST_BUCKET = 100;

/** What was called of one kind and name on one day. */
export const statisticFields = {
  /** Days since 1970 (UTC). */
  day: v.number(),
  kind: vKind,
  /** Of the tool, or of what else was called. Empty for what there is not. */
  name: v.string(),
  /** Calls by outcome. */
  outcomes: v.record(v.string(), v.number()),
  /** How many calls took how long, by bucket. */
  buckets: v.record(v.string(), v.number()),
  /** Calls whose duration is known, the sum of their durations and the longest, in milliseconds. */
  timed: v.number(),
  totalMs: v.number(),
  maxMs: v.number(),
  expiresAt: v.number(),
};
export const vStatistic = v.object(statisticFields);
export type Tally = Pick<
  Infer<typeof vStatistic>,
  "outcomes" | "buckets" | "timed" | "totalMs" | "maxMs"
>;

/** What nothing was counted into. */
export function emptyTally(): Tally {
  return { outcomes: {}, buckets: {}, timed: 0, totalMs: 0, maxMs: 0 };
}

/** With one entry more. */
export function count(
  tally: Tally,
  entry: { outcome: string; durationMs?: number; count?: number },
): Tally {
  const { outcome, durationMs, count: calls = 1 } = entry;
  const outcomes = added(tally.outcomes, { [outcome]: calls });
  if (durationMs === undefined || !Number.isFinite(durationMs)) return { ...tally, outcomes };
  const ms = Math.max(0, durationMs);
  return {
    outcomes,
    buckets: added(tally.buckets, { [bucketOf(ms)]: 1 }),
    timed: tally.timed + 1,
    totalMs: tally.totalMs + ms,
    maxMs: Math.max(tally.maxMs, ms),
  };
}

/** Of two together. */
export function merge(one: Tally, other: Tally): Tally {
  return {
    outcomes: added(one.outcomes, other.outcomes),
    buckets: added(one.buckets, other.buckets),
    timed: one.timed + other.timed,
    totalMs: one.totalMs + other.totalMs,
    maxMs: Math.max(one.maxMs, other.maxMs),
  };
}

/** The latency that a part of the calls stay within, or `undefined` when none is known. */
export function percentile({ buckets, timed, maxMs }: Tally, part: number): number | undefined {
  if (timed === 0) return undefined;
  const wanted = Math.max(1, Math.ceil(timed * part));
  const inOrder = Object.entries(buckets)
    .map(([bucket, calls]) => [Number(bucket), calls] as const)
    .toSorted(([one], [other]) => one - other);
  let seen = 0;
  for (const [bucket, calls] of inOrder) {
    seen += calls;
    if (seen >= wanted) return Math.min(middleOf(bucket), maxMs);
  }
  return maxMs;
}

function bucketOf(ms: number): number {
  return ms <= 1 ? 0 : Math.min(LAST_BUCKET, Math.ceil(Math.log(ms) / Math.log(GROWTH)));
}

/** Equally far, as a ratio, from both ends. */
function middleOf(bucket: number): number {
  return bucket === 0 ? 1 : GROWTH ** (bucket - 0.5);
}

function added(one: Record<string, number>, other: Record<string, number>): Record<string, number> {
  const sum = { ...one };
  for (const [key, number] of Object.entries(other)) sum[key] = (sum[key] ?? 0) + number;
  return sum;
}
