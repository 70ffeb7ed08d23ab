import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { api, internal } from "../src/component/_generated/api.js";
import type { Outcome } from "../src/component/shared.ts";
import { type Component, component, entry } from "./support/component.ts";
import { cost, DAY, MINUTE } from "./support/log.ts";

const START = Date.UTC(2026, 0, 1);
/** As many as a busy month. */
const MANY = 100_000;
const PAGE = 20;

const OUTCOMES: readonly Outcome[] = ["ok", "ok", "ok", "ok", "failed", "denied", "invalid"];
const KINDS = ["tool", "tool", "tool", "tool", "tool", "list", "resource", "task"] as const;
const pick = <T>(list: readonly T[], index: number): T => list.at(index % list.length)!;

/** Rows whose subjects, tools, clients, sessions and outcomes meet in every mix; Eve's are as few as they are old. */
async function fill(t: Component, count: number): Promise<void> {
  for (let from = 0; from < count; from += 10_000) {
    await t.run(async (ctx) => {
      for (let index = from; index < Math.min(count, from + 10_000); index++) {
        const at = START + index * 10;
        const rare = index < 5;
        await ctx.db.insert("auditEntries", {
          ...entry({
            kind: rare ? "session" : pick(KINDS, Math.floor(index / 5)),
            subject: rare ? "eve" : `user${index % 101}`,
            tool: rare ? "rare" : `tool${index % 13}`,
            clientName: rare ? "oldest" : `client${index % 7}`,
            sessionId: rare ? "s-eve" : `session${index % 997}`,
            outcome: rare ? "aborted" : pick(OUTCOMES, Math.floor(index / 3)),
            durationMs: index % 500,
          }),
          salt: `${index}`,
          settledAt: at,
          expiresAt: at + 90 * DAY,
        });
      }
    });
  }
}

const FILTERS = [
  {},
  { subject: "user7" },
  { tool: "tool3" },
  { client: "client5" },
  { session: "session9" },
  { outcome: "failed" },
  { outcome: "lost" },
  { subject: "eve" },
  { tool: "rare" },
  { outcome: "aborted" },
  { subject: "user7", tool: "tool3" },
  { subject: "user7", client: "client5" },
  { subject: "user7", outcome: "failed" },
  { tool: "tool3", client: "client5" },
  { tool: "tool3", outcome: "failed" },
  { client: "client5", outcome: "failed" },
  { session: "session9", tool: "tool3" },
  { session: "session9", outcome: "failed" },
  { subject: "eve", outcome: "ok" },
  { subject: "user7", tool: "rare" },
  { client: "oldest", tool: "tool3" },
  { kind: "list" },
  { kind: "session" },
  { kind: "consent" },
  { kind: "list", outcome: "failed" },
  { kind: "session", outcome: "aborted" },
  { kind: "task", subject: "user7" },
  { kind: "session", subject: "user7" },
  { kind: "task", tool: "tool3" },
  { kind: "session", tool: "tool3" },
  { kind: "task", client: "client5" },
  { kind: "session", client: "client5" },
  { kind: "task", session: "session9" },
  { kind: "session", session: "session9" },
] as const;

describe(`a log of ${MANY} entries`, () => {
  let t: Component;
  beforeAll(async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(START);
    t = component();
    await fill(t, MANY);
  }, 300_000);
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(START + MANY * 10 + 10 * MINUTE);
  });
  afterEach(() => vi.useRealTimers());

  it("is written to with one document, and nothing read", { timeout: 60_000 }, async () => {
    const args = { entry: entry(), retentionMs: DAY, chain: true };
    const begun = { ...args, deadlineMs: MINUTE };
    expect(await cost(t, (ctx) => ctx.runMutation(api.audit.record, args))).toEqual({
      read: 0,
      written: 1,
    });
    expect(await cost(t, (ctx) => ctx.runMutation(api.audit.begin, begun))).toEqual({
      read: 0,
      written: 1,
    });
  });

  it.each(FILTERS)(
    "gives a page of %j for as many documents",
    { timeout: 60_000 },
    async (filter) => {
      const { read } = await cost(t, async (ctx) => {
        const { entries } = await ctx.runQuery(api.reading.list, { ...filter, limit: PAGE });
        for (const { entry: found } of entries) {
          expect(found).toMatchObject("outcome" in filter ? { outcome: filter.outcome } : {});
          expect(found).toMatchObject("kind" in filter ? { kind: filter.kind } : {});
        }
      });
      // The page, one row that says whether there is more, and one ahead for each outcome or kind.
      expect(read).toBeLessThanOrEqual(PAGE + 1 + 9);
    },
  );

  it(
    "is sealed, exported, verified and drained in batches as small",
    { timeout: 300_000 },
    async () => {
      const costs = [];
      let from: { settledAt: number; createdAt: number; seen: boolean } | undefined;
      const until = Date.now();
      for (let round = 0; round < 3; round++) {
        costs.push(
          await cost(t, (ctx) =>
            ctx.runMutation(internal.sealing.seal, {
              until,
              ...(from === undefined ? {} : { from }),
            }),
          ),
        );
        const last = await t.run((ctx) => ctx.db.query("auditLinks").order("desc").first());
        const [, settledAt = 0, createdAt = 0] =
          (JSON.parse(last?.body ?? "[]") as [string, number, number][]).at(-1) ?? [];
        from = { settledAt, createdAt, seen: false };
      }
      for (const { read, written } of costs) {
        expect(read).toBeLessThan(200 + 150);
        // The link, the state, and a row for each tool and day.
        expect(written).toBeLessThan(50);
      }
      const page = await cost(t, (ctx) => ctx.runQuery(api.exporting.page, { next: 1 }));
      expect(page.read).toBeLessThan(210);
      const verified = await cost(t, (ctx) => ctx.runQuery(api.verifying.page, {}));
      expect(verified.read).toBeLessThan(11 * 210);
      vi.setSystemTime(START + 200 * DAY);
      const drained = await cost(t, (ctx) => ctx.runMutation(internal.retention.drain, {}));
      expect(drained.written).toBe(200);
      expect(drained.read).toBeLessThan(210 * 2);
      const dropped = await cost(t, (ctx) => ctx.runMutation(internal.retention.drop, {}));
      expect(dropped.read).toBeLessThan(700);
    },
  );
});
