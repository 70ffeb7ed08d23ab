/** How the cost of one candidate compares to that of another. */
export interface Ratio {
  /** The median over the rounds of the ratio within a round. */
  readonly median: number;
  readonly p10: number;
  readonly p90: number;
  /** The least cost of the one over the least cost of the other, of any round. */
  readonly minMin: number;
}

/** The value below which the share `at` of the values lies, interpolated. @throws RangeError without values. */
export function quantile(values: readonly number[], at: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * at;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) {
    throw new RangeError("quantile: expected at least one value.");
  }
  return below + (above - below) * (place - Math.floor(place));
}

/** The middle value. @throws RangeError without values. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/**
 * The ratio of two series of costs that were taken in the same rounds: what disturbs a round disturbs
 * both, and cancels out.
 *
 * @throws RangeError when the series do not pair.
 */
export function pairedRatio(costs: readonly number[], bases: readonly number[]): Ratio {
  if (costs.length !== bases.length || costs.length === 0) {
    throw new RangeError(
      `pairedRatio: expected as many costs as bases, got ${costs.length} and ${bases.length}.`,
    );
  }
  const ratios = costs.map((cost, round) => cost / (bases[round] ?? Number.NaN));
  return {
    median: median(ratios),
    p10: quantile(ratios, 0.1),
    p90: quantile(ratios, 0.9),
    minMin: Math.min(...costs) / Math.min(...bases),
  };
}
