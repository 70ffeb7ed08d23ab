import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { api } from "../src/component/_generated/api.js";
import type { Entry, Outcome } from "../src/component/shared.ts";
import { type Component, component, entry } from "./support/component.ts";

const START = Date.UTC(2026, 0, 1);
/** A time so large that convex-test cannot tell two creation times apart: it adds a thousandth to the last. */
const LATE = 8e15;

let t: Component;
beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(START);
  t = component();
});
afterEach(() => vi.useRealTimers());

interface Filter {
  tool?: string;
  subject?: string;
  issuer?: string;
  client?: string;
  session?: string;
  outcome?: Outcome;
  from?: number;
  to?: number;
}
const insert = (entries: readonly Entry[], deadline?: number) =>
  t.run(async (ctx) => {
    for (const each of entries) {
      const late = each.outcome === "running" && deadline !== undefined ? { deadline } : {};
      await ctx.db.insert("auditEntries", { ...each, ...late, expiresAt: Number.MAX_SAFE_INTEGER });
    }
  });
const list = (filter: Filter, limit = 200, cursor?: string) =>
  t.query(api.reading.list, { ...filter, limit, ...(cursor === undefined ? {} : { cursor }) });

/** Every page, read as a client reads it. */
async function all(filter: Filter, limit: number) {
  const found = [];
  let pages = 0;
  for (let cursor: string | null | undefined; cursor !== null; pages++) {
    const page = await list(filter, limit, cursor);
    expect(page.entries.length).toBeLessThanOrEqual(limit);
    found.push(...page.entries);
    cursor = page.cursor;
    if (pages > 500) throw new Error("The cursor does not come to an end.");
  }
  return { found, pages };
}

const tools = ["a", "b", "c"];
const subjects = ["ann", "bob", undefined];
const kinds: readonly Outcome[] = ["ok", "failed", "denied", "invalid", "running", "lost"];
/** Every mix of tool, subject and outcome, and times 1 ms apart. */
async function fill(count: number) {
  for (let index = 0; index < count; index++) {
    vi.setSystemTime(START + index);
    const subject = subjects[Math.floor(index / 3) % 3];
    const outcome = kinds[Math.floor(index / 9) % kinds.length] ?? "ok";
    const mixed = entry({ tool: tools[index % 3] ?? "", outcome, requestId: `${index}` });
    await insert([subject === undefined ? mixed : { ...mixed, subject }]);
  }
}
const matching = (count: number, matches: (index: number) => boolean) =>
  Array.from({ length: count }, (_, index) => count - 1 - index)
    .filter(matches)
    .map(String);
const requests = (found: readonly { entry: Entry }[]) =>
  found.map(({ entry }) => entry.requestId ?? "");

describe("list", () => {
  it("gives entries newest first, with their time and without what storage adds", async () => {
    await insert([entry({ subject: "ann", args: "{}" })]);
    vi.setSystemTime(START + 1);
    await insert([entry({ tool: "b" })]);
    const { entries, cursor } = await list({});
    expect(cursor).toBeNull();
    expect(entries).toEqual([
      { id: expect.any(String) as string, at: START + 1, entry: entry({ tool: "b" }) },
      {
        id: expect.any(String) as string,
        at: START,
        entry: entry({ subject: "ann", args: "{}" }),
      },
    ]);
  });

  const N = 108;
  const tool = (index: number) => tools[index % 3];
  const subject = (index: number) => subjects[Math.floor(index / 3) % 3];
  const outcome = (index: number) => kinds[Math.floor(index / 9) % kinds.length];
  it.each<[string, Filter, (index: number) => boolean]>([
    ["nothing", {}, () => true],
    ["tool", { tool: "b" }, (i) => tool(i) === "b"],
    ["subject", { subject: "bob" }, (i) => subject(i) === "bob"],
    ["outcome", { outcome: "denied" }, (i) => outcome(i) === "denied"],
    ["outcome running", { outcome: "running" }, (i) => outcome(i) === "running"],
    ["outcome lost", { outcome: "lost" }, (i) => outcome(i) === "lost"],
    ["from", { from: START + 50 }, (i) => i >= 50],
    ["to", { to: START + 50 }, (i) => i < 50],
    ["from and to", { from: START + 20, to: START + 50 }, (i) => i >= 20 && i < 50],
    ["nothing between", { from: START + 50, to: START + 50 }, () => false],
    [
      "tool and subject",
      { tool: "a", subject: "ann" },
      (i) => tool(i) === "a" && subject(i) === "ann",
    ],
    [
      "tool and outcome",
      { tool: "a", outcome: "ok" },
      (i) => tool(i) === "a" && outcome(i) === "ok",
    ],
    [
      "tool and outcome lost",
      { tool: "a", outcome: "lost" },
      (i) => tool(i) === "a" && outcome(i) === "lost",
    ],
    [
      "subject and outcome",
      { subject: "ann", outcome: "failed" },
      (i) => subject(i) === "ann" && outcome(i) === "failed",
    ],
    [
      "tool, from and to",
      { tool: "c", from: START + 10, to: START + 60 },
      (i) => tool(i) === "c" && i >= 10 && i < 60,
    ],
    ["subject and to", { subject: "ann", to: START + 30 }, (i) => subject(i) === "ann" && i < 30],
    [
      "outcome and from",
      { outcome: "ok", from: START + 55 },
      (i) => outcome(i) === "ok" && i >= 55,
    ],
    ["a subject that has none", { subject: "eve" }, () => false],
  ])("filters by %s, on one page and on many", async (_, filter, matches) => {
    await fill(N);
    const expected = matching(N, matches);
    expect(requests((await list(filter)).entries)).toEqual(expected);
    for (const limit of [1, 4]) {
      expect(requests((await all(filter, limit)).found)).toEqual(expected);
    }
  });

  it.each<[string, Filter]>([
    ["all", {}],
    ["a tool", { tool: "list_things" }],
    ["a subject", { subject: "ann" }],
    ["an outcome", { outcome: "ok" }],
  ])("has no gap and no repeat among equal creation times, for %s", async (_, filter) => {
    vi.setSystemTime(LATE);
    await insert(
      Array.from({ length: 25 }, (_, index) => entry({ subject: "ann", requestId: `${index}` })),
    );
    const { found } = await all(filter, 4);
    expect(new Set(found.map(({ at }) => at)).size).toBe(1);
    expect(requests(found)).toEqual(matching(25, () => true));
  });

  it("goes on where it was though entries are added meanwhile", async () => {
    await fill(10);
    const first = await list({}, 4);
    vi.setSystemTime(START + 100);
    await insert([entry({ requestId: "new" })]);
    const second = await list({}, 4, first.cursor!);
    expect(requests([...first.entries, ...second.entries])).toEqual([
      "9",
      "8",
      "7",
      "6",
      "5",
      "4",
      "3",
      "2",
    ]);
  });

  it("has no cursor where a page ends with the last entry", async () => {
    await fill(8);
    const first = await list({}, 4);
    const second = await list({}, 4, first.cursor!);
    expect([first.cursor === null, second.cursor]).toEqual([false, null]);
  });

  it("reads running entries as lost, and filters by what they read", async () => {
    const running = entry({ outcome: "running" });
    await insert([running, running, entry()], START + 5);
    const count = async (outcome: Outcome) => (await list({ outcome })).entries.length;
    expect([await count("running"), await count("lost")]).toEqual([2, 0]);
    vi.setSystemTime(START + 5);
    expect([await count("running"), await count("lost")]).toEqual([0, 2]);
  });

  it("ends a page early rather than reading the whole table for a rare match", async () => {
    const rare = { subject: "ann", issuer: "rare" };
    await insert([entry({ ...rare, requestId: "found" })]);
    await insert(Array.from({ length: 1005 }, () => entry({ subject: "ann" })));
    const first = await list(rare);
    expect(first.entries).toEqual([]);
    expect(first.cursor).not.toBeNull();
    const second = await list(rare, 200, first.cursor!);
    expect(requests(second.entries)).toEqual(["found"]);
    expect(second.cursor).toBeNull();
  });

  it("ends a page early rather than reading more bytes than a query may", async () => {
    const big = entry({ args: "x".repeat(60_000), result: "é".repeat(60_000) });
    await insert(Array.from({ length: 120 }, (_, index) => ({ ...big, requestId: `${index}` })));
    const first = await list({});
    const bytes = new TextEncoder().encode(JSON.stringify(first.entries)).length;
    expect(bytes).toBeLessThan(8 * 1024 * 1024);
    expect(first.entries.length).toBeGreaterThan(10);
    expect(requests((await all({}, 200)).found)).toEqual(matching(120, () => true));
    const none = await list({ outcome: "failed" });
    expect(none.cursor).toBeNull();
    await insert(Array.from({ length: 120 }, () => ({ ...big, subject: "ann" })));
    const scanned = await list({ subject: "ann", issuer: "nobody" });
    expect(scanned.cursor).not.toBeNull();
  });

  it("refuses an issuer that nothing else narrows, since it would be looked for in the whole log", async () => {
    await insert([entry({ subject: "ann", issuer: "https://issuer.test" })]);
    const issuer = { issuer: "https://issuer.test" };
    for (const filter of [issuer, { ...issuer, from: 0, to: START * 2 }]) {
      await expect(list(filter)).rejects.toThrow("Expected `issuer` beside `subject`");
    }
    expect((await list({ ...issuer, subject: "ann" })).entries).toHaveLength(1);
    expect((await list({ ...issuer, tool: "list_things" })).entries).toHaveLength(1);
  });

  it.each([
    [0, 1],
    [-5, 1],
    [1.5, 1],
    [2.9, 2],
    [Number.NaN, 1],
    [201, 200],
    [Infinity, 200],
  ])("takes the limit %d for %d", async (limit, size) => {
    await insert(Array.from({ length: 230 }, () => entry()));
    expect((await list({}, limit)).entries).toHaveLength(size);
  });

  it.each(["", "x", ":", "1:", ":a", "NaN:a", "Infinity:a", "x:y", "{}"])(
    "refuses the cursor %j with words",
    async (cursor) => {
      await expect(list({}, 5, cursor)).rejects.toThrow(
        "Expected a cursor that listAuditEntries returned",
      );
    },
  );

  it("repeats little of a wrong cursor", async () => {
    const error = await list({}, 5, "x".repeat(10_000)).catch((error: unknown) => error);
    expect((error as Error).message.length).toBeLessThan(200);
  });
});
