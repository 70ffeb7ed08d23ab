import type { Limited, Rate } from "./store.ts";

/** What is left of a rate, and when that was so. */
export interface Bucket {
  readonly left: number;
  readonly at: number;
  readonly perHour: number;
}

const HOUR = 60 * 60_000;

/** Counts one use of each rate; where one is used up, of none. Buckets that are full again are dropped. */
export function takeOne(
  buckets: Map<string, Bucket>,
  rates: readonly Rate[],
  now: number,
): Limited | undefined {
  for (const [key, bucket] of buckets) {
    if (leftAt(bucket, now) === bucket.perHour) buckets.delete(key);
  }
  const after = rates.map(({ key, perHour }) => {
    const bucket = buckets.get(key) ?? { left: perHour, at: now, perHour };
    return { key, bucket: { left: leftAt(bucket, now) - 1, at: now, perHour } };
  });
  const waits = after.map(({ bucket: { left, perHour } }) => (-left * HOUR) / perHour);
  const retryAfterMs = Math.max(0, ...waits);
  if (retryAfterMs > 0) return { kind: "limited", retryAfterMs };
  for (const { key, bucket } of after) buckets.set(key, bucket);
  return undefined;
}

function leftAt({ left, at, perHour }: Bucket, now: number): number {
  return Math.min(perHour, left + ((now - at) / HOUR) * perHour);
}
