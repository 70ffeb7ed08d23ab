// oxlint-disable typescript/no-explicit-any -- foreign JSON, as a test reads it
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { components } from "./app/_generated/api.js";
import { listAuditEntries } from "../src/auditLog.ts";
import { alice, bob, startApp, type User } from "./support/mcp.ts";
import { refused } from "./support/refusals.ts";
import { tasker } from "./support/task.ts";
import { eventsOf, messagesOf, talk } from "./support/talk.ts";
import { watch } from "./support/watch.ts";

const PATH = "/guarded/mcp";
const BAD = { Authorization: "Bearer bad" };

let app: ReturnType<typeof startApp>;
beforeEach(() => {
  app = startApp();
});
afterEach(async () => {
  await app.t.finishInProgressScheduledFunctions();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const end = (user: User | undefined, session: string, path = PATH) =>
  app.as(user, path).send({ method: "DELETE", headers: { "Mcp-Session-Id": session } });
const entries = async (filter = {}) =>
  (await app.t.run((ctx) => listAuditEntries(ctx, components.mcpGateway, filter))).entries;

describe("somebody else's session", () => {
  it("that is ended is counted, and so is one that there is not", async () => {
    const { session = "" } = await app.as(alice, PATH).initialize();
    for (const _ of [1, 2, 3]) expect((await end(bob, session)).status).toBe(404);
    expect((await end(bob, "made-up")).status).toBe(404);
    expect((await end(alice, session)).status).toBe(204);
    expect((await end(alice, session)).status).toBe(404);
    expect(await refused(app)).toEqual({ foreignSession: 3, unknownSession: 2 });
    expect((await entries({ kind: "session" })).map(({ name }) => name)).toEqual(["end", "start"]);
  });

  it("is counted in the log of a gateway that counts no refusals, and one that there is not is not", async () => {
    const { session = "" } = await app.as(alice).initialize();
    expect((await end(bob, session, "/mcp")).status).toBe(404);
    expect((await end(bob, "made-up", "/mcp")).status).toBe(404);
    expect((await app.as(bob).rpc("ping", {}, { "Mcp-Session-Id": session })).status).toBe(404);
    expect(await refused(app)).toEqual({ foreignSession: 2 });
  });

  it.each([
    ["ping", {}],
    ["tools/list", {}],
    ["no/such", {}],
    ["tools/call", { name: 7 }],
    ["resources/read", { uri: "papers://hello" }],
    ["resources/subscribe", { uri: "papers://hello" }],
    ["logging/setLevel", { level: "error" }],
    ["notifications/cancelled", { requestId: 1 }],
  ])("is counted by %s, for users and strangers", async (method, params) => {
    const { session = "" } = await app.as(alice, PATH).initialize();
    const headers = { "Mcp-Session-Id": session };
    for (const user of [bob, undefined]) {
      const answer = await app.as(user, PATH).rpc(method, params, headers);
      expect([404, 401]).toContain(answer.status);
    }
    expect(await refused(app)).toEqual({ foreignSession: 2 });
  });

  it("is counted once for a stream, a response and a batch", async () => {
    const { session = "" } = await app.as(alice, PATH).initialize();
    const headers = { "Mcp-Session-Id": session };
    const client = talk(app, bob, PATH);
    expect((await client.answer("x", {}, headers)).status).toBe(404);
    expect((await watch(app, bob, PATH).open()) && (await client.resume("x", headers)).status).toBe(
      404,
    );
    const batch = [
      { nonsense: 1 },
      ...[1, 2].map((id) => ({ jsonrpc: "2.0", id, method: "ping" })),
    ];
    await app.as(bob, PATH).send({
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json, text/event-stream",
        "MCP-Protocol-Version": "2025-03-26",
        ...headers,
      },
      body: JSON.stringify(batch),
    });
    expect(await refused(app)).toEqual({ foreignSession: 3 });
  });

  it("has an entry for each call of a user, which says whose it is not", async () => {
    const { session = "" } = await app.as(alice, PATH).initialize();
    for (const id of [session, "made-up"]) {
      const answer = await app.as(bob, PATH).call("hello", {}, { "Mcp-Session-Id": id });
      expect(answer.status).toBe(404);
    }
    const refusal = { subject: "bob", outcome: "denied", errorCode: "SessionNotFound" };
    const [unknown, foreign] = await entries({ kind: "tool" });
    expect([unknown, foreign]).toMatchObject([refusal, refusal]);
    expect(unknown).not.toHaveProperty("error");
    expect(foreign?.error).toContain("somebody else's");
    expect(JSON.stringify([unknown, foreign])).not.toContain(session);
  });

  it("is counted where a stranger calls in it, and once", async () => {
    const { session = "" } = await app.as(alice, PATH).initialize();
    for (const name of ["hello", "talk"]) {
      await app.as(undefined, PATH).call(name, {}, { "Mcp-Session-Id": session });
    }
    expect(await refused(app)).toEqual({ foreignSession: 2 });
    expect(await entries({ kind: "tool" })).toEqual([]);
  });
});

describe("what is refused", () => {
  it("is counted where a stranger starts a task that needs a user", async () => {
    const stranger = tasker(app, undefined, undefined, PATH);
    expect((await stranger.call("open_task", { label: "a" })).status).toBe(401);
    expect(await refused(app)).toEqual({ anonymousCall: 1 });
  });

  it("is counted: a subscription to what there is not, or is not for them", async () => {
    const client = watch(app, bob, PATH);
    const session = await client.open();
    const subscribe = (uri: string) => client.send("resources/subscribe", { uri }, session);
    await subscribe("papers://none");
    await subscribe("papers://hello");
    const heard = await watch(app, undefined, PATH).listen({
      resourceSubscriptions: ["papers://hello"],
    });
    await heard.body?.cancel();
    expect(await refused(app)).toEqual({ subscription: 2 });
  });

  it("is no token that could not be judged: that failed", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const headers = { Authorization: "Bearer down" };
    expect((await app.as(undefined, PATH).rpc("ping", {}, headers)).status).toBe(503);
    expect((await app.as(undefined, PATH).rpc("ping", {}, BAD)).status).toBe(401);
    expect(await refused(app)).toEqual({ badToken: 1 });
  });
});

describe("what else is somebody else's", () => {
  const named = { key: "name", action: "accept", content: { name: "Ada" } };

  it("is counted: a task", async () => {
    const taskId = await tasker(app, alice, undefined, PATH).start("slow", { label: "a" });
    const thief = tasker(app, bob, undefined, PATH);
    for (const id of [taskId, crypto.randomUUID()]) {
      expect((await thief.send("tasks/get", { taskId: id })).error.code).toBe(-32602);
      expect((await thief.update(id, {})).error.code).toBe(-32602);
      expect((await thief.cancel(id)).error.code).toBe(-32602);
    }
    expect((await tasker(app, undefined, undefined, PATH).cancel(taskId)).error.code).toBe(-32602);
    expect(await refused(app)).toEqual({ foreignTask: 4, unknownTask: 3 });
  });

  it("is counted: a stream", async () => {
    const owner = talk(app, alice, PATH);
    const session = await owner.open();
    const response = await owner.call("talk", {}, { headers: session });
    const events = eventsOf(response);
    const { value: first } = await events.next();
    const thief = talk(app, bob, PATH);
    const theirs = await thief.open();
    for (const id of [first.id, `${crypto.randomUUID()}.0`]) {
      expect((await thief.resume(id, theirs)).status).toBe(400);
    }
    let question: any;
    for await (const { message } of events) {
      if (message?.method !== "elicitation/create") continue;
      question = message;
      break;
    }
    expect((await thief.answer(question.id, named, theirs)).status).toBe(202);
    expect((await thief.answer(crypto.randomUUID(), named, theirs)).status).toBe(202);
    expect((await owner.answer(question.id, named, session)).status).toBe(202);
    expect(await refused(app)).toEqual({ foreignStream: 1, unknownStream: 1, foreignAnswer: 1 });
  });

  it("is counted where no refusals are: an answer", async () => {
    const owner = talk(app, alice);
    const session = await owner.open();
    const events = eventsOf(await owner.call("talk", { ask: true }, { headers: session }));
    const thief = talk(app, bob);
    const theirs = await thief.open();
    for await (const { message } of events) {
      if (message?.method !== "elicitation/create") continue;
      await thief.answer(message.id, named, theirs);
      await owner.answer(message.id, named, session);
    }
    expect(await refused(app)).toEqual({ foreignAnswer: 1 });
  });

  it("is counted: the state of a round", async () => {
    const asked = await messagesOf(await talk(app, alice, PATH).modern("talk"));
    const { requestState } = asked.at(-1).result;
    const more = { requestState, inputResponses: { name: named } };
    const again = async (user: User) =>
      (await messagesOf(await talk(app, user, PATH).modern("talk", {}, { more }))).at(-1);
    expect((await again(bob)).error.code).toBe(-32602);
    expect((await again(alice)).result.resultType).toBe("complete");
    expect((await again(alice)).error.code).toBe(-32602);
    expect(await refused(app)).toEqual({ requestState: 2 });
  });
});
