// oxlint-disable typescript/no-explicit-any -- foreign JSON, as a test reads it
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { components, internal } from "./app/_generated/api.js";
import { working } from "./app/working.ts";
import { alice, bob, startApp } from "./support/mcp.ts";
import { EXTENSION, tasker } from "./support/task.ts";
import { eventsOf, talk } from "./support/talk.ts";

type App = ReturnType<typeof startApp>;

let app: App;
beforeEach(() => {
  app = startApp();
});
afterEach(() => app.t.finishInProgressScheduledFunctions());

async function entries(filter = {}) {
  return (await app.t.run((ctx) => working.listAuditEntries(ctx, { kind: "tool", ...filter })))
    .entries;
}

const rows = () =>
  app.t.run(async (ctx) => (await ctx.db.query("rows").collect()).map(({ label }) => label));
const named = (name: string) => ({ action: "accept", content: { name } });
const ack = { resultType: "complete", _meta: expect.anything() };

describe("a task", () => {
  it("is answered at once, exists, and has the result later", async () => {
    const { call, get, until } = tasker(app, alice);
    const { result } = await call("slow", { label: "a" });
    expect(result).toMatchObject({
      resultType: "task",
      taskId: expect.stringMatching(/^[\da-f-]{36}$/),
      status: "working",
      ttlMs: 3_600_000,
      pollIntervalMs: 10,
    });
    expect(new Date(result.createdAt).toISOString()).toBe(result.createdAt);
    for (const name of ["task", "requestState", "ttl", "pollInterval"]) {
      expect(result).not.toHaveProperty(name);
    }
    expect(await get(result.taskId)).toMatchObject({ resultType: "complete", status: "working" });
    const done = await until(result.taskId, "completed");
    expect(done).toMatchObject({
      statusMessage: "adding (1 of 2)",
      createdAt: result.createdAt,
      result: { structuredContent: { caller: "alice" } },
    });
    expect(done.lastUpdatedAt > result.createdAt).toBe(true);
    expect(await rows()).toEqual(["a"]);
    expect(await entries()).toMatchObject([
      { tool: "slow", outcome: "ok", subject: "alice", args: '{"label":"a"}' },
    ]);
  });

  it("tells mcpCaller for whom it runs, in what it calls too, and nobody of a handle that is none", async () => {
    const client = tasker(app, alice);
    const user = "https://issuer.test|alice";
    const done = await client.until(await client.start("called"), "completed");
    expect(JSON.parse(done.result.content[0].text)).toEqual([user, user]);
    const { result } = await tasker(app, alice, {}).call("called");
    expect(JSON.parse(result.content[0].text)).toEqual([user, user]);
    const taskId = await client.start("slow", { label: "a" });
    for (const id of [`task:${taskId}`, "task:", "task:nothing"]) {
      const forged = app.t.query(internal.works.who, { mcp: { id, token: "" } });
      await expect(forged).rejects.toThrow(/as the gateway made/);
    }
  });

  it("tells for whom it runs, as the same function does without a task; ctx.auth is nobody", async () => {
    const client = tasker(app, alice);
    const done = await client.until(await client.start("slow", { label: "a" }), "completed");
    expect(done.result.structuredContent).toEqual({ caller: "alice", auth: null });
    const waits = tasker(app, alice, {});
    const { result } = await waits.call("slow", { label: "b" });
    expect(result.structuredContent).toEqual({ caller: "alice", auth: "alice" });
    const { body } = await app.as(bob, "/working/mcp").call("slow", { label: "c" });
    expect(body?.result?.structuredContent).toEqual({ caller: "bob", auth: "bob" });
  });

  it("keeps what JSON has not", async () => {
    const { start, until } = tasker(app, alice);
    const given = { whole: "9007199254740993", data: "AP8=" };
    const done = await until(await start("echo", given), "completed");
    expect(done.result.structuredContent).toEqual(given);
  });

  it("completes when the tool fails, and says no more than it says otherwise", async () => {
    const { start, until } = tasker(app, alice);
    const spoken = await until(await start("fail", { speak: true }), "completed");
    expect(spoken.result).toMatchObject({ isError: true, content: [{ text: "No room." }] });
    const silent = await until(await start("fail", { speak: false }), "completed");
    expect(silent.result.isError).toBe(true);
    expect(JSON.stringify(silent)).not.toContain("s3cret");
    expect(await entries()).toMatchObject([{ outcome: "failed" }, { outcome: "failed" }]);
  });

  it("gives long results whole, and says so of those that are too long to keep", async () => {
    const { start, until } = tasker(app, alice);
    const done = await until(await start("long", { characters: 700_000 }), "completed");
    expect(done.result.content[0].text).toBe("é".repeat(700_000));
    const over = await until(await start("long", { characters: 3_000_000 }), "completed");
    expect(over.result).toMatchObject({ isError: true });
    expect(over.result.content[0].text).toContain("a task keeps 2097152");
    expect(await entries()).toMatchObject([{ outcome: "ok" }, { outcome: "ok" }]);
  });

  it("refuses wrong arguments before it starts", async () => {
    const { call } = tasker(app, alice);
    expect((await call("slow", {})).result).toMatchObject({
      resultType: "complete",
      isError: true,
    });
    expect(await entries()).toMatchObject([{ outcome: "invalid" }]);
  });
});

describe("questions in a task", () => {
  it("are put all, answered one by one, and read as they were asked", async () => {
    const { start, until, update, get } = tasker(app, alice);
    const taskId = await start("ask");
    await vi.waitFor(async () => {
      expect(Object.keys((await get(taskId)).inputRequests ?? {})).toEqual(["a", "b"]);
    });
    const asking = await get(taskId);
    expect(asking).toMatchObject({
      status: "input_required",
      inputRequests: {
        a: { method: "elicitation/create", params: { message: "Your name?" } },
      },
    });
    expect((await update(taskId, null)).error.code).toBe(-32602);
    for (const nothing of [
      {},
      { z: named("Z") },
      { a: "Ada" },
      { a: { action: "accept" } },
      { a: { action: "accept", content: { name: 1 } } },
      { a: { action: "accept", content: {} } },
      { a: { action: "shrug" } },
      { __proto__: null, constructor: named("Z") },
    ]) {
      expect((await update(taskId, nothing)).result).toEqual(ack);
      expect(Object.keys((await get(taskId)).inputRequests)).toEqual(["a", "b"]);
    }
    const given = { action: "accept", content: { name: "Ada", extra: "dropped" } };
    expect((await update(taskId, { a: given })).result).toEqual(ack);
    expect(Object.keys((await get(taskId)).inputRequests)).toEqual(["b"]);
    expect((await update(taskId, { a: named("Eve"), b: { action: "decline" } })).result).toEqual(
      ack,
    );
    const done = await until(taskId, "completed");
    expect(done.result.content[0].text).toBe("Ada decline");
    expect(done).not.toHaveProperty("inputRequests");
    expect((await update(taskId, { a: named("late") })).result).toEqual(ack);
    expect(await entries()).toMatchObject([{ outcome: "ok" }]);
  });

  it("may be of the model, of the roots, and of a page", async () => {
    const { start, until, update } = tasker(app, alice);
    const taskId = await start("confer");
    const asked = async () => (await until(taskId, "input_required")).inputRequests;
    const sampling = await asked();
    expect(sampling["question-1"]).toEqual({
      method: "sampling/createMessage",
      params: {
        messages: [{ role: "user", content: { type: "text", text: "Why?" } }],
        maxTokens: 5,
        temperature: 0,
      },
    });
    const content = { type: "text", text: "Because." };
    await update(taskId, { "question-1": { role: "assistant", content } });
    expect(await asked()).toEqual(sampling);
    await update(taskId, { "question-1": { role: "assistant", content, model: "m1" } });
    expect(await asked()).toEqual({ "question-2": { method: "roots/list", params: {} } });
    await update(taskId, { "question-2": { roots: [{ name: "no uri" }] } });
    await update(taskId, { "question-2": { roots: [{ uri: "file:///work" }] } });
    expect((await asked())["question-3"].params).toEqual({
      mode: "url",
      message: "Visit",
      url: "https://example.com/confirm",
    });
    await update(taskId, { "question-3": { action: "accept", content: { ignored: 1 } } });
    const done = await until(taskId, "completed");
    expect(done.result.content[0].text).toBe("m1 file:///work accept");
  }, 15_000);

  it("fail the task of a client that cannot be asked", async () => {
    const { start, until } = tasker(app, alice, { extensions: { [EXTENSION]: {} } });
    const failed = await until(await start("ask"), "failed");
    expect(failed.error).toMatchObject({
      code: -32021,
      data: { requiredCapabilities: { elicitation: { form: {} } } },
    });
    expect(failed).not.toHaveProperty("result");
    expect(await entries()).toMatchObject([
      { outcome: "interrupted", errorCode: "MissingCapability" },
    ]);
  });

  it("are not answered by what is too long to keep", async () => {
    const { start, until, update } = tasker(app, alice);
    const taskId = await start("ask");
    await until(taskId, "input_required");
    const giant = named("x".repeat(300_000));
    expect((await update(taskId, { a: giant, b: giant, c: giant })).result).toEqual(ack);
    const done = await until(taskId, "completed");
    expect(done.result.isError).toBe(true);
    expect(await entries()).toMatchObject([
      { outcome: "failed", error: expect.stringContaining("characters, and may have 196608") },
    ]);
  });
});

describe("a task that is called off", () => {
  it("before it began never runs, and is recorded so", async () => {
    vi.useFakeTimers();
    try {
      const { start, get, cancel } = tasker(app, alice);
      const taskId = await start("slow", { label: "never" });
      for (let times = 0; times < 2; times += 1) {
        expect((await cancel(taskId)).result).toEqual(ack);
      }
      expect(
        await app.t.run((ctx) => ctx.db.system.query("_scheduled_functions").collect()),
      ).toMatchObject([{ state: { kind: "canceled" } }]);
      await app.t.finishAllScheduledFunctions(vi.runAllTimers);
      expect(await get(taskId)).toMatchObject({ status: "cancelled" });
    } finally {
      vi.useRealTimers();
    }
    expect(await rows()).toEqual([]);
    expect(await entries()).toMatchObject([{ tool: "slow", outcome: "cancelled" }]);
  });

  it("while it runs learns of it; what it then gives is dropped, and recorded", async () => {
    const { start, get, cancel, until } = tasker(app, alice);
    const taskId = await start("last", { label: "stopped" });
    await vi.waitFor(async () => expect((await get(taskId)).statusMessage).toBeDefined());
    expect((await cancel(taskId)).result).toEqual(ack);
    expect((await cancel(taskId)).result).toEqual(ack);
    expect(await get(taskId)).toMatchObject({ status: "cancelled" });
    await vi.waitFor(async () => {
      expect(await entries()).toMatchObject([{ outcome: "ok", result: '"stopped"' }]);
    });
    expect(await rows()).toEqual(["stopped"]);
    const after = await until(taskId, "cancelled");
    expect(after).not.toHaveProperty("result");
  });

  it("while it asks is not asking any more, and hears no answer", async () => {
    const { start, get, cancel, until } = tasker(app, alice);
    const taskId = await start("ask");
    await until(taskId, "input_required");
    await cancel(taskId);
    const task = await get(taskId);
    expect(task.status).toBe("cancelled");
    expect(task).not.toHaveProperty("inputRequests");
    await vi.waitFor(
      async () =>
        expect(await entries()).toMatchObject([{ outcome: "ok", result: '"cancel cancel"' }]),
      { timeout: 4_000 },
    );
  });

  it("after its end stays as it is", async () => {
    const { start, cancel, until, get } = tasker(app, alice);
    const taskId = await start("slow", { label: "a" });
    const done = await until(taskId, "completed");
    expect((await cancel(taskId)).result).toEqual(ack);
    expect(await get(taskId)).toEqual(done);
  });
});

describe("a run that dies", () => {
  const MINUTE = 60_000;
  afterEach(() => {
    vi.useRealTimers();
  });

  /** A task whose runner is never called, as if the platform had lost it. */
  async function lost() {
    vi.useFakeTimers({ now: Date.now() });
    const client = tasker(app, alice);
    const taskId = await client.start("last", { label: "never" });
    return { ...client, taskId };
  }

  it("between start and run: fails at its deadline, is lost in the log, and never begins", async () => {
    const { taskId, get, cancel, update } = await lost();
    vi.setSystemTime(Date.now() + MINUTE - 1);
    expect(await get(taskId)).toMatchObject({ status: "working" });
    vi.setSystemTime(Date.now() + 1);
    const failed = await get(taskId);
    expect(failed).toMatchObject({
      status: "failed",
      error: { code: -32603, message: expect.stringContaining("Nothing was done") },
    });
    expect((await cancel(taskId)).result).toEqual(ack);
    expect((await update(taskId, {})).result).toEqual(ack);
    expect(await get(taskId)).toEqual(failed);
    expect(await entries()).toMatchObject([{ outcome: "lost" }]);
    await app.t.action(internal.working.runTask, { taskId });
    expect(await rows()).toEqual([]);
    expect(await get(taskId)).toEqual(failed);
  });

  it("after it began: the same, from then on; what comes later is recorded, and not told", async () => {
    const { taskId, get } = await lost();
    vi.setSystemTime(Date.now() + MINUTE / 2);
    const work = await app.t.mutation(components.mcpGateway.taskRuns.claim, { taskId });
    vi.setSystemTime(Date.now() + MINUTE - 1);
    expect(await get(taskId)).toMatchObject({ status: "working" });
    expect(await entries()).toMatchObject([{ outcome: "running" }]);
    vi.setSystemTime(Date.now() + 1);
    expect(await get(taskId)).toMatchObject({
      status: "failed",
      error: { code: -32603, message: expect.stringContaining("not known whether") },
    });
    expect(await entries()).toMatchObject([{ outcome: "lost" }]);
    await app.t.mutation(components.mcpGateway.taskRuns.finish, {
      taskId,
      ...(work?.entryId === undefined ? {} : { entryId: work.entryId }),
      end: { outcome: "ok" },
      outcome: { status: "completed", result: ["{}"] },
    });
    expect(await get(taskId)).toMatchObject({ status: "failed" });
    expect(await entries()).toMatchObject([{ outcome: "ok" }]);
  });

  it("is not run again: an action runs once at most", async () => {
    const client = tasker(app, alice);
    const taskId = await client.start("slow", { label: "once" });
    await client.until(taskId, "completed");
    await app.t.action(internal.working.runTask, { taskId });
    expect(await rows()).toEqual(["once"]);
    expect(await entries()).toHaveLength(1);
  });

  it("is unknown once its time is over", async () => {
    const { taskId, send } = await lost();
    vi.setSystemTime(Date.now() + 60 * MINUTE);
    expect((await send("tasks/get", { taskId })).error).toMatchObject({
      code: -32602,
      message: "Unknown task.",
    });
  });
});

describe("tasks are kept from others", () => {
  it.each(["tasks/get", "tasks/update", "tasks/cancel"])(
    "%s: unknown, foreign, malformed and a stranger's are alike",
    async (method) => {
      const { start, get, until } = tasker(app, alice);
      const taskId = await start("ask");
      await until(taskId, "input_required");
      const outcome = async (user: typeof bob | undefined, id: unknown) => {
        const params = { taskId: id, inputResponses: { a: named("Eve"), b: named("Eve") } };
        const { status, error } = await tasker(app, user).send(method, params);
        return [status, error?.code, error?.message];
      };
      const unknown = [200, -32602, "Unknown task."];
      expect(await outcome(bob, taskId)).toEqual(unknown);
      expect(await outcome(undefined, taskId)).toEqual(unknown);
      expect(await outcome(alice, crypto.randomUUID())).toEqual(unknown);
      for (const id of ["", "x".repeat(100), `${taskId} `.trim().toUpperCase(), "__proto__"]) {
        expect(await outcome(alice, id)).toEqual(unknown);
      }
      expect(Object.keys((await get(taskId)).inputRequests)).toEqual(["a", "b"]);
      await tasker(app, alice).cancel(taskId);
    },
  );

  it("and a handle is of no use to another user, with another token, or afterwards", async () => {
    const { start, get, until } = tasker(app, alice);
    const taskId = await start("leak");
    const [label = ""] = await vi.waitFor(async () => {
      const found = await rows();
      expect(found).toHaveLength(1);
      return found;
    });
    const mcp = JSON.parse(label) as { id: string; token: string };
    const asUser = (user: typeof bob) =>
      app.t.withIdentity({ issuer: "https://issuer.test", ...user });
    const use = internal.works.use;
    expect(await asUser(bob).action(use, { mcp })).toBe("nobody");
    expect(await app.t.action(use, { mcp: { ...mcp, token: "" } })).toBe("nobody");
    expect(await app.t.action(use, { mcp: { ...mcp, token: crypto.randomUUID() } })).toBe("nobody");
    expect(await app.t.action(use, { mcp: { ...mcp, id: taskId } })).toBe("nobody");
    expect(await get(taskId)).not.toHaveProperty("statusMessage");
    expect(await asUser(alice).action(use, { mcp })).toBe("alice");
    await until(taskId, "completed");
    expect(await app.t.action(use, { mcp })).toBe("nobody");
    expect(await asUser(alice).action(use, { mcp })).toBe("nobody");
  });

  it("and strangers get none: they wait, or sign in", async () => {
    const stranger = tasker(app, undefined);
    const { result } = await stranger.call("slow", { label: "waited" });
    expect(result).toMatchObject({
      resultType: "complete",
      structuredContent: { caller: null, auth: null },
    });
    expect((await stranger.call("required", { label: "never" })).status).toBe(401);
    // Nor would they have one that was theirs: each would be everybody's.
    const taskId = crypto.randomUUID();
    await app.t.mutation(components.mcpGateway.taskRuns.start, {
      taskId,
      owner: "anonymous",
      tool: "slow",
      args: ["{}"],
      run: { token: "", identity: "null", capabilities: "{}", deadlineMs: 60_000, scheduledId: "" },
      ttlMs: 60_000,
    });
    for (const method of ["tasks/get", "tasks/cancel", "tasks/update"]) {
      const { error } = await stranger.send(method, { taskId, inputResponses: {} });
      expect(error.message).toBe("Unknown task.");
    }
    expect(await rows()).toEqual(["waited"]);
  });
});

describe("a client that does not declare tasks", () => {
  it.each(["tasks/get", "tasks/update", "tasks/cancel"])("cannot %s", async (method) => {
    const taskId = await tasker(app, alice).start("slow", { label: "a" });
    const { status, error } = await tasker(app, alice, {}).send(method, {
      taskId,
      inputResponses: {},
    });
    expect([status, error.code]).toEqual([400, -32021]);
  });

  it("is told what it would need for a tool that requires it, and that is recorded", async () => {
    const { status, error } = await tasker(app, alice, {}).call("required", { label: "a" });
    expect([status, error]).toMatchObject([
      400,
      { code: -32021, data: { requiredCapabilities: { extensions: { [EXTENSION]: {} } } } },
    ]);
    const { body } = await app.as(alice, "/working/mcp").call("required", { label: "a" });
    expect(body?.result?.isError).toBe(true);
    expect(await rows()).toEqual([]);
    const refused = { outcome: "interrupted", errorCode: "MissingCapability" };
    expect(await entries()).toMatchObject([refused, refused]);
  });

  it("gives one that declares it its task", async () => {
    const { start, until } = tasker(app, alice);
    await until(await start("required", { label: "a" }), "completed");
  });
});

describe("the same function without a task, on a gateway that streams", () => {
  it("asks the client of a session, its model and for its roots", async () => {
    const client = talk(app, alice, "/working/mcp");
    const session = await client.open();
    const content = { type: "text", text: "Because." };
    const answers: Record<string, object> = {
      "sampling/createMessage": { role: "assistant", content, model: "m1" },
      "roots/list": { roots: [{ uri: "file:///work" }] },
      "elicitation/create": { action: "accept" },
    };
    let last: any;
    for await (const { message } of eventsOf(
      await client.call("confer", {}, { headers: session }),
    )) {
      last = message;
      const answer = answers[message?.method];
      if (answer !== undefined) await client.answer(message.id, answer, session);
    }
    expect(last.result.content[0].text).toBe("m1 file:///work accept");
  }, 15_000);

  it("has nobody to ask where nobody listens", async () => {
    const headers = { Accept: "application/json" };
    const { body } = await app.as(alice, "/working/mcp").call("confer", {}, headers);
    expect(body?.result?.isError).toBe(true);
    expect(await entries()).toMatchObject([
      { outcome: "failed", error: expect.stringContaining("No client is connected") },
    ]);
  });
});

describe("many tasks of one user", () => {
  it("are refused while too many go on, whoever else has tasks", async () => {
    const { call, start, cancel, until } = tasker(app, alice);
    const ids = [];
    for (let at = 0; at < 3; at += 1) ids.push(await start("last", { label: "open" }));
    const { result } = await call("slow", { label: "refused" });
    expect(result).toMatchObject({ resultType: "complete", isError: true });
    expect(result.content[0].text).toContain("3 tasks of yours may go on");
    expect((await entries({ tool: "slow" }))[0]).toMatchObject({
      outcome: "denied",
      decision: "deny: too many tasks",
    });
    const other = tasker(app, bob);
    await other.until(await other.start("slow", { label: "other" }), "completed");
    for (const id of ids) await cancel(id);
    await vi.waitFor(async () =>
      expect(await entries({ tool: "last", outcome: "running" })).toEqual([]),
    );
    await until(await start("slow", { label: "again" }), "completed");
    expect(await rows()).not.toContain("refused");
  });

  it("push out their own oldest that ended, with all that belongs to it", async () => {
    const { start, until, get } = tasker(app, alice);
    const ids: string[] = [];
    for (let at = 0; at < 8; at += 1) {
      const id = await start("slow", { label: `${at}` });
      await until(id, "completed");
      ids.push(id);
    }
    const known = await Promise.all(ids.map(async (id) => (await get(id)) !== undefined));
    expect(known).toEqual([false, false, true, true, true, true, true, true]);
    expect(await rows()).toHaveLength(8);
    expect(await entries()).toHaveLength(8);
  });
});

describe("discovery", () => {
  it("names the extension, in 2026-07-28 alone", async () => {
    const { result } = await tasker(app, alice).send("server/discover", {});
    expect(result.capabilities.extensions).toEqual({ [EXTENSION]: {} });
    expect(result.capabilities).not.toHaveProperty("tasks");
    const { answer } = await app.as(alice, "/working/mcp").initialize();
    expect(answer.body?.result?.["capabilities"]).toEqual({ tools: {}, logging: {} });
    for (const method of ["tasks/list", "tasks/result"]) {
      const { status, error } = await tasker(app, alice).send(method, { taskId: "x" });
      expect([status, error.code]).toEqual([404, -32601]);
    }
  });
});
