import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextRun, type Schedule } from "./schedule.ts";

const NOW = Date.UTC(2026, 1, 28, 10, 20, 30);
const next = (schedule: Schedule) => new Date(nextRun(schedule, null, NOW)).toISOString();

describe("nextRun", () => {
  it("starts an interval with the deployment, and does not catch up on missed runs", () => {
    const schedule: Schedule = { type: "interval", minutes: 10 };
    expect(nextRun(schedule, null, NOW)).toBe(NOW);
    expect(nextRun(schedule, NOW, NOW)).toBe(NOW + 600_000);
    expect(nextRun(schedule, NOW, NOW + 3_601_000)).toBe(NOW + 4_200_000);
  });

  it.each<[Schedule, string]>([
    [{ type: "hourly", minuteUTC: 20 }, "2026-02-28T11:20:00.000Z"],
    [{ type: "hourly" }, "2026-02-28T11:00:00.000Z"],
    [{ type: "daily", hourUTC: 10, minuteUTC: 21 }, "2026-02-28T10:21:00.000Z"],
    [{ type: "daily", hourUTC: 9 }, "2026-03-01T09:00:00.000Z"],
    [{ type: "weekly", dayOfWeek: "monday", hourUTC: 8 }, "2026-03-02T08:00:00.000Z"],
    [{ type: "monthly", day: 31, hourUTC: 0 }, "2026-03-31T00:00:00.000Z"],
    [{ type: "cron", cron: "*/15 * * * *" }, "2026-02-28T10:30:00.000Z"],
    [{ type: "cron", cron: "5,10 3-4 1 1 *" }, "2027-01-01T03:05:00.000Z"],
    [{ type: "cron", cron: "0 0 29 2 *" }, "2028-02-29T00:00:00.000Z"],
    // Either day field is enough when both are restricted: a Sunday comes before the 15th.
    [{ type: "cron", cron: "0 0 15 * 0" }, "2026-03-01T00:00:00.000Z"],
  ])("finds the next time of %j", (schedule, expected) => {
    expect(next(schedule)).toBe(expected);
  });

  it.each(["* * * *", "60 * * * *", "* * 0 * *", "5-1 * * * *", "*/0 * * * *", "0 0 * JAN *", "x"])(
    "refuses the cron line %j",
    (cron) => {
      expect(() => next({ type: "cron", cron })).toThrow(/^Expected /);
    },
  );

  it("refuses a line that names no day of any year", () => {
    expect(() => next({ type: "cron", cron: "0 0 31 2 *" })).toThrow(/names no time/);
  });

  it("always names a later whole minute", () => {
    const field = (low: number, high: number) =>
      fc.oneof(fc.constant("*"), fc.integer({ min: low, max: high }).map(String));
    fc.assert(
      fc.property(field(0, 59), field(0, 23), field(0, 6), fc.nat(2 ** 40), (m, h, d, now) => {
        const due = nextRun({ type: "cron", cron: `${m} ${h} * * ${d}` }, null, now);
        expect(due).toBeGreaterThan(now);
        expect(due % 60_000).toBe(0);
      }),
      { numRuns: 50 },
    );
  });
});
