import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { api, internal } from "../src/component/_generated/api.js";
import type { TableNames } from "../src/component/_generated/dataModel.js";
import { type Component, component, entry, limitedComponent, rows } from "./support/component.ts";

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const session = { sessionId: "s1", owner: "ann" };
const strangers = [
  { sessionId: "s1", owner: "bob" },
  { sessionId: "s2", owner: "ann" },
  { sessionId: "s1", owner: "" },
];

let t: Component;
beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(START);
  t = component();
});
afterEach(() => vi.useRealTimers());

const count = (table: TableNames) =>
  t.run(async (ctx) => (await ctx.db.query(table).collect()).length);

describe("a letter", () => {
  const letter = { session, letterId: "l1" };
  const open = () => t.mutation(api.mailbox.open, { ...letter, expiresAt: START + MINUTE });
  const put = (answer: string, key = letter) => t.mutation(api.mailbox.put, { ...key, answer });
  const arrived = (key = letter) => t.query(api.mailbox.arrived, key);
  const take = (key = letter) => t.mutation(api.mailbox.take, key);

  it("is answered once and taken once", async () => {
    await open();
    expect(await arrived()).toBe(false);
    expect(await put("1")).toBe(true);
    expect(await put("2")).toBe(false);
    expect(await arrived()).toBe(true);
    expect(await take()).toBe("1");
    expect(await take()).toBeNull();
    expect(await arrived()).toBeNull();
    expect(await count("letters")).toBe(0);
  });

  it.each(strangers)("does not exist for %j", async (stranger) => {
    await open();
    const key = { ...letter, session: stranger };
    expect(await put("x", key)).toBe(false);
    expect(await arrived(key)).toBeNull();
    expect(await take(key)).toBeNull();
    expect(await arrived()).toBe(false);
  });

  it("does not exist after its time", async () => {
    await open();
    await put("1");
    vi.setSystemTime(START + MINUTE);
    expect(await put("2")).toBe(false);
    expect(await arrived()).toBeNull();
    expect(await take()).toBeNull();
  });
});

it("a round is continued once", async () => {
  const redeem = (nonce: string) =>
    t.mutation(api.continuations.redeem, { nonce, owner: "ann", expiresAt: START + MINUTE });
  expect(await redeem("n1")).toBe(true);
  expect(await redeem("n2")).toBe(true);
  expect(await redeem("n1")).toBe(false);
});

describe("a wish to cancel", () => {
  const wished = (requestId = "1", key = session) =>
    t.query(api.cancellations.wished, { session: key, requestId });
  const begin = (key = session) => {
    const client = { clientName: "c", clientVersion: "1", capabilities: "{}" };
    const made = { ...key, protocolVersion: "2025-11-25", ...client };
    return t.mutation(api.sessions.create, { session: made, ttlMs: 5 * MINUTE, maxPerOwner: 5 });
  };
  beforeEach(() => begin());

  it("is of one request of one session, and does not last", async () => {
    await t.mutation(api.cancellations.wish, { session, requestId: "1" });
    await t.mutation(api.cancellations.wish, { session, requestId: "1" });
    expect(await count("cancellations")).toBe(1);
    expect(await wished()).toBe(true);
    expect(await wished('"1"')).toBe(false);
    for (const stranger of strangers) expect(await wished("1", stranger)).toBe(false);
    vi.setSystemTime(START + MINUTE);
    expect(await wished()).toBe(false);
  });

  it("is one of few of a session, however many it names: the oldest makes place", async () => {
    for (let id = 0; id < 70; id += 1) {
      vi.setSystemTime(START + id);
      await t.mutation(api.cancellations.wish, { session, requestId: String(id) });
    }
    expect(await count("cancellations")).toBe(64);
    expect(await wished("5")).toBe(false);
    for (const id of ["6", "63", "69"]) expect(await wished(id)).toBe(true);
    const other = { ...session, sessionId: "another" };
    await begin(other);
    await t.mutation(api.cancellations.wish, { session: other, requestId: "1" });
    expect(await count("cancellations")).toBe(65);
    vi.setSystemTime(START + 2 * MINUTE);
    await t.mutation(api.cancellations.wish, { session, requestId: "70" });
    expect(await count("cancellations")).toBe(65);
    expect(await wished("70")).toBe(true);
  });

  it("is recorded where few others of its session count, and not by somebody else", async () => {
    const recording = { entry: entry({ kind: "cancellation" }), retentionMs: MINUTE };
    const wish = (requestId: string, key = session) =>
      t.mutation(api.cancellations.wish, { session: key, requestId, recording });
    for (const stranger of strangers) await wish("0", stranger);
    expect([await count("auditEntries"), await count("cancellations")]).toEqual([0, 0]);
    for (let id = 0; id < 150; id += 1) await wish(String(id));
    expect(await count("auditEntries")).toBe(64);
    vi.setSystemTime(START + MINUTE);
    await wish("150");
    expect(await count("auditEntries")).toBe(65);
  });
});

describe("the secret", () => {
  it("is made once, of 256 bits", async () => {
    expect(await t.query(api.secrets.read, {})).toBeNull();
    const secret = await t.mutation(api.secrets.create, {});
    expect(secret).toMatch(/^[\da-f]{64}$/);
    expect(await t.mutation(api.secrets.create, {})).toBe(secret);
    expect(await t.query(api.secrets.read, {})).toBe(secret);
    expect(await component().mutation(api.secrets.create, {})).not.toBe(secret);
  });
});

describe("a session's log level", () => {
  it("is its owner's to set and to read", async () => {
    const client = { clientName: "c", clientVersion: "1", capabilities: '{"roots":{}}' };
    await t.mutation(api.sessions.create, {
      session: { ...session, protocolVersion: "2025-11-25", ...client },
      ttlMs: MINUTE,
      maxPerOwner: 5,
    });
    const read = (key = session) => t.query(api.sessions.client, { session: key });
    expect(await read()).toEqual({ capabilities: '{"roots":{}}' });
    await t.mutation(api.sessions.setLogLevel, { session, logLevel: "error" });
    for (const stranger of strangers) {
      await t.mutation(api.sessions.setLogLevel, { session: stranger, logLevel: "debug" });
      expect(await read(stranger)).toBeNull();
    }
    expect(await read()).toMatchObject({ logLevel: "error" });
  });
});

describe("a stream", () => {
  const stream = { session, streamId: "t1" };
  const append = (sequence: number, parts: string[], last = false) =>
    t.mutation(api.streams.append, { ...stream, sequence, parts, last, ttlMs: MINUTE });
  const replay = (after: number, key = session) =>
    t.query(api.streams.replay, { session: key, streamId: "t1", after });

  it("is replayed in its order, from an event on, to its end", async () => {
    expect(await replay(0)).toBeNull();
    await append(1, ["one"]);
    expect(await replay(0)).toEqual({ events: [{ sequence: 1, data: "one" }], ended: false });
    expect(await replay(1)).toEqual({ events: [], ended: false });
    await append(2, ["tw", "o"], true);
    expect(await replay(1)).toEqual({ events: [{ sequence: 2, data: "two" }], ended: true });
    expect(await replay(2)).toEqual({ events: [], ended: true });
    for (const stranger of strangers) expect(await replay(0, stranger)).toBeNull();
    vi.setSystemTime(START + MINUTE);
    expect(await replay(0)).toBeNull();
  });

  it("is not replayed with a gap", async () => {
    await append(1, ["one"]);
    vi.setSystemTime(START + MINUTE);
    await append(2, ["two"]);
    await append(3, ["three"]);
    await t.mutation(internal.expiry.drain, { table: "streamEvents" });
    expect(await replay(0)).toBeNull();
    expect(await replay(1)).toMatchObject({ events: [{ data: "two" }, { data: "three" }] });
  });

  it("is read in as many goes as transactions need", async () => {
    t = limitedComponent();
    const part = "é".repeat(256 * 1024);
    for (let sequence = 1; sequence <= 20; sequence += 1) {
      await append(sequence, [part, `${sequence}`], sequence === 20);
    }
    const seen: number[] = [];
    for (let goes = 1; ; goes += 1) {
      const { events = [], ended = true } = (await replay(seen.at(-1) ?? 0)) ?? {};
      for (const { sequence, data } of events) {
        expect(data).toBe(`${part}${sequence}`);
        seen.push(sequence);
      }
      expect(events.length).toBeGreaterThan(0);
      if (ended) break;
      expect(goes).toBeLessThan(10);
    }
    expect(seen).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });
});

describe("a handle", () => {
  const key = { handle: { id: "h1", token: "t1" }, owner: "ann" };
  const others = [
    { ...key, owner: "bob" },
    { ...key, owner: "anonymous" },
    { ...key, handle: { id: "h1", token: "t2" } },
    { ...key, handle: { id: "h1", token: "" } },
    { ...key, handle: { id: "h2", token: "t1" } },
  ];
  const tell = (json: string, as = key) =>
    t.mutation(api.reports.tell, { ...as, kind: "question", json });
  const list = (after: number, as = key) => t.query(api.reports.list, { ...as, after });
  const replyTo = (as = key) => t.query(api.reports.replyTo, { ...as, sequence: 1 });
  const close = (after: number, as = key) => t.mutation(api.handles.close, { ...as, after });

  beforeEach(() => t.mutation(api.handles.open, { ...key, ttlMs: MINUTE }));

  it("numbers what is said, and carries replies", async () => {
    expect(await tell('"a"')).toEqual({ sequence: 1, cancelled: false });
    expect(await tell('"b"')).toEqual({ sequence: 2, cancelled: false });
    expect(await list(1)).toEqual([{ sequence: 2, kind: "question", json: '"b"' }]);
    expect(await replyTo()).toEqual({ cancelled: false });
    await t.mutation(api.reports.reply, { ...key, sequence: 1, reply: "yes" });
    expect(await replyTo()).toEqual({ cancelled: false, reply: "yes" });
    await t.mutation(api.handles.cancel, key);
    expect(await tell('"c"')).toEqual({ sequence: 3, cancelled: true });
    expect(await close(2)).toEqual([{ sequence: 3, kind: "question", json: '"c"' }]);
    expect(await tell('"d"')).toBeNull();
    expect(await replyTo()).toBeNull();
    expect([await count("handles"), await count("reports")]).toEqual([0, 0]);
  });

  it.each(others)("is nothing to whoever uses it as %j", async (as) => {
    await tell('"a"');
    expect(await tell('"forged"', as)).toBeNull();
    expect(await list(0, as)).toEqual([]);
    await t.mutation(api.reports.reply, { ...as, sequence: 1, reply: "forged" });
    await t.mutation(api.handles.cancel, as);
    expect(await replyTo(as)).toBeNull();
    expect(await close(0, as)).toEqual([]);
    expect(await replyTo()).toEqual({ cancelled: false });
    expect(await list(0)).toHaveLength(1);
  });

  it("is recorded once as called off, and not by somebody else", async () => {
    const wish = entry({ kind: "cancellation", subject: "ann" });
    const recording = { entry: wish, retentionMs: MINUTE };
    await t.mutation(api.handles.cancel, { ...key, recording });
    await t.mutation(api.handles.cancel, { ...key, recording });
    for (const as of others) await t.mutation(api.handles.cancel, { ...as, recording });
    expect(await rows(t, "auditEntries")).toMatchObject([wish]);
  });

  it("is nothing after its time", async () => {
    await tell('"a"');
    vi.setSystemTime(START + MINUTE);
    expect(await tell('"b"')).toBeNull();
    expect(await list(0)).toEqual([]);
    expect(await close(0)).toEqual([]);
  });

  it("refuses what is too long, and says how long it may be", async () => {
    await expect(tell("x".repeat(200_000))).rejects.toThrow("may have 131072 characters");
    expect(await list(0)).toEqual([]);
  });
});

describe("what has expired", () => {
  const tables = [
    "letters",
    "continuations",
    "cancellations",
    "streamEvents",
    "handles",
    "reports",
    "taskTexts",
    "taskQuestions",
  ] as const;

  async function fill(expiresAt: number, data = "x") {
    await t.run(async ({ db }) => {
      await db.insert("letters", { ...session, letterId: "l", expiresAt });
      await db.insert("continuations", { nonce: "n", owner: "ann", expiresAt });
      await db.insert("cancellations", { ...session, requestId: "1", expiresAt });
      const event = { ...session, streamId: "t", sequence: 1, part: 0, data, last: false };
      await db.insert("streamEvents", { ...event, expiresAt });
      const handle = { handleId: "h", token: "t", owner: "ann", cancelled: false };
      await db.insert("handles", { ...handle, expiresAt });
      const report = { handleId: "h", owner: "ann", sequence: 1, kind: "log", json: "1" } as const;
      await db.insert("reports", { ...report, expiresAt });
      const text = { taskId: "t", kind: "result", part: 0, text: data } as const;
      await db.insert("taskTexts", { ...text, expiresAt });
      const question = { taskId: "t", key: "k", method: "m", params: "{}", waiting: true };
      await db.insert("taskQuestions", { ...question, expiresAt });
    });
  }

  it.each(tables)("is deleted of %s, and nothing else", async (table) => {
    await fill(START);
    await fill(START + 1);
    await t.mutation(internal.expiry.drain, { table });
    expect(await count(table)).toBe(1);
    expect(await count(table === "letters" ? "handles" : "letters")).toBe(2);
  });

  it("is deleted in as many transactions as it takes", async () => {
    t = limitedComponent();
    const data = "é".repeat(250_000);
    for (let index = 0; index < 30; index += 1) await fill(START, data);
    await t.mutation(internal.expiry.drain, { table: "streamEvents" });
    expect(await count("streamEvents")).toBeGreaterThan(0);
    await t.finishAllScheduledFunctions(vi.runAllTimers);
    expect(await count("streamEvents")).toBe(0);
  });
});
