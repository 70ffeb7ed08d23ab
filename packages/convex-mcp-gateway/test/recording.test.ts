import { afterEach, describe, expect, it, vi } from "vitest";
import { components } from "./app/_generated/api.js";
import { alice, bob, startApp } from "./support/mcp.ts";
import { MODERN } from "./support/talk.ts";
import { listAuditEntries } from "../src/auditLog.ts";

const PATH = "/recorded/mcp";
const TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const OTHER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

type App = ReturnType<typeof startApp>;

afterEach(() => void vi.restoreAllMocks());

const entries = async ({ t }: App, filter = {}) =>
  (await t.run((ctx) => listAuditEntries(ctx, components.mcpGateway, filter))).entries;
const kinds = async (app: App) =>
  (await entries(app)).map(({ kind, tool, name, outcome }) => [kind, tool ?? name, outcome]);

describe("what is recorded beside tools", () => {
  it("is the start and the end of a user's session, with their client", async () => {
    const app = startApp();
    const user = app.as(alice, PATH);
    const { session } = await user.initialize();
    await user.send({ method: "DELETE", headers: { "Mcp-Session-Id": session ?? "" } });
    expect(await entries(app)).toMatchObject([
      { kind: "session", name: "end", outcome: "ok", subject: "alice", sessionId: session },
      { kind: "session", name: "start", sessionId: session, clientName: "tester" },
    ]);
    expect(await entries(app, { session, client: "tester" })).toHaveLength(2);
  });

  it("is no session that there was not", async () => {
    const app = startApp();
    const { session } = await app.as(alice, PATH).initialize();
    const end = { method: "DELETE", headers: { "Mcp-Session-Id": session ?? "" } };
    expect((await app.as(bob, PATH).send(end)).status).toBe(404);
    await app.as(undefined, PATH).initialize();
    expect(await kinds(app)).toEqual([["session", "start", "ok"]]);
  });

  it("is how reads went", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const app = startApp();
    const user = app.as(alice, PATH);
    for (const uri of ["looks://well", "looks://throw", "looks://deny", "nowhere://x"]) {
      await user.rpc("resources/read", { uri });
    }
    await user.rpc("prompts/get", { name: "ask", arguments: { how: "well" } });
    await user.rpc("prompts/get", { name: "ask", arguments: {} });
    await user.rpc("prompts/get", { name: "no such prompt" });
    expect((await kinds(app)).toReversed()).toEqual([
      ["resource", "looks", "ok"],
      ["resource", "looks", "failed"],
      ["resource", "looks", "denied"],
      ["resource", undefined, "denied"],
      ["prompt", "ask", "ok"],
      ["prompt", "ask", "invalid"],
      ["prompt", undefined, "denied"],
    ]);
    expect(await entries(app, { outcome: "invalid" })).toMatchObject([{ errorCode: "-32602" }]);
    const [first] = await entries(app, { kind: "resource", outcome: "ok" });
    expect(first).toMatchObject({
      subject: "alice",
      args: '{"how":"well"}',
      requestId: "1",
      decision: "allow",
      resultBytes: expect.any(Number),
    });
  });

  it("is every list of a user, and how completions went", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const app = startApp();
    const user = app.as(alice, PATH);
    const lists = ["tools/list", "resources/list", "resources/templates/list", "prompts/list"];
    for (const method of lists) {
      await user.rpc(method, {});
      await app.as(undefined, PATH).rpc(method, {});
    }
    const complete = (name: string, argument: string, value: string, context = {}) =>
      user.rpc("completion/complete", {
        ref: { type: "ref/prompt", name },
        argument: { name: argument, value },
        context: { arguments: context },
      });
    await complete("ask", "how", "we");
    await complete("ask", "how", "throw");
    await complete("ask", "how", "\ud800");
    await complete("ask", "how", "x", { how: "deny" });
    await complete("unlock", "password", "sEcReT");
    await complete("unlock", "nothing", "sEcReT");
    await complete("nothing", "how", "sEcReT");
    expect((await kinds(app)).toReversed()).toEqual([
      ...lists.map((method) => ["list", method, "ok"]),
      ["completion", "ask", "ok"],
      ["completion", "ask", "failed"],
      ["completion", "ask", "invalid"],
      ["completion", "ask", "denied"],
      ["completion", "unlock", "ok"],
      ["completion", undefined, "denied"],
      ["completion", undefined, "denied"],
    ]);
    const [tools] = (await entries(app, { kind: "list" })).toReversed();
    expect(tools).toMatchObject({
      subject: "alice",
      requestId: "1",
      resultBytes: expect.any(Number),
      durationMs: expect.any(Number),
    });
    const completions = await entries(app, { kind: "completion" });
    expect(completions.at(-1)).toMatchObject({ args: '{"how":"we"}', resultBytes: 7 });
    expect(JSON.stringify(completions)).not.toContain("sEcReT");
  });

  it.each(["tools/list", "resources/list", "resources/templates/list", "prompts/list"])(
    "is a list that was refused for its cursor: %s",
    async (method) => {
      const app = startApp();
      const user = app.as(alice, PATH);
      const { session = "" } = await user.initialize();
      for (const headers of [{}, { "Mcp-Session-Id": session }]) {
        for (const cursor of ["1.bm8gc3VjaA", "", 7, null]) {
          const { body } = await user.rpc(method, { cursor }, headers);
          expect(body?.error?.code).toBe(-32602);
        }
      }
      const lists = await entries(app, { kind: "list" });
      expect(lists).toHaveLength(8);
      for (const entry of lists) {
        expect(entry).toMatchObject({ name: method, outcome: "invalid", errorCode: "-32602" });
      }
    },
  );

  it("is a list in a session, with its client, and none where the session does not hold", async () => {
    const app = startApp();
    const user = app.as(alice, PATH);
    const { session = "" } = await user.initialize();
    await user.rpc("tools/list", {}, { "Mcp-Session-Id": session });
    expect(await entries(app, { kind: "list" })).toMatchObject([
      { sessionId: session, clientName: "tester" },
    ]);
    await app.as(bob, PATH).rpc("tools/list", {}, { "Mcp-Session-Id": session });
    expect(await entries(app, { kind: "list" })).toHaveLength(1);
  });

  it("is the client of a request without a session, which it names itself", async () => {
    const app = startApp();
    const send = (clientInfo: unknown) =>
      app.as(alice, PATH).rpc(
        "tools/call",
        {
          name: "look",
          arguments: { how: "well" },
          _meta: {
            "io.modelcontextprotocol/protocolVersion": MODERN,
            "io.modelcontextprotocol/clientCapabilities": {},
            "io.modelcontextprotocol/clientInfo": clientInfo,
          },
        },
        { "MCP-Protocol-Version": MODERN, "Mcp-Method": "tools/call", "Mcp-Name": "look" },
      );
    expect((await send({ name: "modern\u202e", version: "7" })).status).toBe(200);
    for (const odd of [null, 7, [], "x", { name: 7 }]) await send(odd);
    expect(await entries(app, { client: "modern" })).toMatchObject([
      { tool: "look", clientName: "modern", clientVersion: "7" },
    ]);
  });

  it("is a call that was undone, with its session's client", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const app = startApp();
    const user = app.as(alice, PATH);
    const { session = "" } = await user.initialize();
    await user.call("lie", { how: "well" }, { "Mcp-Session-Id": session });
    expect(await entries(app, { kind: "tool" })).toMatchObject([
      { tool: "lie", outcome: "failed", sessionId: session, clientName: "tester" },
    ]);
  });

  it("is what was refused in a session that is not theirs, without that session", async () => {
    const app = startApp();
    const { session = "" } = await app.as(alice, PATH).initialize();
    const headers = { "Mcp-Session-Id": session };
    for (const name of ["look", "look_now", "work", "relay", "inline", "lie", "none"]) {
      expect((await app.as(bob, PATH).call(name, { how: "well" }, headers)).status).toBe(404);
      await app.as(undefined, PATH).call(name, { how: "well" }, headers);
    }
    const theirs = await entries(app, { kind: "tool" });
    expect(theirs).toHaveLength(7);
    for (const entry of theirs) {
      expect(entry).toMatchObject({
        subject: "bob",
        outcome: "denied",
        errorCode: "SessionNotFound",
      });
      expect(entry).not.toHaveProperty("sessionId");
      expect(entry).not.toHaveProperty("clientName");
    }
  });

  it("is a read in a session, and a refusal where that does not hold", async () => {
    const app = startApp();
    const { session = "" } = await app.as(alice, PATH).initialize();
    const read = (user: typeof alice) =>
      app
        .as(user, PATH)
        .rpc("resources/read", { uri: "looks://well" }, { "Mcp-Session-Id": session });
    expect((await read(bob)).status).toBe(404);
    expect((await read(alice)).status).toBe(200);
    expect(await entries(app, { kind: "resource" })).toMatchObject([
      { outcome: "ok", clientName: "tester" },
      { outcome: "denied", errorCode: "SessionNotFound", subject: "bob" },
    ]);
  });

  it("is no single call of a stranger that was refused", async () => {
    const app = startApp();
    const stranger = app.as(undefined, PATH);
    for (let index = 0; index < 3; index++) await stranger.call("work", { how: `said ${index}` });
    await stranger.rpc("resources/read", { uri: "looks://said" });
    await stranger.rpc("ping", {}, { Authorization: "Bearer said" });
    // They become entries when their minute is over: e2e/auditLog.test.ts.
    expect(await entries(app)).toEqual([]);
  });
});

describe("the caller's trace", () => {
  const traced = (traceparent: unknown) => ({ _meta: { traceparent } });

  it("is that of the message, else that of the request", async () => {
    const app = startApp();
    const user = app.as(alice, PATH);
    const args = { name: "look", arguments: { how: "well" } };
    await user.rpc("tools/call", { ...args, ...traced(TRACE) }, { traceparent: OTHER });
    await user.rpc("tools/call", args, { traceparent: OTHER });
    await user.rpc("resources/read", { uri: "looks://well", ...traced(TRACE) });
    await user.rpc("tools/call", args);
    const traces = (await entries(app)).map(({ traceparent }) => traceparent);
    expect(traces.toReversed()).toEqual([TRACE, OTHER, TRACE, undefined]);
  });

  it.each([7, null, {}, "x".repeat(10_000), `${TRACE}\n`, `${TRACE}-more`])(
    "is none when it is %j",
    async (odd) => {
      const app = startApp();
      const args = { name: "look", arguments: { how: "well" }, ...traced(odd) };
      const answer = await app.as(alice, PATH).rpc("tools/call", args);
      expect(answer.status).toBe(200);
      expect((await entries(app))[0]).not.toHaveProperty("traceparent");
    },
  );
});

describe("secrets", () => {
  it("thrown at every layer reach neither the caller nor the log", async () => {
    const logged: unknown[] = [];
    vi.spyOn(console, "error").mockImplementation((...all: unknown[]) => void logged.push(all));
    const app = startApp();
    const user = app.as(alice, PATH);
    const headers = { "User-Agent": "agent/1 (token=sEcReTaGeNt01234)" };
    const answers = [];
    for (const how of ["throw", "deny", "blind", "well"]) {
      for (const name of ["look", "look_now", "work", "inline"]) {
        answers.push(await user.call(name, { how }, headers));
      }
      answers.push(await user.rpc("resources/read", { uri: `looks://${how}` }, headers));
      answers.push(await user.rpc("prompts/get", { name: "ask", arguments: { how } }, headers));
    }
    const post = (id: string, method: string, params: object) =>
      user.send({
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          Accept: "application/json, text/event-stream",
          "MCP-Protocol-Version": "2025-11-25",
        },
        body: JSON.stringify({ jsonrpc: "2.0", id, method, params }),
      });
    await post("Bearer sEcReTiD0123456", "tools/call", { name: "look", arguments: { how: "x" } });
    await post("1", "tools/call", { name: "key=sk_live_sEcReTnAmE0123" });
    await post("1", "initialize", {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "agent (token=sEcReTcLiEnT01)", version: "Bearer sEcReTvErSiOn0123" },
    });
    const password = "sEcReTaRgUmEnT";
    answers.push(await user.call("inline", { how: "well", password }, headers));
    answers.push(await user.call("inline", { how: 7, password }, headers));
    answers.push(await user.call("none", { how: "well", password }, headers));
    answers.push(await user.rpc("tools/call", { name: "look", arguments: password }, headers));
    const sent = answers.map(({ body, headers: all }) => JSON.stringify([body, [...all]]));
    // What a tool gives is for its caller.
    expect(sent.join("\n").replaceAll("sEcReTrEsUlT", "")).not.toMatch(/sEcReT/);
    const log = JSON.stringify(await entries(app, { limit: 200 }));
    expect(log).toContain("[redacted]");
    expect(log).not.toMatch(/sEcReT/);
  });
});
