// oxlint-disable typescript/no-explicit-any -- foreign JSON, as a test reads it
/** Corners of the specification that belong to no one part of the server. */
import { observe, verifies } from "@convex-mcp/spec";
import { describe, expect, it } from "vitest";
import {
  memoryChanges,
  memoryCompletion,
  memoryResources,
  memorySubscriptions,
  memoryTasks,
  rawJson,
  serveChanges,
  serveCompletion,
  serveResources,
  serveTasks,
  type Change,
  type InProcessTool,
  type McpHandler,
} from "../src/index.ts";
import { endpoint, initialize, newest, post, read, rpc, type Person } from "./support/endpoint.ts";
import { live, messagesOf, open, tool } from "./support/live.ts";
import { ask, parseEvents, parseMessages } from "./support/modern.ts";

const url = "http://localhost:3000/mcp";
const modern = { "mcp-protocol-version": "2026-07-28" };
const kinds: readonly Change["kind"][] = ["tools", "resource"];

const get = (headers: Record<string, string>) =>
  new Request(url, { headers: { accept: "text/event-stream", ...headers } });

function named(name: string): InProcessTool<string, Person> {
  return { definition: { name, inputSchema: { type: "object" } }, run: () => ({ content: [] }) };
}

const one = (uri: string) =>
  serveResources<string, Person>(
    memoryResources({
      resources: [
        { definition: { uri, name: "one" }, read: () => ({ contents: [{ uri, text: "read" }] }) },
      ],
    }),
  );

describe("Mcp-Name", () => {
  it("may hold commas, which part nothing", async () => {
    verifies("header.repeated");
    const uri = "test://a,b,c";
    const { handler } = endpoint({ features: [one(uri)] });
    const { status, body } = await read(handler(ask("resources/read", { uri }), "c"));
    expect([status, body.result.contents[0].text]).toEqual([200, "read"]);
    const headers = { "mcp-name": `${uri}, ${uri}` };
    const twice = await read(handler(ask("resources/read", { uri }, { headers }), "c"));
    expect([twice.status, twice.body.error.code]).toEqual([400, -32020]);
  });

  it.each([
    ["\u00e9", 400],
    ["=?base64?w6k=?=", 200],
    ["=?base64?w6k?=", 400],
    ["=?base64?w6 k=?=", 400],
    ["=?base64? w6k=?=", 400],
    ["=?base64?6Q==?=", 400],
  ])("%j for a name that is not ASCII gives %i", async (name, expected) => {
    verifies("header.non-ascii", "header.sentinel");
    const { handler } = endpoint({ catalog: { tools: [named("\u00e9")] } });
    const headers = { "mcp-name": name };
    const request = ask("tools/call", { name: "\u00e9" }, { headers });
    const { status, body } = await read(handler(request, "c"));
    expect([status, body.error?.code]).toEqual([expected, expected === 400 ? -32020 : undefined]);
  });

  it("is asked for by no other method", async () => {
    verifies("header.name");
    const ref = { type: "ref/prompt", name: "p" };
    const complete = serveCompletion<string, Person>(
      memoryCompletion({ prompts: { p: { a: () => ["x"] } }, templates: {} }),
    );
    const changes = serveChanges<string, Person>({ feed: memoryChanges({ kinds }), maxMs: 1 });
    const { handler } = endpoint({ features: [complete, changes] });
    for (const request of [
      ask("completion/complete", { ref, argument: { name: "a", value: "" } }),
      ask("subscriptions/listen", { notifications: {} }),
      ask("tools/list"),
      ask("server/discover"),
    ]) {
      expect(request.headers.has("mcp-name")).toBe(false);
      expect((await read(handler(request, "c"))).status).toBe(200);
    }
  });
});

it.each(["*/*", "application/*;q=0.1", "Application/JSON", "text/html, application/json;q=0.5"])(
  "Accept: %s is served in both eras",
  async (accept) => {
    verifies("accept.variants");
    const { handler } = endpoint();
    const session = await read(handler(post(rpc("ping"), { ...newest, accept }), "c"));
    expect([session.status, session.body.result]).toEqual([200, {}]);
    const headers = { accept };
    expect((await read(handler(ask("tools/list", {}, { headers }), "c"))).status).toBe(200);
  },
);

it("a capability that one request declared is not known of the next", async () => {
  verifies("envelope.capabilities-per-request");
  const asks = tool("asks", async (channel) => {
    await channel.sample({ messages: [], maxTokens: 1 });
    return "";
  });
  const { handler } = live([asks]);
  const call = (capabilities: object) =>
    read(handler(ask("tools/call", { name: "asks" }, { capabilities }), "c"));
  expect((await call({ sampling: {} })).body.result.resultType).toBe("input_required");
  expect((await call({})).body.error.code).toBe(-32021);
});

const versions = ["2025-03-26", "2025-06-18", "2025-11-25"];

describe.each([...versions, "2024-11-05", "2099-01-01"])("a session that asked for %s", (asked) => {
  it.each(versions)("is served as %s to requests that say so", async (version) => {
    verifies("version.matrix");
    const { handler } = endpoint();
    const params = { ...(initialize.params as object), protocolVersion: asked };
    const authorization = "Bearer ada";
    const opened = await read(handler(post(rpc("initialize", params), { authorization }), "c"));
    expect(opened.body.result.protocolVersion).toBe(
      versions.includes(asked) ? asked : "2025-11-25",
    );
    const headers = {
      authorization,
      "mcp-session-id": opened.headers.get("mcp-session-id")!,
      "mcp-protocol-version": version,
    };
    const { status, body } = await read(handler(post(rpc("tools/list"), headers), "c"));
    expect(status).toBe(200);
    const [echo] = body.result.tools;
    expect(["title" in echo, "icons" in echo]).toEqual([
      version !== "2025-03-26",
      version === "2025-11-25",
    ]);
  });
});

describe("streams", () => {
  const works = tool("works", (channel) => {
    channel.progress(1);
    return "done";
  });
  const call = rpc("tools/call", { name: "works", _meta: { progressToken: 1 } });

  it("of one session share no event id, and each belongs to one stream", async () => {
    verifies("stream.event-ids");
    const { handler } = live([works]);
    const session = await open(handler);
    const texts = await Promise.all(
      [1, 2, 3].map(async (id) => (await read(handler(post({ ...call, id }, session), "c"))).text),
    );
    const streams = texts.map((text) => parseEvents(text).map(({ id = "" }) => id));
    const ids = streams.flat();
    expect(ids.length).toBeGreaterThan(8);
    expect(new Set(ids).size).toBe(ids.length);
    const names = streams.map((each) => new Set(each.map((id) => id.replace(/\.\d+$/, ""))));
    expect(names.map(({ size }) => size)).toEqual([1, 1, 1]);
  });

  it("that a session gets carry nothing of its requests", async () => {
    verifies("stream.get-no-response");
    const feed = memoryChanges<string, Person>({ kinds });
    const subscriptions = memorySubscriptions<string, Person>();
    const changes = serveChanges<string, Person>({ feed, subscriptions, maxMs: 60 });
    const { handler } = live([works], { features: [changes] });
    const session = await open(handler);
    const stream = await handler(get(session), "c");
    const called = await read(handler(post(call, session), "c"));
    expect(parseMessages(called.text)).toHaveLength(2);
    feed.publish({ kind: "tools" });
    const told = parseMessages(await stream.text());
    expect(told.map(({ method }) => method)).toEqual(["notifications/tools/list_changed"]);
  });

  it("of the modern era end with the question, and never carry it as a request", async () => {
    verifies("stream.no-server-requests");
    const asks = tool("asks", async (channel) => {
      channel.progress(1);
      await channel.sample({ messages: [], maxTokens: 1 });
      return "";
    });
    const { handler } = live([asks]);
    const meta = { progressToken: 1 };
    const request = ask("tools/call", { name: "asks" }, { meta, capabilities: { sampling: {} } });
    const messages = parseMessages((await read(handler(request, "c"))).text);
    expect(messages.map(({ method, result }) => method ?? result.resultType)).toEqual([
      "notifications/progress",
      "input_required",
    ]);
    expect(messages.some((message) => "method" in message && "id" in message)).toBe(false);
  });

  it("say nothing once their request is answered", async () => {
    verifies("progress.increases");
    let late = () => {};
    const lingers = tool("lingers", (channel) => {
      channel.progress(1);
      late = () => {
        channel.progress(2);
        channel.log("error", "late");
      };
      return "done";
    });
    const { handler, reported } = live([lingers]);
    const meta = { progressToken: 1, "io.modelcontextprotocol/logLevel": "debug" };
    const response = await handler(ask("tools/call", { name: "lingers" }, { meta }), "c");
    const messages = messagesOf(response);
    expect((await messages.next()).value.method).toBe("notifications/progress");
    late();
    expect((await messages.next()).value.result.resultType).toBe("complete");
    late();
    expect([(await messages.next()).done, reported]).toEqual([true, []]);
  });

  it("acknowledge before they tell what happened while they were granted", async () => {
    verifies("listen.ack-first");
    const feed = memoryChanges<string, Person>({ kinds });
    const changes = serveChanges<string, Person>({
      feed,
      maxMs: 20,
      authorize: async () => {
        feed.publish({ kind: "tools" });
        return true;
      },
    });
    const { handler } = endpoint({ features: [changes] });
    const notifications = { toolsListChanged: true, resourceSubscriptions: ["a:b"] };
    const response = await handler(ask("subscriptions/listen", { notifications }), "c");
    feed.publish({ kind: "tools" });
    const messages = messagesOf(response);
    const methods: unknown[] = [];
    for await (const { method } of messages) methods.push(method);
    expect(methods[0]).toBe("notifications/subscriptions/acknowledged");
    expect(methods).toContain("notifications/tools/list_changed");
  });
});

it("all pages of a list have their hints, and one scope", async () => {
  verifies("cache.hints", "cache.pages");
  const tools = ["a", "b", "c"].map(named);
  const cache = { ttlMs: 7, cacheScope: "public" } as const;
  const { handler } = endpoint({ limits: { pageSize: 1 }, catalog: { tools, cache } });
  let cursor: string | undefined;
  const pages: unknown[] = [];
  do {
    const { body } = await read(handler(ask("tools/list", cursor ? { cursor } : {}), "c"));
    pages.push([body.result.ttlMs, body.result.cacheScope]);
    cursor = body.result.nextCursor;
  } while (cursor !== undefined);
  expect(pages).toEqual(tools.map(() => [7, "public"]));
});

it("a cursor shows nobody else what they may not see", async () => {
  verifies("list.cursor-foreign");
  const tools = ["echo", "secret", "zebra"].map(named);
  const { handler } = endpoint({
    limits: { pageSize: 2 },
    catalog: {
      tools,
      authorize: (caller, { name }) => name === "echo" || caller.principal === "ada",
    },
  });
  const list = async (headers: object, cursor?: string) =>
    (await read(handler(post(rpc("tools/list", { cursor }), { ...newest, ...headers }), "c"))).body;
  const ada = { authorization: "Bearer ada" };
  const { nextCursor } = (await list(ada)).result;
  expect((await list(ada, nextCursor)).result.tools).toHaveLength(1);
  expect(await list({}, nextCursor)).toMatchObject({ error: { code: -32602 } });
});

describe("a bad token is refused", () => {
  const bad = { authorization: "Bearer bad" };
  const feed = memoryChanges<string, Person>({ kinds });
  const features = [
    serveChanges<string, Person>({ feed, subscriptions: memorySubscriptions() }),
    serveTasks<string, Person>(memoryTasks({ ownerOf: (person) => person })),
  ];

  it.each<[string, () => Request]>([
    ["server/discover", () => ask("server/discover", {}, { headers: bad })],
    [
      "subscriptions/listen",
      () => ask("subscriptions/listen", { notifications: {} }, { headers: bad }),
    ],
    ["tasks/get", () => ask("tasks/get", { taskId: "x" }, { headers: bad })],
    ["tasks/update", () => ask("tasks/update", { taskId: "x" }, { headers: bad })],
    ["tasks/cancel", () => ask("tasks/cancel", { taskId: "x" }, { headers: bad })],
    [
      "a modern notification",
      () => post({ jsonrpc: "2.0", method: "notifications/x" }, { ...modern, ...bad }),
    ],
    ["initialize", () => post(initialize, bad)],
    [
      "a request of a session",
      () => post(rpc("ping"), { ...newest, ...bad, "mcp-session-id": "s" }),
    ],
    [
      "a notification",
      () => post({ jsonrpc: "2.0", method: "notifications/initialized" }, { ...newest, ...bad }),
    ],
    ["a response", () => post({ jsonrpc: "2.0", id: 1, result: {} }, { ...newest, ...bad })],
    ["a batch", () => post([rpc("ping")], bad)],
    ["GET", () => get({ ...newest, ...bad, "mcp-session-id": "s" })],
    ["GET that resumes", () => get({ ...newest, ...bad, "last-event-id": "x.1" })],
    [
      "DELETE",
      () => new Request(url, { method: "DELETE", headers: { ...bad, "mcp-session-id": "s" } }),
    ],
    ["nonsense", () => post("{", bad)],
  ])("for %s", async (_, request) => {
    verifies("token.everywhere");
    const { handler } = endpoint({ features });
    const { status, headers } = await read(handler(request(), "c"));
    expect([status, headers.has("www-authenticate")]).toEqual([401, true]);
  });
});

it.each(["POST", "GET", "DELETE"])("%s of a foreign page asks nobody who it is", async (method) => {
  verifies("origin.before-auth");
  let asked = 0;
  const { handler } = endpoint({
    authenticate: () => {
      asked += 1;
      return { ok: true, principal: undefined };
    },
  });
  const headers = { origin: "https://evil.example", authorization: "Bearer ada" };
  expect((await handler(new Request(url, { method, headers }), "c")).status).toBe(403);
  expect(asked).toBe(0);
});

it.each<[string, (handler: McpHandler<string>) => Promise<Response>]>([
  ["a session", (handler) => handler(post(rpc("tools/call", { name: "t" }), newest), "c")],
  ["the modern era", (handler) => handler(ask("tools/call", { name: "t" }), "c")],
  [
    "a stream",
    (handler) =>
      handler(
        post(rpc("tools/call", { name: "t" }), { ...newest, accept: "text/event-stream" }),
        "c",
      ),
  ],
])("what a schema refuses is seen in %s", async (_, call) => {
  verifies("wire.schema");
  const faults: string[] = [];
  const tools = {
    list: async () => [],
    call: async () =>
      ({ kind: "result", result: rawJson('{"content":[{"type":"film"}]}') }) as const,
  };
  const { unwatched } = endpoint({ tools });
  const watched = observe(unwatched, { report: (fault) => faults.push(fault), onlyMessages: true });
  await (await call(watched)).text();
  expect(faults).toEqual([expect.stringContaining("CallToolResult: ")]);
});
