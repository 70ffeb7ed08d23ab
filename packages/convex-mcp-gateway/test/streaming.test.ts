// oxlint-disable typescript/no-explicit-any -- foreign JSON, as a test reads it
import { verifies } from "@convex-mcp/spec";
import { describe, expect, it, vi } from "vitest";
import { internal } from "./app/_generated/api.js";
import { talking } from "./app/talking.ts";
import { alice, bob, startApp } from "./support/mcp.ts";
import { eventsOf, messagesOf, talk } from "./support/talk.ts";

type App = ReturnType<typeof startApp>;

async function entries({ t }: App, filter = {}) {
  return (await t.run((ctx) => talking.listAuditEntries(ctx, { kind: "tool", ...filter }))).entries;
}

const rows = ({ t }: App) =>
  t.run(async (ctx) => (await ctx.db.query("rows").collect()).map(({ label }) => label));
const textOf = (message: any) => message.result?.content?.[0]?.text;
const named = (name: string) => ({ action: "accept", content: { name } });

/** Reads a stream, answering what it asks. */
async function answering(
  client: ReturnType<typeof talk>,
  session: Record<string, string>,
  response: Response,
  result: object = named("Ada"),
) {
  const messages: any[] = [];
  for await (const { message } of eventsOf(response)) {
    if (message === undefined) continue;
    messages.push(message);
    if ("method" in message && "id" in message) {
      expect((await client.answer(message.id, result, session)).status).toBe(202);
    }
  }
  return messages;
}

describe("inline code", () => {
  it("tells how far it is, and logs, before its result", async () => {
    const client = talk(startApp(), alice);
    const messages = await messagesOf(
      await client.call("talk", { ask: false }, { headers: await client.open() }),
    );
    expect(messages).toMatchObject([
      { method: "notifications/progress", params: { progress: 1, total: 2, progressToken: "p" } },
      { method: "notifications/message", params: { level: "info", data: { step: 1 } } },
      { id: 1, result: { content: [{ text: "talked" }] } },
    ]);
  });

  it("logs from the level on that the session asked for", async () => {
    const client = talk(startApp(), alice);
    const session = await client.open();
    const level = { id: 5, method: "logging/setLevel", params: { level: "error" } };
    expect(await (await client.post(level, session)).json()).toMatchObject({ result: {} });
    const messages = await messagesOf(
      await client.call("talk", { ask: false }, { headers: session }),
    );
    expect(messages.map(({ method }) => method)).toEqual(["notifications/progress", undefined]);
    const other = await client.open();
    expect(
      await messagesOf(await client.call("talk", { ask: false }, { headers: other })),
    ).toHaveLength(3);
  });

  it("asks the user of a session, whose answer is another POST", async () => {
    const app = startApp();
    const client = talk(app, alice);
    const session = await client.open();
    const response = await client.call("talk", { ask: true }, { headers: session });
    const messages = await answering(client, session, response);
    expect(messages[2]).toMatchObject({
      method: "elicitation/create",
      params: { message: "Your name?" },
    });
    expect(textOf(messages.at(-1))).toBe('accept {"name":"Ada"}');
    expect(await entries(app)).toMatchObject([{ tool: "talk", outcome: "ok" }]);
  });

  it("takes an answer from nobody else: another user, another session, twice, or none asked", async () => {
    verifies("elicitation.session-bound", "handle.user-bound");
    const app = startApp();
    const client = talk(app, alice);
    const session = await client.open();
    const other = await client.open();
    const eve = talk(app, bob);
    const evesSession = await eve.open();
    let last: any;
    for await (const { message } of eventsOf(
      await client.call("talk", { ask: true }, { headers: session }),
    )) {
      last = message;
      if (message?.method !== "elicitation/create") continue;
      const { id } = message;
      expect((await eve.answer(id, named("Eve"), evesSession)).status).toBe(202);
      expect((await eve.answer(id, named("Eve"), session)).status).toBe(404);
      expect((await client.answer(id, named("Eve"), other)).status).toBe(202);
      expect((await client.answer("another-id", named("Eve"), session)).status).toBe(202);
      expect((await client.answer(id, named("Ada"), session)).status).toBe(202);
      expect((await client.answer(id, named("Eve"), session)).status).toBe(202);
    }
    expect(textOf(last)).toBe('accept {"name":"Ada"}');
  });

  it("tells an answer that is too long from one that is none", async () => {
    const app = startApp();
    const client = talk(app, alice);
    const session = await client.open();
    const response = await client.call("talk", { ask: true }, { headers: session });
    const messages = await answering(client, session, response, named("x".repeat(300_000)));
    expect(messages.at(-1).result.isError).toBe(true);
    expect(await entries(app)).toMatchObject([
      { outcome: "failed", error: expect.stringContaining("characters, and may have") },
    ]);
  });

  it("says that a client cannot be asked, and records no failure", async () => {
    const app = startApp();
    const client = talk(app, alice);
    const session = await client.open({});
    const response = await client.call("talk", { ask: true }, { headers: session });
    const last = (await messagesOf(response)).at(-1);
    expect(textOf(last)).toContain("elicitation");
    expect(last.result.isError).toBe(true);
    expect(await entries(app)).toMatchObject([
      { outcome: "interrupted", errorCode: "MissingCapability" },
    ]);
  });

  it("runs where nobody listens, and is told that it cannot ask", async () => {
    const app = startApp();
    const client = talk(app, alice, "/mute/mcp");
    const session = await client.open();
    const quiet = await messagesOf(await client.call("talk", { ask: false }, { headers: session }));
    expect(quiet.map(textOf)).toEqual(["talked"]);
    const asking = await messagesOf(await client.call("talk", { ask: true }, { headers: session }));
    expect(asking).toMatchObject([{ result: { isError: true } }]);
    expect(await entries(app)).toMatchObject([
      { outcome: "failed", error: expect.stringContaining("Nobody can be asked") },
      { outcome: "ok" },
    ]);
  });
});

describe("rounds of 2026-07-28", () => {
  const round = async (client: ReturnType<typeof talk>, name: string, args: object, more = {}) =>
    (await messagesOf(await client.modern(name, args, { more }))).at(-1);

  it("ask, and go on once with the answer; each is an entry that says what happened", async () => {
    verifies("retry.once");
    const app = startApp();
    const client = talk(app, alice);
    const first = await round(client, "talk", { ask: true });
    expect(first.result).toMatchObject({
      resultType: "input_required",
      inputRequests: { name: { method: "elicitation/create" } },
    });
    const { requestState } = first.result;
    const more = { requestState, inputResponses: { name: named("Ada") } };
    const second = await round(client, "talk", { ask: true }, more);
    expect(textOf(second)).toBe('accept {"name":"Ada"}');
    const again = await round(client, "talk", { ask: true }, more);
    expect(again.error.code).toBe(-32602);
    expect(await entries(app)).toMatchObject([
      { outcome: "ok" },
      { outcome: "interrupted", errorCode: "InputRequired", error: "The client is asked: name." },
    ]);
  });

  it("go on for nobody else, and for no other arguments", async () => {
    verifies("mrtr.state-bound", "handle.user-bound");
    const app = startApp();
    const client = talk(app, alice);
    const { requestState } = (await round(client, "talk", { ask: true })).result;
    const more = { requestState, inputResponses: { name: named("Ada") } };
    expect((await round(talk(app, bob), "talk", { ask: true }, more)).error.code).toBe(-32602);
    expect((await round(client, "talk", { ask: false }, more)).error.code).toBe(-32602);
    expect((await round(client, "stubborn", {}, more)).error.code).toBe(-32602);
    const second = await round(client, "talk", { ask: true }, more);
    expect(textOf(second)).toBe('accept {"name":"Ada"}');
  });

  it("are no success of code that goes on without an answer", async () => {
    const app = startApp();
    const client = talk(app, alice);
    const first = await round(client, "stubborn", {});
    expect(first.result.resultType).toBe("input_required");
    expect(await entries(app)).toMatchObject([{ outcome: "interrupted" }]);
  });

  it("tell the status of a client that cannot be asked", async () => {
    const app = startApp();
    const meta = { "io.modelcontextprotocol/clientCapabilities": {} };
    const response = await talk(app, alice).modern("stubborn", {}, { meta });
    expect(textOf(await response.json())).toBe("went on");
    const refused = await talk(app, alice).modern(
      "both",
      {},
      { meta: { ...meta, progressToken: undefined } },
    );
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: { code: -32021 } });
    expect(await entries(app, { tool: "both" })).toMatchObject([
      { outcome: "interrupted", errorCode: "MissingCapability" },
    ]);
  });
});

describe("an action of its own", () => {
  it("tells how far it is and logs while it runs, and does what it did without", async () => {
    const app = startApp();
    const client = talk(app, alice);
    const headers = await client.open();
    const messages = await messagesOf(
      await client.call("work", { label: "a", ask: false }, { headers }),
    );
    expect(messages).toMatchObject([
      { params: { progress: 1, total: 3, message: "begun" } },
      { params: { level: "info", logger: "work", data: { $step: 1 } } },
      { params: { progress: 2, total: 3 } },
      { params: { progress: 3, total: 3 } },
      { result: { content: [{ text: "a: not asked null" }] } },
    ]);
    expect(await rows(app)).toEqual(["a"]);
  });

  it("has an argument that no client sees or sets", async () => {
    const client = talk(startApp(), alice);
    const headers = await client.open();
    const response = await client.post({ id: 2, method: "tools/list" }, headers);
    const { tools } = (await response.json()).result;
    const { inputSchema } = tools.find(({ name }: any) => name === "work");
    expect(Object.keys(inputSchema.properties)).toEqual(["label", "ask"]);
    const args = { label: "a", ask: false, mcp: { id: "x", token: "y" } };
    const [refused] = await messagesOf(await client.call("work", args, { headers }));
    expect(refused.result.isError).toBe(true);
    expect(textOf(refused)).toContain("mcp");
  });

  it("asks in a session", async () => {
    const app = startApp();
    const client = talk(app, alice);
    const session = await client.open();
    const response = await client.call("work", { label: "a", ask: true }, { headers: session });
    const messages = await answering(client, session, response);
    expect(textOf(messages.at(-1))).toBe('a: accept {"name":"Ada"}');
    expect(messages.filter(({ method }) => method === "notifications/progress")).toHaveLength(3);
    expect(await rows(app)).toEqual(["a"]);
    expect(await entries(app)).toMatchObject([{ outcome: "ok" }]);
  });

  it("asks in rounds, ends at the question, and does once what comes after it", async () => {
    const app = startApp();
    const client = talk(app, alice);
    const args = { label: "a", ask: true };
    const first = (await messagesOf(await client.modern("work", args))).at(-1);
    expect(first.result.resultType).toBe("input_required");
    expect(await rows(app)).toEqual([]);
    const { requestState, inputRequests } = first.result;
    const [key = ""] = Object.keys(inputRequests);
    const more = { requestState, inputResponses: { [key]: named("Ada") } };
    const second = (await messagesOf(await client.modern("work", args, { more }))).at(-1);
    expect(textOf(second)).toBe('a: accept {"name":"Ada"}');
    expect(await rows(app)).toEqual(["a"]);
    expect(await entries(app)).toMatchObject([
      { outcome: "ok" },
      { outcome: "interrupted", errorCode: "InputRequired" },
    ]);
  });

  it("asks two things in one round", async () => {
    const client = talk(startApp(), alice);
    const first = (await messagesOf(await client.modern("both"))).at(-1);
    const { requestState, inputRequests } = first.result;
    expect(Object.keys(inputRequests).toSorted()).toEqual(["question-1", "question-2"]);
    const inputResponses = { "question-1": named("Ada"), "question-2": named("Bob") };
    const more = { requestState, inputResponses };
    const second = (await messagesOf(await client.modern("both", {}, { more }))).at(-1);
    expect(textOf(second)).toBe("Ada Bob");
  });

  it("ends by a missing capability as inline code does", async () => {
    const app = startApp();
    const client = talk(app, alice);
    const headers = await client.open({});
    const last = (await messagesOf(await client.call("both", {}, { headers }))).at(-1);
    expect(textOf(last)).toContain("elicitation");
    expect(await entries(app)).toMatchObject([
      { outcome: "interrupted", errorCode: "MissingCapability" },
    ]);
  });

  it("does the same, and is asked nothing, without a caller, or with one that reads no stream", async () => {
    const app = startApp();
    const { api } = await import("./app/_generated/api.js");
    const given = { label: "a", ask: true };
    expect(await app.t.action(api.talks.work, given)).toBe("a: cancel null");
    const client = talk(app, alice);
    const headers = { ...(await client.open()), Accept: "application/json" };
    const [message] = await messagesOf(
      await client.call("work", { label: "b", ask: true }, { headers }),
    );
    expect(textOf(message)).toBe("b: cancel null");
    const mute = talk(app, alice, "/mute/mcp");
    const [muted] = await messagesOf(await mute.call("work", { label: "c", ask: true }));
    expect(textOf(muted)).toBe("c: cancel null");
  });

  it("has a handle that is of no use to anybody else, or afterwards", async () => {
    verifies("handle.user-bound");
    const app = startApp();
    const client = talk(app, alice);
    const headers = await client.open();
    const messages = await messagesOf(await client.call("leak", {}, { headers }));
    const mcp = JSON.parse(textOf(messages.at(-1)));
    expect(mcp).toEqual({ id: expect.any(String), token: expect.any(String) });
    const asAlice = app.t.withIdentity({ issuer: "https://issuer.test", ...alice });
    expect(await asAlice.action(internal.talks.use, { mcp })).toBe("cancel");
  });
});

describe("cancelling", () => {
  const cancelled = { requestId: 7, reason: "changed my mind" };

  it.each(["wait", "last"])(
    "stops %s, is answered by nothing, and is recorded as what it did",
    async (name) => {
      const app = startApp();
      const client = talk(app, alice);
      const session = await client.open();
      const other = await client.open();
      const args = name === "last" ? { label: "stopped" } : {};
      const response = await client.call(name, args, { id: 7, headers: session });
      await client.notify("notifications/cancelled", { ...cancelled, requestId: "7" }, session);
      await client.notify("notifications/cancelled", cancelled, other);
      await client.notify("notifications/cancelled", cancelled, session);
      const messages = await messagesOf(response);
      expect(messages.every(({ method }) => method === "notifications/progress")).toBe(true);
      await vi.waitFor(async () => {
        expect(await entries(app)).toMatchObject([{ tool: name, outcome: "ok" }]);
      });
      expect(await rows(app)).toEqual(name === "last" ? ["stopped"] : []);
      const { entries: wishes } = await app.t.run((ctx) =>
        talking.listAuditEntries(ctx, { kind: "cancellation" }),
      );
      const [its, theOther] = [session, other].map((it) => it["Mcp-Session-Id"]);
      const by = { outcome: "ok", subject: "alice", clientName: "talker" };
      expect(wishes).toMatchObject([
        { ...by, requestId: "7", sessionId: its },
        { ...by, requestId: "7", sessionId: theOther },
        { ...by, requestId: '"7"', sessionId: its },
      ]);
    },
    10_000,
  );
});

describe("a stream that breaks", () => {
  const PATH = "/surviving/mcp";

  it("is lost where nothing is kept", async () => {
    const client = talk(startApp(), alice);
    const session = await client.open();
    expect((await client.resume(`${crypto.randomUUID()}.1`, session)).status).toBe(405);
  });

  it("is fetched by its own client alone", async () => {
    verifies("stream.resume-own", "handle.user-bound");
    const app = startApp();
    const client = talk(app, alice, PATH);
    const session = await client.open();
    const events = [];
    for await (const event of eventsOf(
      await client.call("talk", { ask: false }, { headers: session }),
    )) {
      events.push(event);
    }
    const [priming, progress] = events;
    expect(priming).toMatchObject({ id: expect.stringMatching(/\.0$/), message: undefined });
    const rest = [];
    for await (const event of eventsOf(await client.resume(progress?.id ?? "", session))) {
      rest.push(event);
    }
    expect(rest).toEqual(events.slice(2));
    const other = await client.open();
    expect((await client.resume(progress?.id ?? "", other)).status).toBe(400);
    const eve = talk(app, bob, PATH);
    expect((await eve.resume(progress?.id ?? "", session)).status).toBe(404);
    expect((await eve.resume(progress?.id ?? "", await eve.open())).status).toBe(400);
  });

  it("goes on meanwhile, and gives a result of any length whole", async () => {
    verifies("stream.large", "disconnect.session");
    const client = talk(startApp(), alice, PATH);
    const session = await client.open();
    const characters = 700_000;
    const response = await client.call("long", { characters }, { headers: session });
    const first = await eventsOf(response).next();
    const id = first.value?.id ?? "";
    const messages = await messagesOf(await client.resume(id, session));
    expect(textOf(messages.at(-1))).toBe("é".repeat(characters));
  });
});

describe("a batch", () => {
  it("has actions that are told to nobody, and recorded as any other", async () => {
    const app = startApp();
    const call = { method: "tools/call", params: { name: "talk", arguments: { ask: false } } };
    const answer = await app.as(alice, "/talking/mcp").send({
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json, text/event-stream",
        "MCP-Protocol-Version": "2025-03-26",
      },
      body: JSON.stringify([{ jsonrpc: "2.0", id: 1, ...call }]),
    });
    expect(answer.body).toMatchObject([{ result: { content: [{ text: "talked" }] } }]);
    const { entries } = await app.t.run((ctx) => talking.listAuditEntries(ctx, { kind: "tool" }));
    expect(entries).toMatchObject([{ tool: "talk", outcome: "ok" }]);
  });
});
