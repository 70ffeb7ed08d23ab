/// <reference types="vite/client" />
import { register as registerRateLimiter } from "@convex-dev/rate-limiter/test";
import { convexTest } from "convex-test";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { api, internal } from "../src/component/_generated/api.js";
import type { Use } from "../src/component/limits.ts";
import schema from "../src/component/schema.ts";
import { entry } from "./support/component.ts";

const modules = import.meta.glob(["../src/component/**/*.ts", "!**/*.test-d.ts"]);
const START = Date.UTC(2026, 7, 1, 12);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(START);
});
afterEach(() => vi.useRealTimers());

const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

const use = (changes: Partial<Use> = {}): Use => ({
  name: "user",
  key: "ann",
  kind: "token bucket",
  rate: 2,
  periodMs: MINUTE,
  burst: 2,
  ...changes,
});

function start() {
  const t = convexTest(schema, modules);
  registerRateLimiter(t, "rateLimiter");
  const take = (...uses: Use[]) => t.mutation(api.limits.take, { uses });
  /** What one mutation read and wrote. */
  const cost = (uses: Use[]) =>
    t.run(async (ctx) => {
      const mutation = ctx as unknown as {
        runMutation: (fn: unknown, args: object) => Promise<unknown>;
        meta: {
          getTransactionMetrics: () => Promise<
            Record<"documentsRead" | "documentsWritten", { used: number }>
          >;
        };
      };
      await mutation.runMutation(api.limits.take, { uses });
      const { documentsRead, documentsWritten } = await mutation.meta.getTransactionMetrics();
      return { read: documentsRead.used, written: documentsWritten.used };
    });
  return { t, take, cost };
}

const waits = (retryAfterMs: number, index = 0) => ({
  kind: "exceeded",
  exceeded: [{ index, retryAfterMs: expect.closeTo(retryAfterMs, 3) as number }],
});

describe("take", () => {
  it("gives what there is at once, and then bit by bit", async () => {
    const { take } = start();
    expect([await take(use()), await take(use())]).toEqual([null, null]);
    expect(await take(use())).toEqual(waits(30_000));
    later(10_000);
    expect(await take(use())).toEqual(waits(20_000));
    later(20_000);
    expect(await take(use())).toBeNull();
    expect(await take(use())).toEqual(waits(30_000));
    later(DAY);
    expect([await take(use()), await take(use())]).toEqual([null, null]);
    expect(await take(use())).toEqual(waits(30_000));
  });

  it("gives more at once after a pause, with a burst", async () => {
    const { take } = start();
    const burst = use({ rate: 1, burst: 3 });
    expect([await take(burst), await take(burst), await take(burst)]).toEqual([null, null, null]);
    expect(await take(burst)).toEqual(waits(MINUTE));
  });

  it("starts windows of a day at midnight UTC", async () => {
    const { take } = start();
    const quota = use({ kind: "fixed window", periodMs: DAY });
    await take(quota);
    await take(quota);
    expect(await take(quota)).toEqual(waits(DAY / 2));
    later(DAY / 2 - 1);
    expect(await take(quota)).toEqual(waits(1));
    later(1);
    expect([await take(quota), await take(quota)]).toEqual([null, null]);
    expect(await take(quota)).toEqual(waits(DAY));
  });

  it.each(["token bucket", "fixed window"] as const)(
    "gives nothing for a clock that goes back and forth: %s",
    async (kind) => {
      const { take } = start();
      await take(use({ kind }));
      await take(use({ kind }));
      for (const ms of [-90_000, 45_000, -MINUTE, 105_000]) {
        later(ms);
        expect(await take(use({ kind }))).toMatchObject({ kind: "exceeded" });
      }
      later(MINUTE);
      expect([await take(use({ kind })), await take(use({ kind }))]).toEqual([null, null]);
    },
  );

  it("takes of none where one is used up, in any order", async () => {
    const { take } = start();
    const small = use({ name: "tool", rate: 1, burst: 1 });
    expect(await take(small)).toBeNull();
    expect(await take(use(), small)).toEqual(waits(MINUTE, 1));
    expect(await take(small, use())).toEqual(waits(MINUTE, 0));
    expect([await take(use()), await take(use())]).toEqual([null, null]);
    const both = await take(small, use());
    expect(both?.exceeded.map(({ index }) => index)).toEqual([0, 1]);
  });

  it("knows no key of another", async () => {
    const { take } = start();
    await take(use());
    await take(use());
    expect(await take(use({ key: "bob" }))).toBeNull();
    expect(await take(use({ name: "client" }))).toBeNull();
  });

  it("has room again after the seconds that it says", async () => {
    const rates = fc.record({
      rate: fc.integer({ min: 1, max: 1_000 }),
      periodMs: fc.integer({ min: 1_000, max: DAY }),
      kind: fc.constantFrom("token bucket" as const, "fixed window" as const),
      pauses: fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(rates, async ({ pauses, ...rate }) => {
        const { take } = start();
        const it = use({ ...rate, burst: 1 });
        await take(it);
        for (const pause of pauses) {
          later(pause);
          await take(it);
        }
        const refused = await take(it);
        if (refused === null) return;
        const ms = refused.exceeded[0]?.retryAfterMs ?? 0;
        // Nobody is back in the very millisecond.
        later(Math.max(1, Math.ceil(Math.round(ms) / 1_000)) * 1_000 + 1);
        expect(await take(it)).toBeNull();
      }),
      { numRuns: 50 },
    );
  });

  it.each([1, 2, 3])("of %d limits reads two documents each, and writes one", async (count) => {
    const { cost, take } = start();
    const uses = Array.from({ length: count }, (_, index) => use({ name: `limit ${index}` }));
    expect(await cost(uses)).toEqual({ read: 0, written: count });
    // Convex counts a row that is patched once more.
    expect(await cost(uses)).toEqual({ read: 2 * count, written: count });
    expect(await take(...uses)).toMatchObject({ kind: "exceeded" });
    expect(await cost(uses)).toEqual({ read: count, written: 0 });
    // One that was counted, and is undone by the other.
    expect(await cost([use({ name: "unused" }), ...uses])).toMatchObject({ written: 0 });
  });
});

describe("first", () => {
  const record = { next: "record" as const, args: { entry: entry(), retentionMs: DAY } };
  const entries = (t: ReturnType<typeof start>["t"]) =>
    t.run(async (ctx) => (await ctx.db.query("auditEntries").collect()).length);

  it("counts, and does what is next", async () => {
    const { t } = start();
    const first = () => t.mutation(api.limits.first, { uses: [use({ burst: 1 })], ...record });
    expect(await first()).toEqual({ kind: "done", value: true });
    expect(await first()).toMatchObject(waits(30_000));
    expect(await entries(t)).toBe(1);
  });

  it("counts nothing where what is next fails", async () => {
    const { t, take } = start();
    const uses = [use({ burst: 1 })];
    const wrong = { next: "record" as const, args: {} };
    await expect(t.mutation(api.limits.first, { uses, ...wrong })).rejects.toThrow();
    expect(await take(...uses)).toBeNull();
  });

  it("counts what has happened, also where that is too much", async () => {
    const { t, take } = start();
    const uses = [use({ burst: 1 })];
    await take(...uses);
    const late = await t.mutation(api.limits.first, { uses, anyway: true, ...record });
    expect(late).toEqual({ kind: "done", value: true });
    expect(await take(...uses)).toMatchObject(waits(MINUTE));
  });
});

describe("drain", () => {
  it("deletes what was first counted three months ago, and nothing younger", async () => {
    const { t, take } = start();
    const quota = (key: string) =>
      use({ key, rate: 1, burst: 1, kind: "fixed window", periodMs: 31 * DAY });
    await take(quota("old"));
    later(93 * DAY);
    await take(quota("old"));
    await take(quota("young"));
    later(1);
    await t.mutation(internal.limits.drain, {});
    expect(await take(quota("young"))).toMatchObject({ kind: "exceeded" });
    expect(await take(quota("old"))).toBeNull();
  });
});
