import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { costsOf } from "./support/costs.ts";
import { type App, call, initialize, request, startApp } from "./support/app.ts";

let app: App;
let token: string;
let session: string;

beforeAll(async () => {
  app = await startApp();
  token = await app.token("alice", { scope: "rows:read" });
  const response = await app.send(initialize, { token });
  session = response.headers.get("Mcp-Session-Id") ?? "";
  expect(session).not.toBe("");
});

afterAll(() => app.embedded.close());

/** Function calls that the HTTP action makes, as Convex bills them; it is one more itself. */
describe("function calls of a user's request", () => {
  it.each([
    ["initialize", initialize, 1, 1],
    ["ping", request("ping"), 0, 1],
    ["a notification", { jsonrpc: "2.0", method: "notifications/initialized" }, 0, 1],
    ["tools/list", request("tools/list"), 0, 1],
    ["an unknown method", request("no/such"), 0, 1],
    ["tools/call of a query", call("subject"), 1, 1],
    ["tools/call of a mutation", call("add", { label: "x" }), 1, 1],
    [
      "tools/call of a mutation that throws",
      call("add_then_throw", { label: "x", speak: true }),
      1,
      1,
    ],
    ["tools/call of an action", call("explode"), 3, 3],
    ["tools/call of inline code", call("inline", { label: "x" }), 2, 2],
    [
      "tools/call of a query that wants the latest commit",
      call("count_fresh", { label: "x" }),
      2,
      2,
    ],
    ["a call with wrong arguments", call("add", {}), 1, 1],
    ["a call with an id of no table", call("remove", { id: "x" }), 1, 1],
    ["a call without the scope", call("remove", { id: "x" }), 1, 1],
    ["a denied call", call("secret"), 1, 1],
    ["an unknown tool", call("no_such_tool"), 1, 1],
    ["a dispatch that fails", call("add_then_lie", { label: "x" }), 2, 2],
  ])("%s: $2, in a session $3", async (_what, message, without, within) => {
    expect(await app.cost(() => app.send(message, { token }))).toBe(without);
    expect(await app.cost(() => app.send(message, { token, session }))).toBe(within);
  });

  it("a refusal for scopes in a session that is not theirs: 1", async () => {
    const other = await app.token("bob");
    const refused = () => app.send(call("remove", { id: "x" }), { token: other, session });
    expect(await app.cost(refused)).toBe(1);
  });

  it("DELETE: 1", async () => {
    const response = await app.send(initialize, { token });
    const headers = {
      Authorization: `Bearer ${token}`,
      "Mcp-Session-Id": response.headers.get("Mcp-Session-Id") ?? "",
    };
    const end = () => fetch(`${app.embedded.url}/mcp`, { method: "DELETE", headers });
    expect(await app.cost(end)).toBe(1);
  });
});

describe("function calls of a request of 2026-07-28", () => {
  const version = "2026-07-28";
  const modern = (method: string, params: object = {}) =>
    request(method, {
      ...params,
      _meta: {
        "io.modelcontextprotocol/protocolVersion": version,
        "io.modelcontextprotocol/clientCapabilities": {},
      },
    });

  it.each([
    ["server/discover", modern("server/discover"), undefined, 0],
    ["tools/list", modern("tools/list"), undefined, 0],
    ["tools/call of a query", modern("tools/call", { name: "subject" }), "subject", 1],
    ["tools/call of an action", modern("tools/call", { name: "explode" }), "explode", 3],
    ["an unknown tool", modern("tools/call", { name: "no_such_tool" }), "no_such_tool", 1],
    ["resources/list", modern("resources/list"), undefined, 0, "/shelf/mcp"],
    [
      "resources/read",
      modern("resources/read", { uri: "papers://text" }),
      "papers://text",
      1,
      "/shelf/mcp",
    ],
    ["prompts/get", modern("prompts/get", { name: "album" }), "album", 1, "/shelf/mcp"],
  ])("%s: $3", async (_what, message, name, calls, path = "/mcp") => {
    const send = () => app.send(message, { path, token, version, name });
    expect(await (await send()).json()).not.toHaveProperty("error.code", -32020);
    expect(await app.cost(send)).toBe(calls);
  });
});

const PATH = "/shelf/mcp";
const read = (uri: string) => request("resources/read", { uri });
const prompt = (name: string, args: object = {}) =>
  request("prompts/get", { name, arguments: args });
const complete = (name: string, argument: string) =>
  request("completion/complete", {
    ref: { type: "ref/prompt", name },
    argument: { name: argument, value: "" },
  });

describe("function calls of a user's request for resources and prompts", () => {
  it.each([
    ["resources/list", request("resources/list"), 0, 1],
    ["resources/templates/list", request("resources/templates/list"), 0, 1],
    ["prompts/list", request("prompts/list"), 0, 1],
    ["resources/read", read("papers://text"), 1, 2],
    ["resources/read of a template", read("papers://intro/1"), 1, 2],
    ["resources/read of an id of no table", read("rows://x"), 1, 2],
    ["resources/read that fails", read("fail://quietly"), 1, 2],
    ["an unknown URI", read("papers://nothing"), 0, 1],
    ["a URI that its template cannot mean", read("papers://intro/one"), 0, 1],
    ["a denied resource", read("papers://secret"), 0, 1],
    ["a resource without the scope", read("papers://scoped"), 0, 0],
    ["prompts/get", prompt("letter", { customer: "x" }), 1, 2],
    ["prompts/get of inline messages", prompt("inline"), 0, 1],
    ["prompts/get with wrong arguments", prompt("letter"), 0, 1],
    ["an unknown prompt", prompt("none"), 0, 1],
    ["completion/complete", complete("letter", "customer"), 1, 2],
    ["completion/complete without suggestions", complete("letter", "tone"), 0, 1],
    ["completion/complete of nothing", complete("none", "x"), 0, 1],
  ])("%s: $2, in a session $3", async (_what, message, without, within) => {
    const token = await app.token("alice");
    expect(await app.cost(() => app.send(message, { path: PATH, token }))).toBe(without);
    expect(await app.cost(() => app.send(message, { path: PATH, token, session }))).toBe(within);
  });

  it("loadContext comes on top, once", async () => {
    const path = "/loading/mcp";
    const cost = (message: object) => app.cost(() => app.send(message, { path, token }));
    expect(await cost(request("resources/list"))).toBe(1);
    expect(await cost(request("prompts/list"))).toBe(1);
    expect(await cost(read("papers://text"))).toBe(2);
    expect(await cost(prompt("letter", { customer: "x" }))).toBe(2);
    expect(await cost(complete("letter", "customer"))).toBe(2);
  });
});

describe("function calls of a stranger's request for resources and prompts", () => {
  it.each([
    ["resources/list", request("resources/list")],
    ["prompts/list", request("prompts/list")],
    ["a resource that needs a user", read("papers://broken")],
    ["a denied resource", read("papers://secret")],
    ["an unknown URI", read("papers://nothing")],
    ["a prompt that needs a user", prompt("letter", { customer: "x" })],
    ["suggestions that need a user", complete("letter", "customer")],
  ])("%s: none, with a made-up session either", async (_what, message) => {
    expect(await app.cost(() => app.send(message, { path: PATH }))).toBe(0);
    expect(await app.cost(() => app.send(message, { path: PATH, session: "made-up" }))).toBe(0);
  });

  it("a public resource: 1, and none with a made-up session", async () => {
    const message = read("papers://text");
    expect(await app.cost(() => app.send(message, { path: PATH }))).toBe(1);
    expect(await app.cost(() => app.send(message, { path: PATH, session: "made-up" }))).toBe(0);
  });
});

describe("function calls of a stranger's request", () => {
  it.each([
    ["initialize", initialize],
    ["ping", request("ping")],
    ["tools/list", request("tools/list")],
    ["a tool that needs a user", call("subject")],
    ["a denied tool", call("secret")],
    ["an unknown tool", call("no_such_tool")],
    ["wrong arguments", call("echo", {})],
    ["malformed", { jsonrpc: "1.0" }],
  ])("%s: none, with a made-up session either", async (_what, message) => {
    expect(await app.cost(() => app.send(message))).toBe(0);
    expect(await app.cost(() => app.send(message, { session: "made-up" }))).toBe(0);
  });

  it("a public tool: 1", async () => {
    expect(await app.cost(() => app.send(call("hello")))).toBe(1);
  });

  it("a bad token, discovery, preflight: none", async () => {
    const { url } = app.embedded;
    expect(await app.cost(() => app.send(request("ping"), { token: "garbled" }))).toBe(0);
    const wellKnown = `${url}/.well-known/oauth-protected-resource/mcp`;
    expect(await app.cost(() => fetch(wellKnown))).toBe(0);
    expect(await app.cost(() => fetch(`${url}/mcp`, { method: "OPTIONS" }))).toBe(0);
    expect(await app.cost(() => fetch(`${url}/mcp`))).toBe(0);
  });
});

describe("function calls on a gateway with streaming", () => {
  const path = "/talking/mcp";
  const asking = request("initialize", {
    protocolVersion: "2025-11-25",
    capabilities: { elicitation: { form: {} } },
    clientInfo: { name: "budget", version: "1" },
  });
  /** A session whose client can be asked. */
  const open = async (at = path) => {
    const response = await app.send(asking, { path: at, token });
    return { path: at, token, session: response.headers.get("Mcp-Session-Id") ?? "" };
  };
  const told = (name: string, args: object, meta: object = {}) =>
    request("tools/call", { name, arguments: args, _meta: { progressToken: 1, ...meta } });
  /** What an action costs everywhere; inline code is one less. */
  const inline = ["audit:finish", "talking:dispatch"];
  const action = [...inline, "talks:work"];
  const sorted = (...names: string[]) => names.toSorted();

  it.each([
    ["ping", request("ping"), 0, 1],
    ["tools/list", request("tools/list"), 0, 1],
    ["tools/call of a query", call("subject"), 1, 1],
    [
      "tools/call of an action that takes no handle, and makes 2 itself",
      call("relay", { label: "x" }),
      5,
      5,
    ],
  ])("%s: what it costs without, $2, in a session $3", async (_what, message, without, within) => {
    expect(await app.cost(() => app.send(message, { path, token }))).toBe(without);
    const session = await open();
    expect(await app.cost(() => app.send(message, session))).toBe(within);
  });

  it("inline code that tells: a query for its first line of log", async () => {
    const costs = await costsOf(app, told("talk", { ask: false }), await open());
    expect(costs).toEqual({ http: sorted(...inline, "sessions:client"), action: [], polls: {} });
  });

  it("inline code that asks: 3 to ask, 2 for the answer's POST, and looks", async () => {
    const {
      http,
      action: none,
      polls,
    } = await costsOf(app, told("talk", { ask: true }), await open());
    const logs = "sessions:client";
    const ask = ["sessions:client", "mailbox:open", "mailbox:take"];
    const answer = ["sessions:check", "mailbox:put"];
    expect(http).toEqual(sorted(...inline, logs, ...ask, ...answer));
    expect(none).toEqual([]);
    expect(polls).toEqual({ "mailbox:arrived": 1 });
  });

  it("an action that tells: 1 for each thing it says, 1 at its end, and looks", async () => {
    const message = told("work", { label: "x", ask: false });
    const { http, action: own, polls } = await costsOf(app, message, await open());
    expect(http).toEqual(sorted(...action, "handles:close", "sessions:client"));
    expect(own).toEqual([
      "reports:tell",
      "reports:tell",
      "reports:tell",
      "reports:tell",
      "things:add",
    ]);
    expect(polls["reports:list"] ?? 0).toBeLessThanOrEqual(2);
  });

  it("an action that asks: 2 more than inline code, and looks on either side", async () => {
    const message = told("work", { label: "x", ask: true });
    const { http, action: own, polls } = await costsOf(app, message, await open());
    const ask = [
      "sessions:client",
      "mailbox:open",
      "mailbox:take",
      "sessions:check",
      "mailbox:put",
    ];
    const reply = "reports:reply";
    expect(http).toEqual(sorted(...action, "handles:close", "sessions:client", ...ask, reply));
    expect(own.filter((name) => name === "reports:tell")).toHaveLength(5);
    expect(polls).toMatchObject({ "mailbox:arrived": 1, "reports:list": expect.any(Number) });
    expect(polls["reports:replyTo"]).toBeLessThanOrEqual(4);
  });

  it("an action that could reach nobody: what it costs without", async () => {
    const message = told("work", { label: "x", ask: true });
    const silent = { ...(await open()), accept: "application/json" };
    expect(await costsOf(app, message, silent)).toEqual({
      http: sorted(...action),
      action: ["things:add"],
      polls: {},
    });
  });

  it("a call of a session that goes on: a look after 2 and 5 seconds, then each 5 seconds", async () => {
    const { polls } = await costsOf(app, told("last", { label: "x" }), await open());
    expect(polls["cancellations:wished"]).toBe(1);
    expect(polls["reports:list"]).toBeLessThanOrEqual(14);
  });

  it("a round of 2026-07-28: 1 for the seal's secret, and 1 to go on once", async () => {
    const modern = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } },
    };
    const options = { path, token, version: "2026-07-28", name: "talk" };
    const params = { name: "talk", arguments: { ask: true }, _meta: modern };
    const message = request("tools/call", params);
    const first = await app.send(message, options);
    const { requestState } = ((await first.json()) as { result: { requestState: string } }).result;
    const asked = await costsOf(app, message, options);
    expect(asked.http).toEqual(sorted(...inline, "secrets:read"));
    const answer = { action: "accept", content: { name: "Ada" } };
    const next = request("tools/call", {
      ...params,
      requestState,
      inputResponses: { name: answer },
    });
    const { http } = await costsOf(app, next, options);
    expect(http).toEqual(sorted(...inline, "secrets:read", "continuations:redeem"));
  });

  it("a stream that survives: 1 for each message, and 2 to come back once it has ended", async () => {
    const surviving = await open("/surviving/mcp");
    const { http } = await costsOf(app, told("talk", { ask: false }), surviving);
    const kept = ["streams:append", "streams:append", "streams:append"];
    expect(http).toEqual(sorted(...inline, "sessions:client", ...kept));
    const quiet = await costsOf(app, call("subject"), surviving);
    expect(quiet.http).toEqual(["talking:dispatch"]);
    const streamed = await (await app.send(told("talk", { ask: false }), surviving)).text();
    const [, id = ""] = /^id: (.+)$/m.exec(streamed) ?? [];
    const headers = {
      Accept: "text/event-stream",
      Authorization: `Bearer ${token}`,
      "MCP-Protocol-Version": "2025-11-25",
      "Mcp-Session-Id": surviving.session,
      "Last-Event-ID": id,
    };
    const comeBack = () => fetch(app.embedded.url + surviving.path, { headers });
    expect(await (await comeBack()).text()).toContain("talked");
    expect(await app.cost(comeBack)).toBe(2);
  });

  it("cancelling, and choosing log lines: 2", async () => {
    const session = await open();
    const cancel = { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 9 } };
    expect(await app.cost(() => app.send(cancel, session))).toBe(2);
    const level = request("logging/setLevel", { level: "error" });
    expect(await app.cost(() => app.send(level, session))).toBe(2);
  });
});
