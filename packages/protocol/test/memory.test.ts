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

type Asked = Caller<undefined, string>;

describe("subscriptions", () => {
  it("are a session's own, and the oldest go", async () => {
    const store = memorySubscriptions({ maxPerOwner: 2, max: 3 });
    for (const uri of ["a:1", "a:2", "a:1", "a:3"]) await store.add(of("s"), uri);
    const held = async (session: string) =>
      await Promise.all(["a:1", "a:2", "a:3"].map((uri) => store.has(of(session), uri)));
    expect(await held("s")).toEqual([true, false, true]);
    expect(await held("t")).toEqual([false, false, false]);
    await store.add(of("t"), "a:1");
    await store.add(of("u"), "a:1");
    expect(await held("s")).toEqual([false, false, true]);
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

describe("the events of streams", () => {
  it("take no more room than they may: the least recently written stream goes", async () => {
    // Each counts for 100 characters more than it has.
    const store = memoryEvents({ maxCharacters: 310 });
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
    await append("b", "x".repeat(211));
    expect(await kept()).toEqual([["1234", "56"], undefined, ["1"]]);
    await append("b", "x".repeat(210));
    expect(await kept()).toEqual([undefined, ["x".repeat(210)], undefined]);
  });
});

describe("what is a user's", () => {
  // A session each, but for Eve: hers are as many as she likes.
  const who = (principal: string, sessionId = principal) => ({ ...of(sessionId), principal });
  const sessionsOfEve = Array.from({ length: 30 }, (_, at) => who("eve", `eve-${at}`));
  const options = { ownerOf: (principal: string) => principal, maxPerOwner: 20, max: 10 };

  it.each<
    [
      string,
      (ada: Asked) => { keep: () => unknown; flood: (eve: Asked) => unknown; kept: () => unknown },
    ]
  >([
    [
      "log level",
      (ada, store = memoryLogLevels<undefined, string>(options)) => ({
        keep: () => store.set(ada, "debug"),
        flood: (eve) => store.set(eve, "error"),
        kept: () => store.get(ada),
      }),
    ],
    [
      "subscription",
      (ada, store = memorySubscriptions<undefined, string>(options)) => ({
        keep: () => store.add(ada, "a:b"),
        flood: (eve) => store.add(eve, "a:b"),
        kept: async () => (await store.has(ada, "a:b")) || undefined,
      }),
    ],
    [
      "stream",
      (ada, store = memoryEvents<undefined, string>({ ...options, maxCharacters: 1000 })) => ({
        keep: () => store.append(ada, "s", { sequence: 1, data: "x", last: false }),
        flood: (eve) => store.append(eve, "s", { sequence: 1, data: "y".repeat(50), last: false }),
        kept: () => store.replay(ada, "s", 0),
      }),
    ],
    [
      "continued round",
      (ada, store = memoryContinuations<undefined, string>(options)) => ({
        keep: () => store.redeem(ada, "n", Date.now() + 1000),
        flood: ({ sessionId }) => store.redeem(who("eve"), String(sessionId), Date.now() + 1000),
        kept: async () => ((await store.redeem(ada, "n", Date.now() + 1000)) ? undefined : true),
      }),
    ],
  ])("is not lost to another's: %s", async (_, of) => {
    const { keep, flood, kept } = of(who("ada"));
    await keep();
    for (const eve of sessionsOfEve) await flood(eve);
    expect(await kept()).toBeDefined();
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
