import { describe, expect, it } from "vitest";
import { type Goal, judge, worst } from "./goal.ts";

function goal(bound: Goal["bound"], median: number, minMin: number, where = "here"): Goal {
  const measured = { median, minMin, p10: median, p90: median };
  return { number: 1, promise: "x", limit: 2, bound, measured, where };
}

describe("judge", () => {
  it.each([
    ["atMost", 2, 9, "met"],
    ["atMost", 2.01, 2.01, "missed"],
    ["atMost", 9, 2.5, "missed"],
    ["atMost", 2.5, 9, "missed"],
    ["atMost", 2.51, 2.51, "failed"],
    ["atLeast", 2, 0, "met"],
    ["atLeast", 1.99, 1.99, "missed"],
    ["atLeast", 0.1, 1.6, "missed"],
    ["atLeast", 1.6, 0.1, "missed"],
    ["atLeast", 1.59, 1.59, "failed"],
  ] as const)("%s 2: median %d and minima %d are %s", (bound, median, minMin, verdict) => {
    expect(judge(goal(bound, median, minMin))).toBe(verdict);
  });
});

describe("worst", () => {
  it("is the cell farthest beyond the limit", () => {
    const cells = [goal("atMost", 1, 1, "a"), goal("atMost", 1.9, 1.9, "b")];
    expect(worst(cells).where).toBe("b");
    expect(worst([goal("atLeast", 3, 3, "a"), goal("atLeast", 5, 5, "b")]).where).toBe("a");
  });

  it("prefers a failure over a larger miss that the minima excuse", () => {
    const cells = [goal("atMost", 3, 3, "failed"), goal("atMost", 4, 1, "excused")];
    expect(worst(cells).where).toBe("failed");
    expect(worst(cells.toReversed()).where).toBe("failed");
  });

  it("needs a cell", () => {
    expect(() => worst([])).toThrow(RangeError);
  });
});
