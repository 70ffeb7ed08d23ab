import { describe, expect, it } from "vitest";
import { median, pairedRatio, quantile } from "./stats.ts";

describe("quantile", () => {
  it("interpolates between the values around the place", () => {
    expect(quantile([4, 1, 3, 2], 0)).toBe(1);
    expect(quantile([4, 1, 3, 2], 1)).toBe(4);
    expect(quantile([0, 10], 0.1)).toBeCloseTo(1);
  });

  it("leaves the values in their order", () => {
    const values = [3, 1, 2];
    expect(median(values)).toBe(2);
    expect(values).toEqual([3, 1, 2]);
  });

  it("takes the mean of the two in the middle", () => {
    expect(median([1, 2, 30, 40])).toBe(16);
  });

  it("has nothing to say of nothing", () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe("pairedRatio", () => {
  it("pairs within the round, so that a slow round does not count", () => {
    const bases = [1, 10, 2, 1, 3];
    const costs = bases.map((base) => base * 2);
    expect(pairedRatio(costs, bases)).toEqual({ median: 2, p10: 2, p90: 2, minMin: 2 });
  });

  it("is the median of the ratios, not the ratio of the medians", () => {
    expect(pairedRatio([10, 2, 3], [1, 2, 30]).median).toBe(1);
  });

  it("compares the least costs of any round", () => {
    expect(pairedRatio([6, 3, 9], [3, 4, 2]).minMin).toBe(1.5);
  });

  it("refuses series that do not pair", () => {
    expect(() => pairedRatio([1, 2], [1])).toThrow(/2 and 1/);
    expect(() => pairedRatio([], [])).toThrow(RangeError);
  });
});
