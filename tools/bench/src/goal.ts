import type { Ratio } from "./stats.ts";

/** A promise about a ratio, and what was measured. */
export interface Goal {
  /** Its number in the list of goals; several promises may share one. */
  readonly number: number;
  /** What is promised, without the limit: `"tools/call, in a session, over the lower bound"`. */
  readonly promise: string;
  readonly limit: number;
  readonly bound: "atMost" | "atLeast";
  readonly measured: Ratio;
  /** Where the worst was measured, when the promise holds for many cells. */
  readonly where?: string;
}

/**
 * `missed`: the median misses. `failed`: so do the median and the ratio of the minima, both by more than
 * a quarter; noise alone does not do that, and a gate may stop on it.
 */
export type Verdict = "met" | "missed" | "failed";

const TOLERANCE = 1.25;

/** How a goal fared. */
export function judge({ limit, bound, measured: { median, minMin } }: Goal): Verdict {
  const misses = (value: number, by: number) =>
    bound === "atMost" ? value > limit * by : value < limit / by;
  if (misses(median, TOLERANCE) && misses(minMin, TOLERANCE)) return "failed";
  return misses(median, 1) ? "missed" : "met";
}

/** The goal of many cells: the one that fared worst. @throws RangeError without any. */
export function worst(goals: readonly Goal[]): Goal {
  const [first, ...others] = goals;
  if (first === undefined) throw new RangeError("worst: expected at least one goal.");
  return others.reduce((found, goal) => (isWorse(goal, found) ? goal : found), first);
}

const SEVERITY: Readonly<Record<Verdict, number>> = { met: 0, missed: 1, failed: 2 };

function isWorse(goal: Goal, than: Goal): boolean {
  const severity = SEVERITY[judge(goal)] - SEVERITY[judge(than)];
  return severity === 0 ? excess(goal) > excess(than) : severity > 0;
}

function excess({ limit, bound, measured: { median } }: Goal): number {
  return bound === "atMost" ? median / limit : limit / median;
}
