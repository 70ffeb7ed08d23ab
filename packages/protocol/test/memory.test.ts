/** What the stores in memory keep, and that they never keep too much. */
import { describe, expect, it } from "vitest";
import {
  memoryChanges,
  memoryContinuations,
  memoryEvents,
  memoryLogLevels,
  memoryMailbox,
  memorySubscriptions,
  type Caller,
  type TaskStatus,
} from "../src/index.ts";

const of = (sessionId: string | undefined): Caller<undefined, undefined> => ({
  context: undefined,
  principal: undefined,
  protocolVersion: "2025-11-25",
  sessionId,
  signal: new AbortController().signal,
});

describe("subscriptions", () => {
  it("are a session's own, and the oldest go", async () => {
    const store = memorySubscriptions({ maxPerSession: 2, max: 2 });
    for (const uri of ["a:1", "a:2", "a:1", "a:3"]) await store.add(of("s"), uri);
    const held = async (session: string) =>
      await Promise.all(["a:1", "a:2", "a:3"].map((uri) => store.has(of(session), uri)));
    expect(await held("s")).toEqual([true, false, true]);
    expect(await held("t")).toEqual([false, false, false]);
    await store.add(of("t"), "a:1");
    await store.add(of("u"), "a:1");
    expect(await held("s")).toEqual([false, false, false]);
    await store.remove(of("t"), "a:1");
    expect(await held("t")).toEqual([false, false, false]);
    await store.add(of(undefined), "a:1");
    expect(await store.has(of(undefined), "a:1")).toBe(false);
  });
});

describe("log levels", () => {
  it("are a session's own, and the oldest go", async () => {
    const store = memoryLogLevels({ max: 2 });
    await store.set(of("a"), "debug");
    await store.set(of("b"), "error");
    await store.set(of("a"), "alert");
    await store.set(of("c"), "info");
    await store.set(of(undefined), "info");
    const levels = await Promise.all(["a", "b", "c", undefined].map((id) => store.get(of(id))));
    expect(levels).toEqual(["alert", undefined, "info", undefined]);
  });
});

describe("changes", () => {
  const filter = { kinds: ["tools", "resource", "task"], uris: ["a:b"], taskIds: ["1"] } as const;
  const task = (taskId: string, status: TaskStatus) => {
    const at = "2026-07-28T00:00:00.000Z";
    return {
      kind: "task",
      task: { taskId, status, createdAt: at, lastUpdatedAt: at, ttlMs: 1 },
    } as const;
  };

  it("wait for a slow reader, the last of each that it wants to know of", async () => {
    const feed = memoryChanges({ kinds: filter.kinds });
    const over = new AbortController();
    const changes = feed.watch(of(undefined), filter, over.signal)[Symbol.asyncIterator]();
    feed.publish({ kind: "prompts" });
    feed.publish(task("2", "working"));
    feed.publish(task("1", "working"));
    feed.publish({ kind: "resource", uri: "a:b" });
    feed.publish({ kind: "resource", uri: "a:c" });
    feed.publish({ kind: "resource", uri: "a:b" });
    feed.publish({ kind: "tools" });
    feed.publish(task("1", "completed"));
    const heard = [];
    for (let at = 0; at < 3; at += 1) heard.push((await changes.next()).value);
    expect(heard).toEqual([
      task("1", "completed"),
      { kind: "resource", uri: "a:b" },
      { kind: "tools" },
    ]);
    const next = changes.next();
    over.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });
});

describe("continuations", () => {
  it("are noted once, until they expire", async () => {
    let time = 0;
    const store = memoryContinuations({ now: () => time });
    const redeem = async (nonce: string, until: number) =>
      await store.redeem(of("s"), nonce, until);
    expect([await redeem("a", 10), await redeem("a", 10), await redeem("b", 20)]).toEqual([
      true,
      false,
      true,
    ]);
    time = 15;
    expect([await redeem("b", 20), await redeem("a", 30)]).toEqual([false, true]);
  });

  it("are never too many: the oldest go", async () => {
    const store = memoryContinuations({ max: 2, now: () => 0 });
    const redeemed = [];
    for (const nonce of ["a", "b", "a", "c", "a"]) {
      redeemed.push(await store.redeem(of("s"), nonce, 10));
    }
    expect(redeemed).toEqual([true, true, false, true, true]);
  });
});

describe("streams", () => {
  it("are forgotten, the least recently written first", async () => {
    const store = memoryEvents({ max: 2 });
    for (const [at, id] of ["a", "b", "a", "c"].entries()) {
      await store.append(of("s"), id, { sequence: at, data: "{}", last: false });
    }
    expect(await store.replay(of("s"), "b", -1)).toBeUndefined();
    expect((await store.replay(of("s"), "a", 0))?.events).toEqual([{ sequence: 2, data: "{}" }]);
  });
});

describe("the events of streams", () => {
  it("take no more room than they may", async () => {
    const store = memoryEvents({ maxCharacters: 10 });
    const append = async (id: string, data: string, sequence = 1) =>
      await store.append(of("s"), id, { sequence, data, last: false });
    const kept = async () => {
      const all = await Promise.all(["a", "b", "c"].map((id) => store.replay(of("s"), id, 0)));
      return all.map((stream) => stream?.events.map(({ data }) => data));
    };
    await append("a", "1234");
    await append("b", "1234");
    await append("a", "56", 2);
    expect(await kept()).toEqual([["1234", "56"], ["1234"], undefined]);
    await append("c", "1");
    expect(await kept()).toEqual([["1234", "56"], undefined, ["1"]]);
    await append("b", "12345678901");
    expect(await kept()).toEqual([undefined, undefined, undefined]);
    await append("b", "1234567890");
    expect(await kept()).toEqual([undefined, ["1234567890"], undefined]);
  });
});

describe("a mailbox", () => {
  it("holds no answer that nobody expects, or that comes late", async () => {
    let time = 0;
    const box = memoryMailbox({ now: () => time });
    const answer = { kind: "result", result: 1 } as const;
    const { signal } = new AbortController();
    expect(await box.put(of("s"), "x", answer)).toBe(false);
    await box.open(of("s"), "x", 1000);
    expect(await box.put(of("t"), "x", answer)).toBe(false);
    expect(await box.put(of("s"), "x", answer)).toBe(true);
    expect(await box.wait(of("s"), "x", signal)).toEqual(answer);
    expect(await box.wait(of("s"), "x", signal)).toBeUndefined();
    await box.open(of("s"), "y", 1000);
    time = 1000;
    expect(await box.put(of("s"), "y", answer)).toBe(false);
    expect(await box.wait(of("s"), "y", signal)).toBeUndefined();
  });

  it("is left when nobody waits any more", async () => {
    const box = memoryMailbox();
    await box.open(of("s"), "x", Date.now() + 60_000);
    const given = new AbortController();
    const waiting = box.wait(of("s"), "x", given.signal);
    given.abort();
    expect(await waiting).toBeUndefined();
  });
});
