// oxlint-disable typescript/no-explicit-any -- foreign JSON, as a test reads it
/** The tasks extension of 2026-07-28. */
import { verifies } from "@convex-mcp/spec";
import { describe, expect, it } from "vitest";
import {
  askInRounds,
  memoryChanges,
  memoryTasks,
  serveChanges,
  serveTasks,
  streaming,
  ToolError,
  type Deferred,
  type InProcessTool,
  type MemoryTasksOptions,
} from "../src/index.ts";
import { endpoint, newest, post, read, rpc, type Person } from "./support/endpoint.ts";
import { messagesOf, secret } from "./support/live.ts";
import { ask } from "./support/modern.ts";

const id = "io.modelcontextprotocol/tasks";
const declares = { elicitation: {}, extensions: { [id]: {} } };
const text = (value: string) => ({ content: [{ type: "text" as const, text: value }] });
const form = (name: string) => ({
  key: name,
  message: `${name}?`,
  requestedSchema: {
    type: "object",
    properties: { [name]: { type: "string" } },
    required: [name],
  } as const,
});
const pause = (ms = 5) => new Promise((resolve) => setTimeout(resolve, ms));

const work: Record<string, Deferred> = {
  slow: {
    deferred: async () => {
      await pause(20);
      return text("done");
    },
  },
  required: { required: true, deferred: () => text("done") },
  fails: {
    deferred: () => {
      throw new ToolError("No room.");
    },
  },
  breaks: {
    deferred: () => {
      throw new Error("password is hunter2");
    },
  },
  stops: {
    deferred: async ({ signal }) => {
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      return text("too late");
    },
  },
  asks: {
    deferred: async (channel) => {
      const [a, b] = await Promise.all([channel.elicit(form("a")), channel.elicit(form("b"))]);
      channel.progress(1);
      channel.log("error", "never seen");
      return text(`${String(a.content?.a)} ${String(b.content?.b)}`);
    },
  },
};

function server(
  options: Partial<MemoryTasksOptions<Person>> = {},
  more: Record<string, Deferred> = {},
) {
  const errors: unknown[] = [];
  const changes: string[] = [];
  const feed = memoryChanges<string, Person>({ kinds: ["task"] });
  const tasks = memoryTasks<string, Person>({
    ownerOf: (person) => person,
    pollIntervalMs: 10,
    onError: (error) => errors.push(error),
    onChange: (task) => {
      changes.push(task.status);
      feed.publish({ kind: "task", task });
    },
    ...options,
  });
  const tools: InProcessTool<string, Person>[] = Object.entries({ ...work, ...more }).map(
    ([name, deferred]) => ({
      definition: { name, inputSchema: { type: "object" } },
      run: () => deferred,
    }),
  );
  tools.push({
    definition: { name: "asksFirst", inputSchema: { type: "object" } },
    run: async (_, { call }) => {
      const { content } = await call.channel.elicit(form("name"));
      return { deferred: () => text(`Hello ${String(content?.name)}`) };
    },
  });
  const { handler, reported } = endpoint({
    catalog: { tools, tasks },
    features: [
      serveTasks(tasks),
      streaming({ ask: [askInRounds({ secret, ownerOf: (person) => person })] }),
      serveChanges({
        feed,
        maxMs: 200,
        authorize: async (caller, target) =>
          target.kind === "resource" || (await tasks.get(caller, target.taskId)) !== undefined,
      }),
    ],
  });
  const send = async (
    method: string,
    params: Record<string, unknown>,
    { capabilities = declares, person = "ada" }: { capabilities?: object; person?: string } = {},
  ) => {
    const headers = { authorization: `Bearer ${person}` };
    return await read(handler(ask(method, params, { capabilities, headers }), "c"));
  };
  const start = async (name: string) => (await send("tools/call", { name })).body.result;
  const get = async (taskId: string) => (await send("tasks/get", { taskId })).body.result;
  const over = async (taskId: string) => {
    for (let tries = 0; tries < 100; tries += 1) {
      const task = await get(taskId);
      if (task.status !== "working") return task;
      await pause();
    }
    throw new Error("The task did not end.");
  };
  return { handler, reported, errors, changes, send, start, get, over };
}

describe("a task", () => {
  it("answers the call at once, and has the result later", async () => {
    verifies("task.durable");
    const { start, get, over } = server();
    const task = await start("slow");
    expect(task).toMatchObject({
      resultType: "task",
      taskId: expect.any(String),
      status: "working",
      ttlMs: 3_600_000,
      pollIntervalMs: 10,
    });
    expect(new Date(task.createdAt).toISOString()).toBe(task.createdAt);
    for (const name of ["task", "requestState", "ttl", "pollInterval", "ttlScope", "cacheScope"]) {
      expect(task).not.toHaveProperty(name);
    }
    expect(await get(task.taskId)).toMatchObject({ resultType: "complete", status: "working" });
    expect(await over(task.taskId)).toMatchObject({
      resultType: "complete",
      status: "completed",
      result: text("done"),
    });
  });

  it("completes when the tool fails, and fails when we do", async () => {
    verifies("task.failure");
    const { start, over, errors } = server();
    const failed = await over((await start("fails")).taskId);
    expect(failed).toMatchObject({
      status: "completed",
      result: { isError: true, ...text("No room.") },
    });
    const broken = await over((await start("breaks")).taskId);
    expect(broken).toMatchObject({
      status: "failed",
      error: { code: -32603, message: "Internal error" },
    });
    expect(broken).not.toHaveProperty("result");
    expect(errors).toHaveLength(1);
  });

  it("can be cancelled, again and again", async () => {
    verifies("task.cancel", "result.type");
    const { start, send, over } = server();
    const { taskId } = await start("stops");
    for (let times = 0; times < 2; times += 1) {
      const { status, body } = await send("tasks/cancel", { taskId });
      expect([status, body.result]).toEqual([
        200,
        { resultType: "complete", _meta: expect.anything() },
      ]);
    }
    await pause();
    expect(await over(taskId)).toMatchObject({ status: "cancelled" });
    const done = await start("slow");
    await over(done.taskId);
    expect((await send("tasks/cancel", { taskId: done.taskId })).body.result.resultType).toBe(
      "complete",
    );
    expect(await over(done.taskId)).toMatchObject({ status: "completed" });
  });

  it("waits for no answer once it is cancelled", async () => {
    const left: string[] = [];
    const keep = (error: Error) => left.push(error.name);
    const asksOn: Deferred = {
      deferred: async (channel) => {
        await channel.elicit(form("a")).catch(keep);
        await channel.elicit(form("b")).catch(keep);
        throw new Error("stopped");
      },
    };
    const { start, send, get, errors } = server({}, { asksOn });
    const { taskId } = await start("asksOn");
    await pause();
    await send("tasks/cancel", { taskId });
    await pause();
    expect(left).toEqual(["ClientFailure", "ClientFailure"]);
    expect(await get(taskId)).toMatchObject({ status: "cancelled" });
    expect(await get(taskId)).not.toHaveProperty("inputRequests");
    expect(errors).toEqual([]);
  });

  it("asks, and takes the answers one by one", async () => {
    verifies("mrtr.keys");
    const { start, send, get, over, changes } = server();
    const { taskId } = await start("asks");
    await pause();
    const asking = await get(taskId);
    expect(asking.status).toBe("input_required");
    expect(Object.keys(asking.inputRequests)).toEqual(["a", "b"]);
    expect(asking.inputRequests.a).toMatchObject({
      method: "elicitation/create",
      params: { message: "a?" },
    });
    const answer = async (inputResponses: unknown) =>
      (await send("tasks/update", { taskId, inputResponses })).body;
    expect((await answer(null)).error.code).toBe(-32602);
    expect((await answer({ a: { action: "accept" }, z: 1 })).result.resultType).toBe("complete");
    expect(changes).toHaveLength(2);
    expect(Object.keys((await get(taskId)).inputRequests)).toEqual(["a", "b"]);
    await answer({ a: { action: "accept", content: { a: "A" } } });
    expect(Object.keys((await get(taskId)).inputRequests)).toEqual(["b"]);
    await answer({ b: { action: "accept", content: { b: "B" } }, a: { action: "cancel" } });
    const done = await over(taskId);
    expect(done).toMatchObject({ status: "completed", result: text("A B") });
    expect(done).not.toHaveProperty("inputRequests");
  });

  it("may begin after a question of the call itself", async () => {
    const { send, over } = server();
    const first = (await send("tools/call", { name: "asksFirst" })).body.result;
    expect(first.resultType).toBe("input_required");
    const inputResponses = { name: { action: "accept", content: { name: "Ada" } } };
    const { requestState } = first;
    const second = (await send("tools/call", { name: "asksFirst", inputResponses, requestState }))
      .body.result;
    expect(second.resultType).toBe("task");
    expect(await over(second.taskId)).toMatchObject({ result: text("Hello Ada") });
  });

  it("is told of to its owner, who listens", async () => {
    const { handler, start } = server();
    const { taskId } = await start("slow");
    const request = (authorization: string) =>
      ask(
        "subscriptions/listen",
        { notifications: { taskIds: [taskId, "none"] } },
        { capabilities: declares, headers: { authorization } },
      );
    const own = messagesOf(await handler(request("Bearer ada"), "c"));
    const foreign = messagesOf(await handler(request("Bearer eve"), "c"));
    expect((await own.next()).value.params.notifications).toEqual({ taskIds: [taskId] });
    expect((await foreign.next()).value.params.notifications).toEqual({});
    expect((await own.next()).value).toMatchObject({
      method: "notifications/tasks",
      params: { taskId, status: "completed", result: text("done") },
    });
    await own.return(undefined);
    await foreign.return(undefined);
  });
});

it("a question that the client cannot be asked fails the task with what it would have to declare", async () => {
  const asksMuch: Deferred = {
    deferred: async (channel) => {
      await channel.sample({ messages: [], maxTokens: 1 });
      return text("never");
    },
  };
  const { start, over, errors } = server({}, { asksMuch });
  expect(await over((await start("asksMuch")).taskId)).toMatchObject({
    status: "failed",
    error: { code: -32021, data: { requiredCapabilities: { sampling: {} } } },
  });
  expect(errors).toEqual([]);
});

describe("tasks are kept from others", () => {
  it.each(["tasks/get", "tasks/cancel", "tasks/update"])(
    "%s: unknown, foreign and expired are alike",
    async (method) => {
      verifies("task.owner", "handle.user-bound");
      let time = Date.now();
      const { start, send } = server({ now: () => time, ttlMs: 1000 });
      const { taskId } = await start("stops");
      const outcome = async (params: Record<string, unknown>, person = "ada") => {
        const { status, body } = await send(method, { inputResponses: {}, ...params }, { person });
        return [status, body.error?.code, body.error?.message];
      };
      const unknown = await outcome({ taskId: "none" });
      expect(unknown).toEqual([200, -32602, "Unknown task."]);
      expect(await outcome({ taskId }, "eve")).toEqual(unknown);
      expect(await outcome({ taskId: 1 })).toEqual([200, -32602, expect.any(String)]);
      time += 1000;
      expect(await outcome({ taskId })).toEqual(unknown);
    },
  );

  it("and nobody's tasks end those of others", async () => {
    const { start, send } = server({ maxPerOwner: 2 });
    const ada = (await start("stops")).taskId;
    const ids = [];
    for (let at = 0; at < 3; at += 1) {
      const { body } = await send("tools/call", { name: "stops" }, { person: "eve" });
      ids.push(body.result.taskId);
    }
    const status = async (taskId: string, person: string) =>
      (await send("tasks/get", { taskId }, { person })).body.result?.status;
    expect(await status(ada, "ada")).toBe("working");
    expect(await Promise.all(ids.map((id) => status(id, "eve")))).toEqual([
      undefined,
      "working",
      "working",
    ]);
  });

  it("and there are never too many", async () => {
    const { start, send } = server({ max: 2 });
    const ids = [];
    for (let at = 0; at < 3; at += 1) ids.push((await start("stops")).taskId);
    const known = await Promise.all(
      ids.map(async (taskId) => (await send("tasks/get", { taskId })).body.error === undefined),
    );
    expect(known).toEqual([false, true, true]);
  });
});

describe("a client that does not declare tasks", () => {
  const without = { capabilities: { elicitation: {} } };

  it("waits for the work, or is told what it would need", async () => {
    verifies("task.undeclared");
    const { send } = server();
    expect((await send("tools/call", { name: "slow" }, without)).body.result).toMatchObject({
      resultType: "complete",
      ...text("done"),
    });
    const { status, body } = await send("tools/call", { name: "required" }, without);
    expect([status, body.error]).toMatchObject([
      400,
      { code: -32021, data: { requiredCapabilities: { extensions: { [id]: {} } } } },
    ]);
  });

  it.each(["tasks/get", "tasks/update", "tasks/cancel"])("cannot %s", async (method) => {
    const { status, body } = await server().send(
      method,
      { taskId: "x", inputResponses: {} },
      without,
    );
    expect([status, body.error.code]).toEqual([400, -32021]);
  });

  it("of a session waits too", async () => {
    const { handler } = server();
    const call = async (name: string) =>
      (await read(handler(post(rpc("tools/call", { name, task: {} }), newest), "c"))).body;
    expect((await call("slow")).result).toEqual(text("done"));
    expect((await call("required")).result.isError).toBe(true);
    expect(
      (await read(handler(post(rpc("tasks/get", { taskId: "x" }), newest), "c"))).body.error.code,
    ).toBe(-32601);
  });
});

describe("the methods", () => {
  it("are routed by the task's id, and no others exist", async () => {
    verifies("header.name-task");
    const { handler, send } = server();
    const headers = { "mcp-name": "y" };
    const request = ask("tasks/get", { taskId: "x" }, { capabilities: declares, headers });
    expect((await read(handler(request, "c"))).body.error.code).toBe(-32020);
    for (const method of ["tasks/list", "tasks/result"]) {
      const { status, body } = await send(method, { taskId: "x" });
      expect([status, body.error.code]).toEqual([404, -32601]);
    }
  });

  it("are declared as an extension, in the modern era alone", async () => {
    verifies("capability.honest");
    const { handler, send } = server();
    const { capabilities } = (await send("server/discover", {})).body.result;
    expect(capabilities).toEqual({ tools: {}, extensions: { [id]: {} } });
    const params = {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "c", version: "0" },
    };
    const opened = await read(handler(post(rpc("initialize", params)), "c"));
    expect(opened.body.result.capabilities).toEqual({ tools: {} });
  });
});
