import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { api, internal } from "../src/component/_generated/api.js";
import { count, emptyTally, merge, percentile, type Tally } from "../src/component/tally.ts";
import { type Component, component, rows } from "./support/component.ts";
import { DAY, exported, MINUTE, ofAnn, seal, settle, write } from "./support/log.ts";

const START = Date.UTC(2026, 0, 1);
const TODAY = START / DAY;

let t: Component;
beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(START);
  t = component();
});
afterEach(() => vi.useRealTimers());

const read = (changes = {}) =>
  t.query(api.statistics.read, { fromDay: TODAY, toDay: TODAY + 10, ...changes });

describe("a tally", () => {
  const tallyOf = (durations: readonly number[]): Tally =>
    durations.reduce(
      (tally, durationMs) => count(tally, { outcome: "ok", durationMs }),
      emptyTally(),
    );

  it("has percentiles that are off by a tenth at most", () => {
    const durations = fc.array(fc.double({ min: 1, max: 1_800_000, noNaN: true }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(durations, fc.constantFrom(0.5, 0.9, 0.99), (all, part) => {
        const exact = all.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(all.length * part)) - 1]!;
        const told = percentile(tallyOf(all), part)!;
        expect(told / exact).toBeGreaterThan(0.9);
        expect(told / exact).toBeLessThan(1.1);
      }),
    );
  });

  it("is the same whether it is counted at once or in parts", () => {
    const durations = fc.array(fc.integer({ min: 0, max: 1_800_000 }));
    fc.assert(
      fc.property(durations, durations, (some, others) => {
        expect(merge(tallyOf(some), tallyOf(others))).toEqual(tallyOf([...some, ...others]));
      }),
    );
  });

  it.each([Number.NaN, Infinity, -1, 0, 1e300])("takes a duration of %d", (durationMs) => {
    const tally = count(emptyTally(), { outcome: "ok", durationMs });
    expect(Object.keys(tally.buckets).every((bucket) => /^\d{1,3}$/.test(bucket))).toBe(true);
  });
});

describe("statistics", () => {
  it("count each entry once, by day and tool", async () => {
    await write(t, [
      { tool: "a", durationMs: 10 },
      { tool: "a", durationMs: 1000, outcome: "failed" },
      { tool: "b" },
    ]);
    await seal(t);
    await seal(t);
    await write(t, [{ tool: "a", durationMs: 10 }]);
    vi.setSystemTime(START + DAY);
    await write(t, [{ tool: "a", durationMs: 10 }]);
    await seal(t);
    const { days, totals } = await read();
    expect(days.map(({ day, name, calls }) => [day - TODAY, name, calls])).toEqual([
      [0, "a", 3],
      [0, "b", 1],
      [1, "a", 1],
    ]);
    expect(totals).toMatchObject([
      { kind: "tool", name: "a", calls: 4, outcomes: { ok: 3, failed: 1 }, latency: { max: 1000 } },
      { kind: "tool", name: "b", calls: 1, latency: {} },
    ]);
    expect(totals.at(0)!.latency.p50).toBeCloseTo(10, -1);
    expect((await read({ tool: "b" })).totals).toHaveLength(1);
  });

  it("count the steps of tasks, whatever the tool", async () => {
    const step = { kind: "task", name: "end" } as const;
    await write(t, [
      { ...step, tool: "a" },
      { ...step, tool: "b", outcome: "lost" },
    ]);
    await seal(t);
    expect((await read()).totals).toMatchObject([
      { kind: "task", name: "end", outcomes: { ok: 1, lost: 1 } },
    ]);
    expect((await read({ tool: "a" })).totals).toEqual([]);
  });

  it("have one row for all the names that there are not", async () => {
    const unknown = Array.from({ length: 300 }, (_, index) => ({
      tool: `made up ${index}`,
      outcome: "denied" as const,
      // In a session that there is not, a made up name is denied for that.
      errorCode: index % 2 === 0 ? "NotFound" : "SessionNotFound",
    }));
    await write(t, unknown);
    await seal(t);
    expect((await read()).totals).toMatchObject([{ name: "", calls: 300 }]);
    expect(await rows(t, "auditStatistics")).toHaveLength(1);
  });

  it("know the tool of an error whose code says the same", async () => {
    await write(t, [{ tool: "a", outcome: "failed", errorCode: "NotFound" }]);
    await seal(t);
    expect((await read()).totals).toMatchObject([{ name: "a", outcomes: { failed: 1 } }]);
  });

  it("outlive their entries, and know no person", async () => {
    await write(t, [ofAnn()]);
    await seal(t);
    expect(JSON.stringify(await rows(t, "auditStatistics"))).not.toContain("ann");
    vi.setSystemTime(START + 100 * DAY);
    await t.mutation(internal.retention.drain, {});
    expect((await read()).totals).toHaveLength(1);
    vi.setSystemTime(START + 401 * DAY);
    await t.mutation(internal.expiry.drain, { table: "auditStatistics" });
    expect((await read()).totals).toEqual([]);
  });
});

describe("refusals", () => {
  const refuse = (reason: string) =>
    t.mutation(api.refusals.count, { reason, retentionMs: DAY, chain: true });

  it("of a flood are written a hundred times a minute, and become one entry", async () => {
    for (let index = 0; index < 250; index++) await refuse("noToken");
    await refuse("badToken");
    expect((await rows(t, "auditRefusals")).map(({ count: times }) => times)).toEqual([100, 1]);
    vi.setSystemTime(START + 3 * MINUTE);
    await t.mutation(internal.sealing.seal, {});
    expect(await rows(t, "auditRefusals")).toEqual([]);
    expect(await rows(t, "auditEntries")).toMatchObject([
      { kind: "auth", name: "badToken", outcome: "denied", count: 1 },
      { kind: "auth", name: "noToken", outcome: "denied", count: 100, cut: true },
    ]);
    await seal(t);
    expect((await read()).totals.map(({ name, calls }) => [name, calls])).toEqual([
      ["badToken", 1],
      ["noToken", 100],
    ]);
  });

  it("are about what whoever counted them says", async () => {
    const reason = "register: too_many_requests";
    await t.mutation(api.refusals.count, { reason, kind: "registration", retentionMs: DAY });
    vi.setSystemTime(START + 3 * MINUTE);
    await t.mutation(internal.sealing.seal, {});
    expect(await rows(t, "auditEntries")).toMatchObject([{ kind: "registration", name: reason }]);
  });

  it("of a minute that goes on are left alone", async () => {
    await refuse("noToken");
    await t.mutation(internal.sealing.seal, {});
    expect(await rows(t, "auditRefusals")).toHaveLength(1);
  });

  it("become entries as fast as strangers can count them", async () => {
    await t.run(async (ctx) => {
      for (let index = 0; index < 250; index++) {
        const [minute, reason] = [START / MINUTE + (index % 5), `reason ${index}`];
        await ctx.db.insert("auditRefusals", { minute, reason, count: 1, retentionMs: DAY });
      }
    });
    await seal(t, 8 * MINUTE);
    expect(await rows(t, "auditRefusals")).toEqual([]);
    expect(await rows(t, "auditEntries")).toHaveLength(250);
  });
});

describe("an export", () => {
  it("goes on where it was, misses nothing that came late, and gives nothing twice", async () => {
    await write(
      t,
      Array.from({ length: 250 }, () => ({})),
    );
    await seal(t);
    const first = await exported(t);
    expect(first.ids).toHaveLength(250);
    expect(await exported(t, first.next)).toEqual({ ids: [], next: first.next });
    await write(t, [{}, {}]);
    await t.mutation(api.erasure.erase, { subject: "nobody", issuer: "x" });
    await seal(t);
    const second = await exported(t, first.next);
    expect(second.ids).toHaveLength(2);
    expect(new Set([...first.ids, ...second.ids]).size).toBe(252);
  });

  it("passes over what was deleted, however much", async () => {
    await write(
      t,
      Array.from({ length: 5 }, () => ({})),
    );
    await seal(t);
    await t.mutation(api.retention.prune, { before: Date.now() });
    await write(t, [{}]);
    await seal(t);
    await settle(t);
    expect((await exported(t)).ids).toHaveLength(1);
  });

  it("keeps a cursor that never goes back", async () => {
    await t.mutation(api.exporting.advance, { name: "siem", next: 7 });
    await t.mutation(api.exporting.advance, { name: "siem", next: 3 });
    expect(await t.query(api.exporting.cursor, { name: "siem" })).toBe(7);
    expect(await t.query(api.exporting.cursor, { name: "other" })).toBe(0);
  });
});
