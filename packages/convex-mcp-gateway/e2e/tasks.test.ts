// oxlint-disable typescript/no-explicit-any -- foreign JSON, as a test reads it
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ListedAuditEntry } from "../src/index.ts";
import { type App, call, request, startApp } from "./support/app.ts";

const PATH = "/working/mcp";
const VERSION = "2026-07-28";
const MINUTE = 60_000;
const declaring = {
  elicitation: { form: {} },
  extensions: { "io.modelcontextprotocol/tasks": {} },
};
const named = (name: string) => ({ action: "accept", content: { name } });

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app.embedded.close());

async function entries(subject: string): Promise<ListedAuditEntry[]> {
  return JSON.parse(
    String(await app.embedded.run("log:entries", { subject })),
  ) as ListedAuditEntry[];
}

/** A client of one user that knows tasks; of nobody without a subject. */
async function connect(subject?: string, capabilities: object = declaring, path = PATH) {
  const token = subject === undefined ? undefined : await app.token(subject);
  const post = (method: string, params: Record<string, unknown>) =>
    app.send(
      request(method, {
        ...params,
        _meta: {
          "io.modelcontextprotocol/protocolVersion": VERSION,
          "io.modelcontextprotocol/clientCapabilities": capabilities,
        },
      }),
      {
        path,
        version: VERSION,
        name: String(params["name"] ?? params["taskId"]),
        ...(token === undefined ? {} : { token }),
      },
    );
  const send = async (method: string, params: Record<string, unknown>) =>
    (await (await post(method, params)).json()) as { result?: any; error?: any };
  const tool = (name: string, args: object = {}) => send("tools/call", { name, arguments: args });
  const start = async (name: string, args: object = {}): Promise<string> => {
    const { result } = await tool(name, args);
    expect(result).toMatchObject({ resultType: "task", status: "working" });
    return result.taskId;
  };
  const get = async (taskId: string) => (await send("tasks/get", { taskId })).result;
  const until = async (taskId: string, status: string, timeout = 10_000) => {
    await expect
      .poll(async () => (await get(taskId))?.status, { timeout, interval: 50 })
      .toBe(status);
    return await get(taskId);
  };
  return { post, send, tool, start, get, until };
}

/** What one request called, and what else was called until `done`: by the function that called it. */
async function costs(run: () => Promise<Response>, done: () => Promise<unknown>) {
  app.embedded.resetCalls();
  await (await run()).text();
  await done();
  const calls = app.embedded.calls();
  const isOfHttp = (caller: string) => caller.startsWith("POST ");
  const names = (mine: (caller: string) => boolean) =>
    calls
      .filter(({ caller }) => mine(caller))
      .map(({ name }) => name)
      .toSorted();
  return { http: names(isOfHttp), others: names((caller) => !isOfHttp(caller)) };
}

describe("a task on the platform's bundles", () => {
  it("goes on after its request, for the user who started it, and ends with its result", async () => {
    const { start, until } = await connect("starter");
    const done = await until(await start("slow", { label: "e2e task" }), "completed");
    expect(done).toMatchObject({
      resultType: "complete",
      statusMessage: "adding (1 of 2)",
      result: { structuredContent: { caller: "starter", auth: null } },
    });
    expect(await app.embedded.run("things:count", { label: "e2e task" })).toBe(1);
    expect(await entries("starter")).toMatchObject([{ tool: "slow", outcome: "ok" }]);
  });

  it("is the same function as without a task: by a client that does not know them, and in a session", async () => {
    const { tool } = await connect("waiter", { elicitation: {} });
    const both = { caller: "waiter", auth: "waiter" };
    const { result } = await tool("slow", { label: "waited" });
    expect(result).toMatchObject({ resultType: "complete", structuredContent: both });
    const options = { path: PATH, token: await app.token("waiter"), accept: "application/json" };
    const response = await app.send(call("slow", { label: "waited" }), options);
    expect(await response.json()).toMatchObject({ result: { structuredContent: both } });
  });

  it("asks, and goes on with the answers", async () => {
    const { start, until, send, get } = await connect("asked");
    const taskId = await start("ask");
    await expect
      .poll(async () => Object.keys((await get(taskId)).inputRequests ?? {}), { timeout: 10_000 })
      .toEqual(["a", "b"]);
    await send("tasks/update", { taskId, inputResponses: { a: named("Ada") } });
    expect(Object.keys((await get(taskId)).inputRequests)).toEqual(["b"]);
    await send("tasks/update", { taskId, inputResponses: { a: named("Eve"), b: named("Bob") } });
    const done = await until(taskId, "completed");
    expect(done.result.content[0].text).toBe("Ada Bob");
  });

  it("is stopped when it is cancelled, and is answered alike when it is again", async () => {
    const { start, send, get } = await connect("canceller");
    const taskId = await start("last", { label: "e2e stopped" });
    await expect.poll(async () => (await get(taskId)).statusMessage).toBeDefined();
    const first = await send("tasks/cancel", { taskId });
    expect(first.result.resultType).toBe("complete");
    expect(await send("tasks/cancel", { taskId })).toEqual(first);
    await expect
      .poll(() => app.embedded.run("things:count", { label: "e2e stopped" }), { timeout: 8_000 })
      .toBe(1);
    await expect
      .poll(() => entries("canceller"))
      .toMatchObject([{ outcome: "ok", result: '"stopped"' }]);
    expect(await get(taskId)).toMatchObject({ status: "cancelled" });
  });
});

describe("function calls", () => {
  it("start: 1; its run: 3 and what the tool calls; a look: 1; cancelling: 1", async () => {
    const { post, send, until } = await connect("budget");
    let taskId = "";
    const started = async () => {
      const response = await post("tools/call", { name: "slow", arguments: { label: "b" } });
      const { result } = (await response.clone().json()) as { result: { taskId: string } };
      taskId = result.taskId;
      return response;
    };
    const ended = () => expect.poll(() => entries("budget")).toMatchObject([{ outcome: "ok" }]);
    expect(await costs(started, ended)).toEqual({
      http: ["working:dispatch"],
      others: [
        "taskRuns:claim",
        "works:slow",
        // The tool's own: its progress, its row, and for whom it runs.
        "taskCalls:caller",
        "taskCalls:tell",
        "things:add",
        "taskRuns:finish",
      ].toSorted(),
    });
    await until(taskId, "completed");
    const nothing = async () => undefined;
    for (const [method, calls] of [
      ["tasks/get", ["tasks:get"]],
      ["tasks/cancel", ["tasks:cancel"]],
      ["tasks/update", ["tasks:questions"]],
    ] as const) {
      const look = () => post(method, { taskId, inputResponses: { a: 1 } });
      expect((await costs(look, nothing)).http).toEqual(calls);
      // What looks like none of our ids is not looked for.
      const malformed = () => post(method, { taskId: "none", inputResponses: {} });
      expect((await costs(malformed, nothing)).http).toEqual([]);
    }
    expect(await send("tasks/get", { taskId })).toMatchObject({ result: { status: "completed" } });
  });

  it("an answer: 2", async () => {
    const { post, start, until } = await connect("answering");
    const taskId = await start("ask");
    await until(taskId, "input_required");
    const inputResponses = { a: named("Ada"), b: named("Bob") };
    const answer = () => post("tasks/update", { taskId, inputResponses });
    const { http } = await costs(answer, async () => undefined);
    expect(http).toEqual(["tasks:answer", "tasks:questions"]);
    await until(taskId, "completed");
  });

  it("a refusal for what the client does not declare: 1; a stranger: none", async () => {
    const { post } = await connect("undeclared", {});
    const start = () => post("tools/call", { name: "required", arguments: { label: "x" } });
    const { http } = await costs(start, async () => undefined);
    expect(http).toEqual(["audit:record"]);
    const stranger = await connect();
    for (const method of ["tasks/get", "tasks/update", "tasks/cancel"]) {
      const look = () => stranger.post(method, { taskId: crypto.randomUUID(), inputResponses: {} });
      expect(await costs(look, async () => undefined)).toEqual({ http: [], others: [] });
    }
    const refused = await stranger.post("tools/call", {
      name: "required",
      arguments: { label: "x" },
    });
    expect(refused.status).toBe(401);
  });
});

describe("hostile requests", () => {
  it("of another user find nothing, and change nothing", async () => {
    const owner = await connect("owner");
    const eve = await connect("eve");
    const taskId = await owner.start("ask");
    await owner.until(taskId, "input_required");
    const unknown = { error: { code: -32602, message: "Unknown task." } };
    for (const method of ["tasks/get", "tasks/update", "tasks/cancel"]) {
      const inputResponses = { a: named("Eve"), b: named("Eve") };
      expect(await eve.send(method, { taskId, inputResponses })).toMatchObject(unknown);
      const other = { taskId: crypto.randomUUID(), inputResponses };
      expect(await eve.send(method, other)).toMatchObject(unknown);
    }
    await owner.send("tasks/update", { taskId, inputResponses: { a: named("A"), b: named("B") } });
    const done = await owner.until(taskId, "completed");
    expect(done.result.content[0].text).toBe("A B");
  });

  it("for many tasks at once get as many as one user may have", async () => {
    const { tool, send, get } = await connect("many");
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => tool("last", { label: "many" })),
    );
    const ids = answers.flatMap(({ result }) => result?.taskId ?? []);
    expect(ids).toHaveLength(3);
    const refused = answers.filter(({ result }) => result?.isError === true);
    expect(refused).toHaveLength(27);
    for (const taskId of ids) await send("tasks/cancel", { taskId });
    for (const taskId of ids) expect((await get(taskId)).status).toBe("cancelled");
    await expect
      .poll(async () => (await entries("many")).filter(({ outcome }) => outcome === "running"), {
        timeout: 10_000,
      })
      .toEqual([]);
    const outcomes = (await entries("many")).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === "denied")).toHaveLength(27);
    expect(outcomes).toHaveLength(30);
  }, 30_000);

  it("with giant or forged answers change nothing, or end in a failure that is recorded", async () => {
    const { start, until, send, get } = await connect("giant");
    const taskId = await start("ask");
    await until(taskId, "input_required");
    const junk = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, at) => [`key-${at}`, named("x".repeat(100))]),
    );
    await send("tasks/update", { taskId, inputResponses: junk });
    expect(Object.keys((await get(taskId)).inputRequests)).toEqual(["a", "b"]);
    const giant = named("é".repeat(300_000));
    await send("tasks/update", { taskId, inputResponses: { a: giant, b: giant } });
    const done = await until(taskId, "completed");
    expect(done.result.isError).toBe(true);
    expect(await entries("giant")).toMatchObject([{ outcome: "failed" }]);
  });
});

// The last, since it moves the clock.
describe("a stream that tells of tasks", () => {
  const TELLING = "/telling/mcp";

  async function listen(client: Awaited<ReturnType<typeof connect>>, taskIds: readonly string[]) {
    const response = await client.post("subscriptions/listen", { notifications: { taskIds } });
    const decoder = new TextDecoder();
    let text = "";
    const chunks = response.body?.[Symbol.asyncIterator]();
    return {
      /** What has been said, once it has `needle`. */
      until: async (needle: string) => {
        while (!text.includes(needle)) {
          const next = await chunks?.next();
          if (next?.done !== false) throw new Error(`The stream ended after: ${text}`);
          text += decoder.decode(next.value, { stream: true });
        }
        return text;
      },
      leave: () => chunks?.return?.(undefined),
    };
  }

  it("says when one asks, and how it ended, with the whole task", async () => {
    const ann = await connect("telling-ann", declaring, TELLING);
    const taskId = await ann.start("ask");
    const stream = await listen(ann, [taskId]);
    expect(await stream.until("acknowledged")).toContain(taskId);
    await stream.until('"input_required"');
    const inputResponses = { a: named("Ann"), b: named("Bea") };
    await expect
      .poll(async () => Object.keys((await ann.get(taskId)).inputRequests ?? {}))
      .toEqual(["a", "b"]);
    await ann.send("tasks/update", { taskId, inputResponses });
    const said = await stream.until('"completed"');
    expect(said).toContain('"method":"notifications/tasks"');
    await stream.leave();
  });

  it("tells nobody of another's task, nor that there is one", async () => {
    const ann = await connect("telling-ann", declaring, TELLING);
    const bob = await connect("telling-bob", declaring, TELLING);
    const taskId = await ann.start("slow", { label: "private" });
    const stream = await listen(bob, [taskId, "11111111-1111-4111-8111-111111111111"]);
    expect(await stream.until("acknowledged")).not.toContain(taskId);
    await stream.leave();
  });
});

describe("a run that does not come back", () => {
  it("fails at its deadline, is closed by the crons, and expires", async () => {
    const { start, get, send } = await connect("late");
    const taskId = await start("last", { label: "late" });
    await expect.poll(async () => (await get(taskId)).statusMessage).toBeDefined();
    await app.embedded.advance(MINUTE);
    const failed = { status: "failed", error: { code: -32603 } };
    expect(await get(taskId)).toMatchObject(failed);
    expect(await entries("late")).toMatchObject([{ outcome: expect.stringMatching(/lost|ok/) }]);
    await app.embedded.advance(57 * MINUTE);
    expect(await get(taskId)).toMatchObject(failed);
    await app.embedded.advance(2 * MINUTE);
    expect(await send("tasks/get", { taskId })).toMatchObject({ error: { code: -32602 } });
  }, 60_000);
});
