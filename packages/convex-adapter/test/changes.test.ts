import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { api, internal } from "../src/component/_generated/api.js";
import type { Id, TableNames } from "../src/component/_generated/dataModel.js";
import type { Subject } from "../src/component/shared.ts";
import { type Component, component, limitedComponent } from "./support/component.ts";

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const session = { sessionId: "s1", owner: "ann" };
const tools: Subject = { kind: "tools", name: "" };
const resource = (name: string): Subject => ({ kind: "resource", name });

let t: Component;
beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(START);
  t = component();
});
afterEach(() => vi.useRealTimers());

const all = (table: TableNames) => t.run((ctx) => ctx.db.query(table).collect());
const open = (owner = "ann", sessionId?: string, maxPerOwner = 8) =>
  t.mutation(api.listeners.open, {
    owner,
    ...(sessionId === undefined ? {} : { sessionId }),
    ttlMs: 5 * MINUTE,
    maxPerOwner,
  });
const publish = (subject: Subject, owner?: string) =>
  t.mutation(api.changes.publish, { subject, ...(owner === undefined ? {} : { owner }) });
const look = (
  listenerId: Id<"listeners">,
  subjects: Subject[],
  owner = "ann",
  since = START - MINUTE,
) => t.query(api.changes.look, { listenerId, owner, subjects, since });
const createSession = (sessionId = "s1", owner = "ann", ttlMs = HOUR) =>
  t.mutation(api.sessions.create, {
    session: {
      sessionId,
      owner,
      protocolVersion: "2025-11-25",
      clientName: "",
      clientVersion: "",
      capabilities: "{}",
    },
    ttlMs,
    maxPerOwner: 50,
  });
const subscribe = (uri: string, key = session) =>
  t.mutation(api.subscriptions.add, { session: key, uri });

describe("a look", () => {
  it("finds what changed of what it asks for, since a time, and nothing else", async () => {
    const listener = await open();
    await publish(tools);
    await publish({ kind: "prompts", name: "" });
    await publish(resource("a:b"));
    await publish(resource("a:c"));
    const found = await look(listener, [tools, resource("a:b"), resource("a:d")]);
    expect(found?.map(({ subject }) => subject)).toEqual([tools, resource("a:b")]);
    expect(await look(listener, [tools], "ann", START + 1)).toEqual([]);
  });

  it("has each row in its window, so that one that comes late is seen", async () => {
    const listener = await open();
    await publish(tools);
    const [first] = (await look(listener, [tools])) ?? [];
    await publish(tools);
    const [second] = (await look(listener, [tools])) ?? [];
    expect(second?.ids).toHaveLength(2);
    expect(second?.ids).toContain(first?.ids[0]);
  });

  it("of a task finds nothing for another user", async () => {
    await t.mutation(api.taskRuns.start, {
      taskId: "t1",
      owner: "ann",
      tool: "slow",
      args: ["{}"],
      ttlMs: HOUR,
      run: {
        token: "secret",
        identity: '{"subject":"ann"}',
        capabilities: "{}",
        deadlineMs: MINUTE,
        scheduledId: "job",
      },
    });
    const task: Subject = { kind: "task", name: "t1" };
    expect(await look(await open(), [task])).toMatchObject([{ subject: task }]);
    expect(await look(await open("bob"), [task], "bob")).toEqual([]);
    expect(await look(await open("anonymous"), [task], "anonymous")).toEqual([]);
  });

  it("of what is for one user finds nothing for another", async () => {
    await publish(resource("mine:x"), "ann");
    await publish(tools, "bob");
    const wanted = [tools, resource("mine:x")];
    const theirs = await look(await open("bob"), wanted, "bob");
    expect(theirs?.map(({ subject }) => subject)).toEqual([tools]);
    expect(await look(await open("eve"), wanted, "eve")).toEqual([]);
    expect(await look(await open("ann"), wanted, "ann")).toHaveLength(1);
  });

  it("is over for nobody's, another's, and a replaced stream", async () => {
    const listener = await open();
    expect(await look(listener, [tools], "bob")).toBeNull();
    await t.run((ctx) => ctx.db.delete(listener));
    expect(await look(listener, [tools])).toBeNull();
  });

  it("reads few rows of a subject that changes all the time, and says so", async () => {
    const listener = await open();
    for (let at = 0; at < 50; at += 1) await publish(tools);
    const [found] = (await look(listener, [tools])) ?? [];
    expect(found).toMatchObject({ ids: { length: 8 }, full: true });
  });

  it("stays within what a transaction may read, of the most that can be asked", async () => {
    t = limitedComponent();
    const listener = await open();
    const subjects = Array.from({ length: 100 }, (_, at) =>
      resource(`a:${at}${"x".repeat(2_048)}`.slice(0, 2_048)),
    );
    await t.run(async (ctx) => {
      for (const subject of subjects) {
        for (let row = 0; row < 9; row += 1) {
          await ctx.db.insert("changes", { ...subject, expiresAt: START + MINUTE });
        }
      }
    });
    expect(await look(listener, subjects)).toHaveLength(100);
  });
});

describe("streams of an owner", () => {
  it("are so many; a further one ends the oldest", async () => {
    const first = await open("ann", undefined, 2);
    const second = await open("ann", undefined, 2);
    await open("bob", undefined, 2);
    const third = await open("ann", undefined, 2);
    expect(await look(first, [tools])).toBeNull();
    expect(await look(second, [tools])).toEqual([]);
    expect(await look(third, [tools])).toEqual([]);
    for (let at = 0; at < 300; at += 1) await open("ann", undefined, 2);
    expect(await all("listeners")).toHaveLength(3);
  });

  it("that ended without a word take nobody's place", async () => {
    await open("ann", undefined, 2);
    vi.setSystemTime(START + 4 * MINUTE);
    const live = await open("ann", undefined, 2);
    vi.setSystemTime(START + 6 * MINUTE);
    await open("ann", undefined, 2);
    expect(await look(live, [tools])).toEqual([]);
  });

  it("are one for each session", async () => {
    await createSession("s1");
    await createSession("s2");
    const first = await open("ann", "s1");
    const other = await open("ann", "s2");
    const modern = await open("ann");
    const again = await open("ann", "s1");
    expect(await look(first, [tools])).toBeNull();
    for (const live of [other, modern, again]) expect(await look(live, [tools])).toEqual([]);
  });
});

describe("subscriptions", () => {
  it("are told of, until they are taken back", async () => {
    await createSession();
    const listener = await open("ann", "s1");
    await subscribe("a:b");
    await subscribe("a:b");
    expect(await all("subscriptions")).toHaveLength(1);
    await publish(resource("a:b"));
    await publish(resource("a:c"));
    expect(await look(listener, [])).toMatchObject([{ subject: resource("a:b") }]);
    await t.mutation(api.subscriptions.remove, { session, uri: "a:b" });
    expect(await look(listener, [])).toEqual([]);
  });

  it.each([
    { sessionId: "s1", owner: "bob" },
    { sessionId: "s2", owner: "ann" },
    { sessionId: "s1", owner: "" },
  ])("are neither made nor taken back by %j", async (stranger) => {
    await createSession();
    await subscribe("a:b");
    await subscribe("a:c", stranger);
    await t.mutation(api.subscriptions.remove, { session: stranger, uri: "a:b" });
    expect(await all("subscriptions")).toMatchObject([{ ...session, uri: "a:b" }]);
  });

  it("are told to no other session, and to nobody who stole its id", async () => {
    await createSession("s1");
    await createSession("s2");
    await subscribe("a:b");
    await publish(resource("a:b"));
    expect(await look(await open("ann", "s2"), [])).toEqual([]);
    expect(await look(await open("bob", "s1"), [], "bob")).toBeNull();
  });

  it("end with their session", async () => {
    await createSession();
    await subscribe("a:b");
    const listener = await open("ann", "s1");
    await t.mutation(api.sessions.end, { session });
    expect(await all("subscriptions")).toEqual([]);
    expect(await look(listener, [tools])).toBeNull();
    await subscribe("a:b");
    expect(await all("subscriptions")).toEqual([]);
  });

  it("are worth nothing once their session has expired", async () => {
    await createSession("s1", "ann", MINUTE);
    await subscribe("a:b");
    const listener = await open("ann", "s1");
    vi.setSystemTime(START + MINUTE);
    expect(await look(listener, [tools])).toBeNull();
  });

  it("are 100 of a session; a further one ends the oldest", async () => {
    t = limitedComponent();
    await createSession();
    for (let at = 0; at < 1_000; at += 1) await subscribe(`a:${at}`);
    const uris = (await all("subscriptions")).map((it) => "uri" in it && it.uri);
    expect(uris).toEqual(Array.from({ length: 100 }, (_, at) => `a:${900 + at}`));
  });

  it("are 500 of an owner, in however many sessions", async () => {
    await t.run(async (ctx) => {
      for (let at = 0; at < 500; at += 1) {
        const row = { sessionId: `s${at % 5}`, owner: "ann", uri: `a:${at}` };
        await ctx.db.insert("subscriptions", { ...row, expiresAt: START + HOUR });
      }
    });
    await createSession("s9");
    await subscribe("a:b", { sessionId: "s9", owner: "ann" });
    await createSession("bobs", "bob");
    await subscribe("a:b", { sessionId: "bobs", owner: "bob" });
    const left = await all("subscriptions");
    expect(left).toHaveLength(501);
    expect(left[0]).toMatchObject({ uri: "a:1" });
  });
});

describe("what has expired", () => {
  const drain = async (table: "changes" | "listeners") => {
    await t.mutation(internal.expiry.drain, { table });
    await t.finishAllScheduledFunctions(vi.runAllTimers);
  };

  it("is deleted, in batches", async () => {
    for (let at = 0; at < 450; at += 1) await publish(tools);
    await open();
    vi.setSystemTime(START + 5 * MINUTE - 1);
    await drain("changes");
    expect(await all("changes")).toHaveLength(450);
    vi.setSystemTime(START + 5 * MINUTE);
    await drain("changes");
    await drain("listeners");
    expect(await all("changes")).toEqual([]);
    expect(await all("listeners")).toEqual([]);
  });

  it("of subscriptions are those whose session is over", async () => {
    await createSession("s1");
    await createSession("s2");
    await subscribe("a:b");
    for (let at = 0; at < 100; at += 1) {
      await subscribe(`a:${at}`, { sessionId: "s2", owner: "ann" });
    }
    vi.setSystemTime(START + 50 * MINUTE);
    await t.mutation(api.sessions.check, { session, ttlMs: HOUR });
    vi.setSystemTime(START + HOUR);
    await t.mutation(internal.subscriptions.drain, {});
    expect(await all("subscriptions")).toMatchObject([
      { sessionId: "s1", expiresAt: START + 50 * MINUTE + HOUR },
    ]);
    vi.setSystemTime(START + 2 * HOUR);
    await t.mutation(internal.subscriptions.drain, {});
    expect(await all("subscriptions")).toEqual([]);
  });
});
