import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { api, internal } from "../src/component/_generated/api.js";
import type { Recording } from "../src/component/shared.ts";
import { taskHandle } from "../src/component/handle.ts";
import {
  type Component,
  component,
  entry,
  limitedComponent,
  ok,
  rows,
} from "./support/component.ts";

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let t: Component;
beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(START);
  t = component();
});
afterEach(() => vi.useRealTimers());

interface Changes {
  readonly taskId?: string;
  readonly owner?: string;
  readonly entryId?: string;
  readonly args?: string[];
  readonly recording?: Recording;
}

const start = ({ taskId = "t1", owner = "ann", args = ["{}"], ...more }: Changes = {}) =>
  t.mutation(api.taskRuns.start, {
    taskId,
    owner,
    tool: "slow",
    args,
    ttlMs: HOUR,
    ...more,
    run: {
      token: "secret",
      identity: '{"subject":"ann"}',
      capabilities: '{"roots":{}}',
      deadlineMs: MINUTE,
      scheduledId: "job",
    },
  });
const claim = (taskId = "t1") => t.mutation(api.taskRuns.claim, { taskId });
const finish = (result: string[], taskId = "t1", entryId?: string) =>
  t.mutation(api.taskRuns.finish, {
    taskId,
    end: ok,
    outcome: { status: "completed", result },
    ...(entryId === undefined ? {} : { entryId }),
  });
const admit = (limits: { maxOpen: number; maxKept: number }, owner = "ann") =>
  t.mutation(api.taskRuns.admit, { owner, ...limits });
const get = (taskId = "t1", owner = "ann") => t.query(api.tasks.get, { taskId, owner });
const count = (table: "tasks" | "taskTexts" | "taskQuestions") =>
  t.run(async (ctx) => (await ctx.db.query(table).collect()).length);

const open = () =>
  t.mutation(api.audit.begin, { entry: entry(), retentionMs: HOUR, deadlineMs: MINUTE });

describe("a task", () => {
  it("is claimed once, with its arguments, of which nothing is left", async () => {
    await start({ args: ['{"a"', ":1}"] });
    expect(await claim()).toEqual({ tool: "slow", args: '{"a":1}', token: "secret" });
    expect(await claim()).toBeNull();
    expect(await claim("t2")).toBeNull();
    expect(await count("taskTexts")).toBe(0);
  });

  it("keeps for whom it runs no longer than it runs", async () => {
    await start();
    await claim();
    await finish(["{}"]);
    const [row] = await t.run((ctx) => ctx.db.query("tasks").collect());
    expect(row).not.toHaveProperty("run");
    expect(JSON.stringify(row)).not.toContain("subject");
  });

  it("ends once", async () => {
    await start();
    await claim();
    expect(await finish(["1"])).toBe(true);
    expect(await finish(["2"])).toBe(false);
    expect(await get()).toMatchObject({ status: "completed", result: "1" });
  });

  it("has a whole deadline once it began, and so has its entry, but no longer than it is kept", async () => {
    await start({ entryId: await open() });
    vi.setSystemTime(START + MINUTE - 1);
    await claim();
    const deadlines = async () => [
      (await t.run((ctx) => ctx.db.query("tasks").collect()))[0]?.deadline,
      (await rows(t, "auditEntries"))[0]?.deadline,
    ];
    expect(await deadlines()).toEqual([START + 2 * MINUTE - 1, START + 2 * MINUTE - 1]);
    vi.setSystemTime(START + 2 * MINUTE - 1);
    expect(await get()).toMatchObject({ status: "lost", updatedAt: START + 2 * MINUTE - 1 });
  });

  it("closes its entry once, also when nobody has the task any more", async () => {
    const entryId = await open();
    await start({ entryId });
    await claim();
    await t.run(async (ctx) => {
      for (const { _id } of await ctx.db.query("tasks").collect()) await ctx.db.delete(_id);
    });
    expect(await finish(["{}"], "t1", entryId)).toBe(false);
    expect(await rows(t, "auditEntries")).toMatchObject([{ outcome: "ok" }]);
  });

  it("changes at another time with each change", async () => {
    await start();
    await claim();
    const handle = taskHandle("t1", "secret");
    const seen = [(await get())?.updatedAt];
    for (const message of ["a", "b"]) {
      await t.mutation(api.taskCalls.tell, { handle, message });
      seen.push((await get())?.updatedAt);
    }
    expect(new Set(seen).size).toBe(3);
  });

  it.each(["bob", "", "anonymous"])("is nothing to %j", async (owner) => {
    await start();
    const key = { taskId: "t1", owner };
    expect(await get("t1", owner)).toBeNull();
    expect(await t.query(api.tasks.questions, key)).toBeNull();
    expect(await t.mutation(api.tasks.cancel, key)).toBeNull();
    await t.mutation(api.tasks.answer, { ...key, replies: [{ key: "a", reply: "1" }] });
    expect(await get()).toMatchObject({ status: "working" });
  });
});

describe("what its run says", () => {
  const handle = taskHandle("t1", "secret");
  const ask = (key: string, params = "{}") =>
    t.mutation(api.taskCalls.ask, { handle, key, method: "roots/list", params });
  const answer = (key: string, reply: string) =>
    t.mutation(api.tasks.answer, { taskId: "t1", owner: "ann", replies: [{ key, reply }] });
  const replyTo = (key: string) => t.query(api.taskCalls.replyTo, { handle, key });

  beforeEach(async () => {
    await start();
    await claim();
  });

  it("is a line, whatever it was", async () => {
    const message = `${"😀".repeat(600)}\uD83D`;
    await t.mutation(api.taskCalls.tell, { handle, message });
    expect((await get())?.statusMessage).toBe("😀".repeat(512));
    await t.mutation(api.taskCalls.tell, { handle, message: `x${message}` });
    expect((await get())?.statusMessage).toBe(`x${"😀".repeat(511)}`);
  });

  it("may be asked once by each key, and answered once", async () => {
    expect(await ask("a")).toEqual({ cancelled: false });
    await expect(ask("a")).rejects.toThrow('Two questions of a task have the key "a"');
    await answer("b", "0");
    await answer("a", "1");
    await answer("a", "2");
    expect(await replyTo("a")).toEqual({ cancelled: false, reply: "1" });
    await expect(ask("a")).rejects.toThrow("Two questions");
  });

  it("is bounded: in number, in length, and the length of keys", async () => {
    for (let at = 0; at < 10; at += 1) await ask(`${at}`);
    await expect(ask("11")).rejects.toThrow("10 questions of a task may wait");
    await answer("0", "1");
    await ask("11");
    await answer("1", "1");
    await expect(ask("12", "x".repeat(131_073))).rejects.toThrow("may have 131072 characters");
    await expect(ask("x".repeat(257))).rejects.toThrow("its key 256");
  });

  it("is told that it was called off", async () => {
    await ask("a");
    await t.mutation(api.tasks.cancel, { taskId: "t1", owner: "ann" });
    await answer("a", "1");
    expect(await replyTo("a")).toEqual({ cancelled: true });
    expect(await ask("b")).toEqual({ cancelled: true });
    expect(await t.mutation(api.taskCalls.tell, { handle, message: "on" })).toEqual({
      cancelled: true,
    });
    expect(await get()).toMatchObject({ status: "cancelled", questions: [] });
  });

  it.each([
    [{ handle: taskHandle("t1", "") }],
    [{ handle: taskHandle("t1", "guess") }],
    [{ handle: taskHandle("t2", "secret") }],
    [{ handle: { id: "t1", token: "secret" } }],
    [{ handle, owner: "bob" }],
    [{ handle, owner: "" }],
  ])("is nobody's with %j", async (by) => {
    await ask("a");
    expect(await t.query(api.taskCalls.caller, by)).toBeNull();
    expect(await t.mutation(api.taskCalls.tell, { ...by, message: "forged" })).toBeNull();
    expect(
      await t.mutation(api.taskCalls.ask, { ...by, key: "b", method: "m", params: "{}" }),
    ).toBeNull();
    expect(await t.query(api.taskCalls.replyTo, { ...by, key: "a" })).toBeNull();
    expect(await t.query(api.taskCalls.caller, { handle, owner: "ann" })).not.toBeNull();
  });

  it.each([
    ["before it began", async () => start({ taskId: "t9" }), taskHandle("t9", "secret")],
    ["after its end", async () => finish(["{}"]), handle],
    ["after its deadline", async () => vi.setSystemTime(START + MINUTE), handle],
  ])("is nothing %s", async (_, until, by) => {
    await until();
    expect(await t.query(api.taskCalls.caller, { handle: by })).toBeNull();
    expect(await t.mutation(api.taskCalls.tell, { handle: by, message: "x" })).toBeNull();
  });
});

describe("the tasks of an owner", () => {
  it("are admitted by those that go on, a cancelled one that runs among them", async () => {
    const limits = { maxOpen: 2, maxKept: 10 };
    await start({ taskId: "t1" });
    await claim("t1");
    await t.mutation(api.tasks.cancel, { taskId: "t1", owner: "ann" });
    expect(await admit(limits)).toBe(true);
    await start({ taskId: "t2" });
    expect(await admit(limits)).toBe(false);
    expect(await admit(limits, "bob")).toBe(true);
    await t.mutation(api.tasks.cancel, { taskId: "t2", owner: "ann" });
    expect(await admit(limits)).toBe(true);
    vi.setSystemTime(START + MINUTE);
    expect(await admit({ ...limits, maxOpen: 1 })).toBe(true);
  });

  it("never push out one that goes on", async () => {
    for (const taskId of ["t1", "t2"]) await start({ taskId });
    expect(await admit({ maxOpen: 5, maxKept: 2 })).toBe(false);
    expect(await count("tasks")).toBe(2);
  });

  it("stay within what a transaction may do when there are a thousand, with long results", async () => {
    t = limitedComponent();
    const text = "€".repeat(256 * 1024);
    await t.run(async ({ db }) => {
      const times = { createdAt: START, updatedAt: START, expiresAt: START + HOUR };
      for (let at = 0; at < 1_150; at += 1) {
        const task = { taskId: `t${at}`, owner: "ann", tool: "x".repeat(64) };
        await db.insert("tasks", { ...task, status: "completed", ...times });
      }
    });
    for (let part = 0; part < 25; part += 1) {
      await t.run(async ({ db }) => {
        const row = { taskId: "t0", kind: "result", part, text, expiresAt: START + HOUR } as const;
        await db.insert("taskTexts", row);
        const asked = {
          method: "m",
          params: text.slice(0, 128 * 1024),
          reply: text.slice(0, 192 * 1024),
        };
        const question = { taskId: "t0", key: `${part}`, waiting: false, ...asked };
        await db.insert("taskQuestions", { ...question, expiresAt: START + HOUR });
      });
    }
    expect(await admit({ maxOpen: 10, maxKept: 1_000 })).toBe(true);
    expect(await count("tasks")).toBe(999);
    await t.finishAllScheduledFunctions(vi.runAllTimers);
    expect([await count("taskTexts"), await count("taskQuestions")]).toEqual([0, 0]);
  });

  it("begin and end with as much as they may have", async () => {
    t = limitedComponent();
    const part = "€".repeat(256 * 1024);
    const parts = Array.from({ length: 5 }, () => part);
    await start({ args: parts });
    expect((await claim())?.args).toHaveLength(5 * part.length);
    await finish([...parts, part, part, part]);
    expect((await get())?.result).toHaveLength(8 * part.length);
  });
});

describe("lost tasks", () => {
  it("are closed in batches, and read as they did before", async () => {
    for (let at = 0; at < 450; at += 1) await start({ taskId: `t${at}` });
    await claim("t1");
    await t.mutation(api.tasks.cancel, { taskId: "t1", owner: "ann" });
    await claim("t2");
    vi.setSystemTime(START + MINUTE);
    const before = await get("t0");
    await t.mutation(internal.taskRuns.closeLost, {});
    await t.finishAllScheduledFunctions(vi.runAllTimers);
    const stored = await t.run((ctx) => ctx.db.query("tasks").collect());
    expect(
      stored.filter(({ run, deadline }) => run !== undefined || deadline !== undefined),
    ).toEqual([]);
    expect(stored.filter(({ status }) => status === "missed")).toHaveLength(448);
    expect(await get("t2")).toMatchObject({ status: "lost", updatedAt: START + MINUTE });
    expect(before).toMatchObject({ status: "missed", updatedAt: START + MINUTE });
    expect(await get("t0")).toEqual(before);
    await finish(["{}"], "t0");
    expect(await get("t0")).toEqual(before);
    expect(await get("t1")).toMatchObject({ status: "cancelled" });
  });
});

describe("the steps of a task", () => {
  const recording = {
    entry: entry({
      kind: "task",
      taskId: "t1",
      subject: "ann",
      issuer: "https://a.test",
      ip: "192.0.2.7",
      requestId: "1",
    }),
    retentionMs: HOUR,
    chain: true,
    keep: 9,
  };
  const steps = async () =>
    (await rows(t, "auditEntries")).map(({ name, outcome, errorCode = "" }) =>
      `${name} ${outcome} ${errorCode}`.trim(),
    );
  const closeLost = () => t.mutation(internal.taskRuns.closeLost, {});
  const drain = () => t.mutation(internal.taskRuns.drain, {});

  it("are none where none are recorded", async () => {
    await start();
    vi.setSystemTime(START + 2 * HOUR);
    await closeLost();
    await drain();
    expect([await steps(), await count("tasks")]).toEqual([[], 0]);
  });

  it("that come without a request say whose it is, and nothing of the first request", async () => {
    await start({ recording });
    await claim();
    await finish(["{}"]);
    const [first, last] = await rows(t, "auditEntries");
    expect(first).toMatchObject({ name: "start", ip: "192.0.2.7", requestId: "1", keep: 9 });
    expect(last).toMatchObject({ name: "end", subject: "ann", taskId: "t1", keep: 9 });
    expect(last).toHaveProperty("salt");
    for (const field of ["ip", "requestId"]) expect(last).not.toHaveProperty(field);
  });

  it.each([
    ["never began", async () => undefined, "end lost NotBegun"],
    ["never ended", async () => void (await claim()), "end lost"],
  ])("say once that it %s", async (_what, begin, end) => {
    await start({ recording });
    await begin();
    vi.setSystemTime(START + MINUTE);
    await closeLost();
    await closeLost();
    await finish(["{}"]);
    vi.setSystemTime(START + 2 * HOUR);
    await drain();
    expect(await steps()).toEqual(["start ok", end, "expire ok"]);
  });

  it("say that it was lost when its run comes back before the cron, and when it expires before", async () => {
    await start({ recording });
    await claim();
    vi.setSystemTime(START + MINUTE);
    await finish(["{}"]);
    await closeLost();
    await start({ taskId: "t2", recording });
    vi.setSystemTime(START + 3 * HOUR);
    await drain();
    expect(await steps()).toEqual([
      "start ok",
      "end lost",
      "start ok",
      "expire ok",
      "end lost NotBegun",
      "expire ok",
    ]);
  });

  it("say that it made place for another", async () => {
    await start({ recording });
    await claim();
    await finish(["{}"]);
    await admit({ maxOpen: 1, maxKept: 1 });
    expect(await steps()).toEqual(["start ok", "end ok", "expire ok"]);
  });

  it("leave an action that is called off to what it did", async () => {
    await start({ recording });
    await claim();
    await t.mutation(api.tasks.cancel, { taskId: "t1", owner: "ann", recording });
    await finish(["{}"]);
    vi.setSystemTime(START + MINUTE);
    await closeLost();
    expect(await steps()).toEqual(["start ok", "cancel ok"]);
  });

  it("forget a person who is erased", async () => {
    const { entry: ofAnn } = recording;
    const others = [{ subject: "bob" }, { issuer: "https://b.test" }];
    for (const [index, other] of [{}, ...others].entries()) {
      const theirs = { ...recording, entry: { ...ofAnn, ...other } };
      await start({ taskId: `t${index}`, recording: theirs });
    }
    await t.mutation(api.erasure.erase, { subject: "ann", issuer: "https://a.test" });
    vi.setSystemTime(START + MINUTE);
    await closeLost();
    const ends = (await rows(t, "auditEntries")).filter(({ name }) => name === "end");
    expect(ends.map(({ subject }) => subject)).toEqual([undefined, "bob", "ann"]);
    expect(JSON.stringify(ends[0])).not.toMatch(/ann|t0/);
  });
});
