/** Resources, prompts and completion, in every revision. */
import { verifies } from "@convex-mcp/spec";
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as TransportV2,
} from "@modelcontextprotocol/client";
import { describe, expect, it } from "vitest";
import {
  memoryCompletion,
  memoryPrompts,
  memoryResources,
  memorySessions,
  serveCompletion,
  servePrompts,
  serveResources,
  type Caller,
  type Feature,
} from "../src/index.ts";
import { endpoint, initialize, newest, post, read, rpc, type Person } from "./support/endpoint.ts";
import { ask } from "./support/modern.ts";

const icons = [{ src: "data:," }];
const shown = { title: "T", icons, _meta: { "a/b": 1 } };
const refusal = {
  status: 403,
  code: -32000,
  message: "No.",
  headers: { "WWW-Authenticate": "Bearer" },
};

function features(sessions = memorySessions<string, Person>({ ownerOf: (person) => person })) {
  const authorize = (caller: Caller<string, Person>, item: { readonly name: string }) => {
    if (item.name === "refused") return refusal;
    return item.name !== "secret" || caller.principal === "ada";
  };
  const text = (uri: string, body: string) => ({
    contents: [{ uri, mimeType: "text/plain", text: body, _meta: { k: 1 } }],
  });
  const resources = serveResources<string, Person>(
    memoryResources({
      sessions,
      authorize,
      cache: { ttlMs: 1000 },
      resources: [
        {
          definition: {
            uri: "test://text",
            name: "text",
            mimeType: "text/plain",
            size: 2,
            ...shown,
          },
          read: ({ request }) => text(request.uri, "hi"),
        },
        {
          definition: { uri: "test://blob", name: "blob" },
          read: ({ request }) => ({ contents: [{ uri: request.uri, blob: "AAEC" }] }),
        },
        {
          definition: { uri: "test://secret", name: "secret" },
          read: () => text("test://secret", "s"),
        },
        {
          definition: { uri: "test://refused", name: "refused" },
          read: () => text("test://refused", "s"),
        },
      ],
      templates: [
        {
          definition: { uriTemplate: "test://item/{id}", name: "item", ...shown },
          read: ({ request, variables }) =>
            variables.id === "0" ? undefined : text(request.uri, `item ${variables.id}`),
        },
      ],
    }),
  );
  const prompts = servePrompts<string, Person>(
    memoryPrompts({
      sessions,
      authorize,
      prompts: [
        {
          definition: {
            name: "greet",
            description: "Greets.",
            arguments: [{ name: "who", title: "Who", required: true }, { name: "how" }],
            ...shown,
          },
          get: (args) => ({
            messages: [
              { role: "user", content: { type: "text", text: JSON.stringify(args) } },
              {
                role: "assistant",
                content: { type: "resource_link", uri: "a:b", name: "b", icons },
              },
            ],
          }),
        },
        { definition: { name: "plain" }, get: () => ({ messages: [] }) },
        { definition: { name: "secret" }, get: () => ({ messages: [] }) },
        { definition: { name: "refused" }, get: () => ({ messages: [] }) },
      ],
    }),
  );
  const many = Array.from({ length: 150 }, (_, at) => `value ${at}`);
  const completion = serveCompletion<string, Person>(
    memoryCompletion({
      sessions,
      prompts: {
        greet: {
          who: (value, { request }) =>
            many.filter((v) => v.startsWith(value)).concat(Object.keys(request.context)),
        },
      },
      templates: { "test://item/{id}": { id: () => ["1", "2"] } },
    }),
  );
  return {
    sessions,
    features: [resources, prompts, completion] satisfies Feature<string, Person>[],
  };
}

function server(overrides: Parameters<typeof endpoint>[0] = {}) {
  return endpoint({ ...features(), ...overrides }).handler;
}

const send = (request: Request, handler = server()) => read(handler(request, "c"));
const legacy = (method: string, params?: unknown, headers: Record<string, string> = newest) =>
  send(post(rpc(method, params), headers));
const modern = (method: string, params?: Record<string, unknown>) => send(ask(method, params));

describe("capabilities", () => {
  it("name what is given, and nothing else", async () => {
    verifies("capability.honest");
    const all = { tools: {}, resources: {}, prompts: {}, completions: {} };
    expect((await send(post(initialize))).body.result.capabilities).toEqual(all);
    expect((await modern("server/discover")).body.result.capabilities).toEqual(all);
    const bare = await send(post(initialize), endpoint().handler);
    expect(bare.body.result.capabilities).toEqual({ tools: {} });
  });
});

it("is not made with two features that serve the same", () => {
  const once = features().features;
  expect(() => server({ features: [...once, ...once] })).toThrow(
    "two of them serve resources/list",
  );
});

describe("lists", () => {
  it.each([
    ["resources/list", "resources", ["text", "blob"]],
    ["resources/templates/list", "resourceTemplates", ["item"]],
    ["prompts/list", "prompts", ["greet", "plain"]],
  ])("%s shows what the caller may use", async (method, member, names) => {
    verifies("cache.hints");
    const { body } = await legacy(method);
    expect(body.result[member].map(({ name }: { name: string }) => name)).toEqual(names);
    expect(body.result[member][0]).toMatchObject(shown);
    expect(body.result).not.toHaveProperty("ttlMs");
    const now = (await modern(method)).body.result;
    expect(now[member]).toEqual(body.result[member]);
    expect(now).toMatchObject({ resultType: "complete", cacheScope: "private" });
    expect(now.ttlMs).toBe(method.startsWith("resources") ? 1000 : 0);
  });

  it.each(["resources/list", "resources/templates/list", "prompts/list"])(
    "%s is revised for older clients",
    async (method) => {
      const first = async (version: string) => {
        const { body } = await legacy(method, {}, { "mcp-protocol-version": version });
        return (Object.values(body.result)[0] as object[])[0];
      };
      expect(await first("2025-06-18")).toMatchObject({ title: "T", _meta: { "a/b": 1 } });
      expect(await first("2025-06-18")).not.toHaveProperty("icons");
      const oldest = JSON.stringify(await first("2025-03-26"));
      expect(oldest).not.toMatch(/title|icons|_meta/);
    },
  );

  it.each(["resources/list", "prompts/list"])("%s comes in pages", async (method) => {
    const handler = server({ limits: { pageSize: 1 } });
    const first = await send(post(rpc(method), newest), handler);
    const cursor = first.body.result.nextCursor;
    const second = await send(post(rpc(method, { cursor }), newest), handler);
    expect(second.body.result.nextCursor).toBeUndefined();
    expect((await send(post(rpc(method, { cursor: "" }), newest), handler)).body.error.code).toBe(
      -32602,
    );
  });
});

describe("resources/read", () => {
  it.each([
    ["test://text", { text: "hi" }],
    ["test://blob", { blob: "AAEC" }],
    ["test://item/a%20b", { text: "item a b" }],
  ])("reads %s", async (uri, contents) => {
    const { body } = await legacy("resources/read", { uri });
    expect(body.result.contents).toMatchObject([{ uri, ...contents }]);
    const now = (await modern("resources/read", { uri })).body.result;
    expect(now).toMatchObject({
      resultType: "complete",
      ttlMs: 1000,
      cacheScope: "private",
      contents: [contents],
    });
  });

  it.each(["test://none", "test://item/0", "test://secret", "test://item/%ff"])(
    "%s is not found, in the code of each era",
    async (uri) => {
      verifies("resource.missing");
      const old = await legacy("resources/read", { uri });
      expect([old.status, old.body.error]).toMatchObject([200, { code: -32002, data: { uri } }]);
      const now = await modern("resources/read", { uri });
      expect([now.status, now.body.error]).toMatchObject([200, { code: -32602, data: { uri } }]);
    },
  );

  it.each([
    undefined,
    {},
    { uri: 1 },
    { uri: "no scheme" },
    { uri: "test://text", _meta: 1 },
    { uri: `a:${"b".repeat(8192)}` },
  ])("refuses the parameters %j", async (params) => {
    expect((await legacy("resources/read", params)).body.error.code).toBe(-32602);
  });

  it("compares Mcp-Name with the URI", async () => {
    verifies("header.name");
    const headers = { "mcp-name": "test://blob" };
    const { status, body } = await send(ask("resources/read", { uri: "test://text" }, { headers }));
    expect([status, body.error.code]).toEqual([400, -32020]);
  });

  it("leaves out what an old client does not know", async () => {
    const headers = { "mcp-protocol-version": "2025-03-26" };
    const { body } = await legacy("resources/read", { uri: "test://text" }, headers);
    expect(body.result.contents[0]).toEqual({
      uri: "test://text",
      mimeType: "text/plain",
      text: "hi",
    });
  });
});

describe("prompts/get", () => {
  it("fills in a prompt with the arguments it knows", async () => {
    verifies("tool.no-arguments");
    const { body } = await legacy("prompts/get", {
      name: "greet",
      arguments: { who: "Bo", other: "x" },
    });
    expect(body.result.messages[0].content.text).toBe('{"who":"Bo"}');
    expect((await modern("prompts/get", { name: "plain" })).body.result).toMatchObject({
      resultType: "complete",
      messages: [],
    });
  });

  it("speaks to old clients of links in text", async () => {
    const headers = { "mcp-protocol-version": "2025-03-26" };
    const params = { name: "greet", arguments: { who: "Bo" } };
    const { body } = await legacy("prompts/get", params, headers);
    expect(body.result.messages[1].content).toEqual({ type: "text", text: "b: a:b" });
    const june = await legacy("prompts/get", params, { "mcp-protocol-version": "2025-06-18" });
    expect(june.body.result.messages[1].content).toEqual({
      type: "resource_link",
      uri: "a:b",
      name: "b",
    });
  });

  it.each([
    {},
    { name: "none" },
    { name: "secret" },
    { name: "greet" },
    { name: "greet", arguments: { how: "x" } },
    { name: "greet", arguments: { who: 1 } },
    { name: "greet", arguments: [] },
    { name: "__proto__" },
  ])("%j is -32602", async (params) => {
    expect((await legacy("prompts/get", params)).body.error.code).toBe(-32602);
    expect((await modern("prompts/get", params)).body.error.code).toBe(-32602);
  });
});

describe("completion/complete", () => {
  const who = {
    ref: { type: "ref/prompt", name: "greet" },
    argument: { name: "who", value: "value 1" },
  };

  it("suggests at most 100 values, and says that there are more", async () => {
    verifies("completion.limit");
    const { body } = await legacy("completion/complete", who);
    expect(body.result.completion).toMatchObject({ total: 61 });
    const argument = { name: "who", value: "" };
    const all = await legacy("completion/complete", { ...who, argument });
    expect(all.body.result.completion).toMatchObject({ total: 150, hasMore: true });
    expect(all.body.result.completion.values).toHaveLength(100);
    const now = await modern("completion/complete", who);
    expect(now.body.result).toMatchObject({ resultType: "complete", completion: { total: 61 } });
    expect(now.body.result).not.toHaveProperty("ttlMs");
  });

  it("passes the settled arguments, and knows templates", async () => {
    const context = { arguments: { how: "loud" } };
    const argument = { name: "who", value: "nothing" };
    const { body } = await legacy("completion/complete", { ...who, argument, context });
    expect(body.result.completion.values).toEqual(["how"]);
    const ref = { type: "ref/resource", uri: "test://item/{id}" };
    const item = await legacy("completion/complete", { ref, argument: { name: "id", value: "" } });
    expect(item.body.result.completion.values).toEqual(["1", "2"]);
  });

  it.each([
    {},
    { ...who, ref: { type: "ref/prompt", name: "none" } },
    { ...who, ref: { type: "ref/prompt", name: "__proto__" } },
    { ...who, ref: { type: "ref/none", name: "greet" } },
    { ...who, ref: { type: "ref/resource", name: "greet" } },
    { ...who, argument: { name: "none", value: "" } },
    { ...who, argument: { name: "toString", value: "" } },
    { ...who, argument: { name: "who", value: 1 } },
    { ...who, argument: "who" },
    { ...who, context: { arguments: { a: 1 } } },
    { ...who, context: [] },
  ])("%j is -32602", async (params) => {
    verifies("completion.unknown");
    expect((await legacy("completion/complete", params)).body.error.code).toBe(-32602);
  });
});

describe("gates", () => {
  it.each([
    ["resources/read", { uri: "test://refused" }],
    ["prompts/get", { name: "refused" }],
  ])("%s passes a refusal on", async (method, params) => {
    for (const answer of [await legacy(method, params), await modern(method, params)]) {
      expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([403, "Bearer"]);
    }
  });

  it.each([
    ["resources/list", {}],
    ["resources/templates/list", {}],
    ["resources/read", { uri: "test://text" }],
    ["resources/read", {}],
    ["prompts/list", {}],
    ["prompts/get", { name: "plain" }],
    ["prompts/get", {}],
    [
      "completion/complete",
      { ref: { type: "ref/prompt", name: "greet" }, argument: { name: "who", value: "" } },
    ],
    ["completion/complete", {}],
  ])("%s %j needs the session that it names", async (method, params) => {
    const headers = { ...newest, authorization: "Bearer ada", "mcp-session-id": "gone" };
    expect((await legacy(method, params, headers)).status).toBe(404);
  });
});

it.each(["2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"])(
  "serves the v2 client at %s",
  async (version) => {
    const handler = server();
    const fetch = async (input: string | URL | Request, init?: RequestInit) =>
      await handler(new Request(input, init), "c");
    const options =
      version === "2026-07-28"
        ? { versionNegotiation: { mode: { pin: version } } }
        : { supportedProtocolVersions: [version] };
    const client = new ClientV2({ name: "client", version: "0" }, options);
    await client.connect(new TransportV2(new URL("http://localhost:3000/mcp"), { fetch }));
    expect((await client.listResources()).resources).toHaveLength(2);
    expect((await client.listResourceTemplates()).resourceTemplates).toHaveLength(1);
    expect((await client.readResource({ uri: "test://item/7" })).contents).toMatchObject([
      { text: "item 7" },
    ]);
    expect((await client.listPrompts()).prompts).toHaveLength(2);
    const prompt = await client.getPrompt({ name: "greet", arguments: { who: "Bo" } });
    expect(prompt.messages).toHaveLength(2);
    const ref = { type: "ref/resource", uri: "test://item/{id}" } as const;
    const completed = await client.complete({ ref, argument: { name: "id", value: "" } });
    expect(completed.completion.values).toEqual(["1", "2"]);
    await client.close();
  },
);
