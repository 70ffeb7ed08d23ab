import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createWindow, LATENESS_MS } from "./window.ts";

const MAX_ROWS = 8;

interface Row {
  readonly id: string;
  readonly subject: string;
  readonly createdAt: number;
  readonly committedAt: number;
}

/** What the component's query finds at a time: the newest rows that are visible, in the order of `_creationTime`. */
function look(rows: readonly Row[], now: number, since: number) {
  return ["a", "b"].flatMap((subject) => {
    const ids = rows
      .filter((row) => row.subject === subject && row.committedAt <= now && row.createdAt > since)
      .toSorted((one, other) => other.createdAt - one.createdAt)
      .slice(0, MAX_ROWS)
      .map(({ id }) => id);
    return ids.length === 0 ? [] : [{ subject, ids, full: ids.length === MAX_ROWS }];
  });
}

/** What each of the looks says is new. */
function tell(rows: readonly Row[], looks: readonly number[], start = 0) {
  let now = start;
  const window = createWindow(start, () => now);
  return looks.map((at) => {
    now = at;
    return window.fresh(look(rows, at, window.since()));
  });
}

const row = (id: string, createdAt: number, committedAt = createdAt, subject = "a"): Row => ({
  id,
  subject,
  createdAt,
  committedAt,
});

describe("createWindow", () => {
  it("tells each row once", () => {
    const rows = [row("1", 100), row("2", 2_000, 2_000, "b")];
    expect(tell(rows, [1_000, 2_500, 4_000])).toEqual([["a"], ["b"], []]);
  });

  it("tells of a row that commits after a newer one was told", () => {
    const rows = [row("early", 900, 1_500), row("newer", 1_000)];
    expect(tell(rows, [1_200, 2_400, 4_000])).toEqual([["a"], ["a"], []]);
  });

  it("tells of a row that commits as late as one can", () => {
    const rows = [row("late", 10, 10 + LATENESS_MS - 1)];
    const looks = Array.from({ length: 20 }, (_, index) => (index + 1) * 5_000);
    expect(tell(rows, looks).flat()).toEqual(["a"]);
  });

  it("begins with what changed shortly before", () => {
    const before = [row("1", -LATENESS_MS + 1), row("2", -LATENESS_MS - 1, -LATENESS_MS, "b")];
    expect(tell(before, [1_000])).toEqual([["a"]]);
  });

  it("misses nothing while its reader is slow", () => {
    expect(tell([row("1", 70_000)], [1_000, 200_000])).toEqual([[], ["a"]]);
  });

  it("tells with each look of a subject of which a look may not see all", () => {
    const rows = Array.from({ length: MAX_ROWS }, (_, index) => row(`${index}`, 100 + index));
    const late = row("late", 50, 1_500);
    expect(tell([...rows, late], [1_000, 2_000])).toEqual([["a"], ["a"]]);
  });

  it("asks the same for half a minute, so that the platform can answer from its cache", () => {
    let now = 0;
    const window = createWindow(0, () => now);
    const asked = new Set<number>();
    for (; now < 5 * 60_000; now += 5_000) asked.add(window.since());
    expect(asked.size).toBeLessThanOrEqual(10);
  });

  it("tells after each commit, whatever comes before and after it, in the next look", () => {
    const aRow = fc.record({
      createdAt: fc.integer({ min: 0, max: 180_000 }),
      lateness: fc.integer({ min: 0, max: LATENESS_MS - 1 }),
      subject: fc.constantFrom("a", "b"),
    });
    const gaps = fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 30, maxLength: 60 });
    fc.assert(
      fc.property(fc.array(aRow, { maxLength: 60 }), gaps, (given, distances) => {
        const rows = given.map(({ createdAt, lateness, subject }, index) =>
          row(`${index}`, createdAt, createdAt + lateness, subject),
        );
        let at = 0;
        const looks = distances.map((distance) => (at += distance));
        const told = tell(rows, looks);
        for (const { subject, committedAt } of rows) {
          const next = looks.findIndex((time) => time >= committedAt);
          if (next >= 0) expect(told[next]).toContain(subject);
        }
      }),
    );
  });
});
