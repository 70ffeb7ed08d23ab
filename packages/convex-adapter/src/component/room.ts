import { type Infer, v } from "convex/values";
import type { MutationCtx } from "./_generated/server.js";
import { exceededBy } from "./limits.ts";
import { DRAIN_BATCH, MAX_CHARS } from "./shared.ts";

const HOUR = 60 * 60_000;

/** How many rows of one owner, and of all, a table of the bridge may have, and the caller's clock. */
export const vRoom = v.object({ perOwner: v.number(), total: v.number(), now: v.number() });

/** How often something may happen in an hour. */
export const vRate = v.object({ key: v.string(), perHour: v.number() });

/** Counts one of each rate. Where one is used up: none, and how long to wait. */
export async function waitFor(
  ctx: MutationCtx,
  rates: readonly Infer<typeof vRate>[],
): Promise<number | undefined> {
  const uses = rates.map(({ key, perHour }) => ({
    name: "bridge registrations",
    key,
    kind: "token bucket" as const,
    rate: perHour,
    periodMs: HOUR,
    burst: perHour,
  }));
  const used = await exceededBy(ctx, { uses });
  return used && Math.max(...used.exceeded.map(({ retryAfterMs }) => retryAfterMs));
}

/** How many of a table's rows say how many there are: few enough to read, and good for a tenth more or less. */
const SAMPLES = 128;

/** A row that may be evicted. */
interface Row {
  readonly _id: string;
  readonly data: string;
}

/**
 * Whether a new row is one that the others are counted by. Of a table that may hold `total` rows the last `SAMPLES` such
 * rows reach back about `total` rows: nobody keeps a count, which every insert would have to write.
 */
export function isSample(total: number): boolean {
  return Math.random() * total < SAMPLES;
}

/** What of an owner's other rows a new one displaces; they come newest first. */
export async function displaced<R extends Row>(
  theirs: { take(count: number): Promise<R[]> },
  { perOwner, total }: { readonly perOwner: number; readonly total: number },
): Promise<R[]> {
  // Callers without an address share one owner, whose limit is the total.
  if (perOwner >= total) return [];
  return (await theirs.take(perOwner - 1 + DRAIN_BATCH)).slice(perOwner - 1);
}

/**
 * What of all rows a new sample displaces: those up to the first sample that is one too many. In batches; what is left is for
 * the next sample.
 *
 * @param samples - the others, newest first.
 * @param all - every row, oldest first.
 */
export async function overflow<R extends Row>(
  samples: { take(count: number): Promise<R[]> },
  all: AsyncIterable<R>,
  total: number,
): Promise<R[]> {
  const kept = Math.min(SAMPLES, total) - 1;
  const last = (await samples.take(kept + 1))[kept];
  const rows: R[] = [];
  let chars = 0;
  if (last === undefined) return rows;
  for await (const row of all) {
    rows.push(row);
    chars += row.data.length;
    if (row._id === last._id || rows.length === DRAIN_BATCH || chars >= MAX_CHARS) break;
  }
  return rows;
}
