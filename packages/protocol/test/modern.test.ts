/** Revision 2026-07-28, and what keeps it apart from the sessions on the same endpoint. */
import { verifies } from "@convex-mcp/spec";
import { describe, expect, it } from "vitest";
import { rawJson, type InProcessTool } from "../src/index.ts";
import { endpoint, initialize, newest, post, read, rpc, type Person } from "./support/endpoint.ts";
import { ask, envelope } from "./support/modern.ts";

const version = "mcp-protocol-version";
const serverInfo = "io.modelcontextprotocol/serverInfo";
const info = { name: "test", version: "1.2.3" };

const region: InProcessTool<string, Person> = {
  definition: {
    name: "region",
    inputSchema: {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      properties: {
        region: { type: "string", "x-mcp-header": "Region" },
        count: { type: "integer", "x-mcp-header": "Count" },
        dry: { type: "boolean", "x-mcp-header": "Dry" },
        deep: { type: "object", properties: { at: { type: "string", "x-mcp-header": "At" } } },
        list: { type: "array", items: { properties: { no: { "x-mcp-header": "No" } } } },
      },
      $defs: { a: { $anchor: "a" } },
      allOf: [{ if: {}, else: {} }],
    },
    execution: { taskSupport: "optional" },
  },
  run: (args) => ({ content: [{ type: "text", text: JSON.stringify(args) }] }),
};

function send(request: Request, overrides: Parameters<typeof endpoint>[0] = {}) {
  const { handler } = endpoint({ catalog: { tools: [region] }, ...overrides });
  return read(handler(request, "c"));
}

describe("the ladder of a modern request", () => {
  const meta = envelope();
  const without = (key: string) =>
    Object.fromEntries(Object.entries(meta).filter(([k]) => !k.endsWith(key)));
  const modern = { [version]: "2026-07-28", "mcp-method": "server/discover" };
  const discover = (params: unknown, headers: Record<string, string | undefined> = modern) =>
    post(rpc("server/discover", params), headers);
  const of = (named: unknown) => ({
    _meta: { ...meta, "io.modelcontextprotocol/protocolVersion": named },
  });

  it.each<[string, Request, number, number]>([
    ["no params", discover(undefined), 400, -32602],
    ["no _meta", discover({}), 400, -32602],
    ["_meta null", discover({ _meta: null }), 400, -32602],
    ["params an array", discover([]), 400, -32602],
    ["no version in _meta", discover({ _meta: without("protocolVersion") }), 400, -32602],
    ["a version that is no string", discover(of(20260728)), 400, -32602],
    ["no capabilities", discover({ _meta: without("clientCapabilities") }), 400, -32602],
    ["a newer header without _meta", discover({}, { [version]: "2027-01-01" }), 400, -32602],
    [
      "no version header",
      discover({ _meta: meta }, { "mcp-method": "server/discover" }),
      400,
      -32020,
    ],
    [
      "a session's version header",
      discover({ _meta: meta }, { ...modern, ...newest }),
      400,
      -32020,
    ],
    ["a version only in the header", discover(of("v999.0.0")), 400, -32020],
    [
      "an unknown version in both",
      discover(of("v999.0.0"), { ...modern, [version]: "v999.0.0" }),
      400,
      -32022,
    ],
    [
      "no Mcp-Method",
      ask("server/discover", {}, { headers: { "mcp-method": undefined } }),
      400,
      -32020,
    ],
    [
      "another Mcp-Method",
      ask("tools/list", {}, { headers: { "mcp-method": "TOOLS/LIST" } }),
      400,
      -32020,
    ],
    [
      "two Mcp-Method",
      ask("tools/list", {}, { headers: { "mcp-method": "tools/list, tools/list" } }),
      400,
      -32020,
    ],
    [
      "no Mcp-Name",
      ask("tools/call", { name: "region" }, { headers: { "mcp-name": undefined } }),
      400,
      -32020,
    ],
    [
      "another Mcp-Name",
      ask("tools/call", { name: "region" }, { headers: { "mcp-name": "x" } }),
      400,
      -32020,
    ],
    [
      "a broken sentinel",
      ask("tools/call", { name: "region" }, { headers: { "mcp-name": "=?base64?cmVnaW9u!?=" } }),
      400,
      -32020,
    ],
    [
      "a name only in the header",
      ask("tools/call", {}, { headers: { "mcp-name": "region" } }),
      400,
      -32020,
    ],
    [
      "a broken sentinel for no name",
      ask("tools/call", {}, { headers: { "mcp-name": "=?base64?!?=" } }),
      400,
      -32020,
    ],
    ["no name anywhere", ask("tools/call"), 200, -32602],
    ["an unknown tool", ask("tools/call", { name: "none" }), 200, -32602],
    ["an unknown method", ask("unknown/method"), 404, -32601],
    ["initialize", ask("initialize", { protocolVersion: "2025-11-25" }), 404, -32601],
    [
      "initialize under a modern header",
      post(initialize, { ...modern, "mcp-method": "initialize" }),
      400,
      -32020,
    ],
    ["ping", ask("ping"), 404, -32601],
    ["a method that only a feature has", ask("resources/list"), 404, -32601],
    ["a bad cursor", ask("tools/list", { cursor: "" }), 200, -32602],
    ["a response", post({ jsonrpc: "2.0", id: 1, result: {} }, modern), 400, -32600],
    ["id null", post({ jsonrpc: "2.0", id: null, method: "tools/list" }, modern), 400, -32600],
  ])("%s: %s", async (_, request, status, code) => {
    verifies(
      "envelope.meta-missing",
      "envelope.version-disagrees",
      "envelope.version-unknown",
      "method.unknown-modern",
      "era.initialize-modern",
      "era.initialize-modern-header",
      "id.null",
      "header.repeated",
      "tool.unknown",
    );
    const answer = await send(request);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });

  it.each([
    [undefined, "2027-01-01", -32022],
    ["2027-01-01", "2027-01-01", -32022],
    ["2027-01-01", "2026-07-28", -32020],
    ["2026-07-28", "2027-01-01", -32020],
    ["2026-07-28", undefined, -32020],
    [7, "2026-07-28", -32020],
  ])("refuses a notification of %j under the header %j", async (claim, header, code) => {
    const note = { jsonrpc: "2.0", method: "notifications/x", params: of(claim) };
    const { status, body } = await send(post(note, { [version]: header }));
    expect([status, body.error.code]).toEqual([400, code]);
    expect(body).not.toHaveProperty("id");
  });

  it.each([
    [[rpc("ping")], { [version]: "2026-07-28" }],
    [[rpc("ping"), rpc("tools/list", { _meta: meta })], { [version]: "2025-03-26" }],
    [[rpc("tools/list", { _meta: meta })], {}],
  ])("knows no batches: %j", async (batch, headers) => {
    verifies("era.mixed-batch", "batch.revision");
    const { status, body } = await send(post(batch, headers));
    expect([status, body.error.code]).toEqual([400, -32600]);
  });

  it("says which versions there are, and echoes the request's id", async () => {
    verifies("envelope.version-unknown", "id.refusal");
    const { body } = await send(discover(of("v999.0.0"), { ...modern, [version]: "v999.0.0" }));
    expect(body).toMatchObject({
      id: 1,
      error: { data: { supported: ["2026-07-28"], requested: "v999.0.0" } },
    });
  });

  it("accepts notifications with an empty 202", async () => {
    verifies("accepted.empty-body");
    const note = { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } };
    const answer = await send(post(note, { [version]: "2026-07-28" }));
    expect([answer.status, answer.text]).toEqual([202, ""]);
    const contradiction = { [version]: "2026-07-28", "mcp-method": "notifications/x" };
    expect((await send(post(note, contradiction))).status).toBe(400);
  });
});

describe("results", () => {
  it("of server/discover say what the server is", async () => {
    verifies("result.type", "cache.hints", "meta.server-info", "id.kept");
    const { status, body } = await send(ask("server/discover", {}, { id: "" }), {
      instructions: "Be kind.",
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      jsonrpc: "2.0",
      id: "",
      result: {
        resultType: "complete",
        ttlMs: 0,
        cacheScope: "private",
        supportedVersions: ["2026-07-28"],
        capabilities: { tools: {} },
        instructions: "Be kind.",
        _meta: { [serverInfo]: expect.objectContaining(info) },
      },
    });
  });

  it("of tools/list are private unless the catalog says otherwise, and keep every schema keyword", async () => {
    verifies("cache.private", "tool.schema-intact");
    const { body } = await send(ask("tools/list"));
    expect(body.result).toMatchObject({ resultType: "complete", ttlMs: 0, cacheScope: "private" });
    expect(body.result.tools[0].inputSchema).toEqual(region.definition.inputSchema);
    expect(body.result.tools[0]).not.toHaveProperty("execution");
    const cache = { ttlMs: 5000, cacheScope: "public" } as const;
    const cached = await send(ask("tools/list"), { catalog: { tools: [region], cache } });
    expect(cached.body.result).toMatchObject(cache);
  });

  it("are what the server says they are, whatever a tool writes into one", async () => {
    const result = { content: [], resultType: "input_required" };
    const odd: InProcessTool<string, Person> = {
      definition: { name: "odd", inputSchema: { type: "object" } },
      run: () => result,
    };
    const { body } = await send(ask("tools/call", { name: "odd" }), { catalog: { tools: [odd] } });
    expect(body.result.resultType).toBe("complete");
  });

  it("of tools/call carry no cache hint", async () => {
    const { body } = await send(ask("tools/call", { name: "region" }));
    expect(body.result).toEqual({
      resultType: "complete",
      content: [{ type: "text", text: "{}" }],
      _meta: { [serverInfo]: expect.objectContaining(info) },
    });
  });

  it.each([
    ["{}", {}],
    [' { "content": [] }', { content: [] }],
    ['{"content":[],"_meta":{"a/b":1}}', { content: [], _meta: { "a/b": 1 } }],
  ])("that are ready-serialised are completed: %s", async (json, expected) => {
    verifies("result.type", "meta.preserved");
    const tools = {
      list: async () => [],
      call: async () => ({ kind: "result", result: rawJson(json) }) as const,
    };
    // A catalog that serialises is trusted: the first of these is no result that a schema would take.
    const { unwatched } = endpoint({ tools });
    const { body } = await read(unwatched(ask("tools/call", { name: "any" }), "c"));
    expect(body.result).toMatchObject({ resultType: "complete", ...expected });
    expect(body.result._meta[serverInfo]).toMatchObject(info);
  });

  it.each([0, false, "", null, [1], { a: 1 }])("may be structured as %j", async (value) => {
    verifies("tool.structured", "tool.output-schema-root");
    const any: InProcessTool<string, Person> = {
      definition: {
        name: "any",
        inputSchema: { type: "object" },
        outputSchema: { anyOf: [{ type: "object" }, {}] },
      },
      run: () => ({ content: [], structuredContent: value }),
    };
    const catalog = { tools: [any] };
    const now = await send(ask("tools/call", { name: "any" }), { catalog });
    expect(now.body.result.structuredContent).toEqual(value);
    const before = await send(post(rpc("tools/call", { name: "any" }), newest), { catalog });
    const wrapped = value !== null && !Array.isArray(value) && typeof value === "object";
    expect(before.body.result.structuredContent).toEqual(wrapped ? value : { result: value });
    const [shown] = (await send(ask("tools/list"), { catalog })).body.result.tools;
    expect(shown.outputSchema).toEqual(any.definition.outputSchema);
    const [hidden] = (await send(post(rpc("tools/list"), newest), { catalog })).body.result.tools;
    expect(hidden).not.toHaveProperty("outputSchema");
  });

  it("of a session say none of it", async () => {
    verifies("result.type");
    const { body } = await send(post(rpc("tools/call", { name: "region" }), newest));
    expect(body.result).toEqual({ content: [{ type: "text", text: "{}" }] });
  });
});

describe("headers that mirror arguments", () => {
  const call = (args: unknown, headers: Record<string, string>) =>
    ask("tools/call", { name: "region", arguments: args }, { headers });

  it.each<[unknown, Record<string, string>, boolean]>([
    [{ region: "Hello" }, { "mcp-param-region": "Hello" }, true],
    [{ region: "Hello" }, { "MCP-PARAM-REGION": " Hello " }, true],
    [{ region: "Hello" }, { "mcp-param-region": "=?base64?SGVsbG8=?=" }, true],
    [{ region: "Hello" }, { "mcp-param-region": "=?base64?SGVsbG8?=" }, false],
    [{ region: "Hello" }, { "mcp-param-region": "=?base64?SGVs!!!bG8=?=" }, false],
    [{ region: "Hello" }, { "mcp-param-region": "=?BASE64?SGVsbG8=?=" }, false],
    [{ region: "=?base64?x" }, { "mcp-param-region": "=?base64?x" }, true],
    [{ region: "x?=" }, { "mcp-param-region": "x?=" }, true],
    [{ region: "=?base64?=" }, { "mcp-param-region": "=?base64?=" }, true],
    [{ region: "\u20ac" }, { "mcp-param-region": "=?base64?4oKs?=" }, true],
    [{ region: "\u00e9" }, { "mcp-param-region": "\u00e9" }, false],
    [{ region: "\ufffd" }, { "mcp-param-region": "=?base64?/w==?=" }, false],
    [{ region: "Hello" }, {}, false],
    [{ region: "Hello" }, { "mcp-param-region": "hello" }, false],
    [{ region: null }, {}, true],
    [{ region: null }, { "mcp-param-region": "null" }, false],
    [{}, {}, true],
    [{}, { "mcp-param-region": "" }, false],
    [{ region: "" }, { "mcp-param-region": "" }, true],
    [{ count: 7 }, { "mcp-param-count": "7" }, true],
    [{ count: 7 }, { "mcp-param-count": "7.0" }, true],
    [{ count: 7 }, { "mcp-param-count": "0x7" }, false],
    [{ count: 0 }, {}, false],
    [{ dry: false }, { "mcp-param-dry": "false" }, true],
    [{ dry: true }, { "mcp-param-dry": "True" }, false],
    [{ deep: { at: "a" } }, { "mcp-param-at": "a" }, true],
    [{ deep: { at: "a" } }, {}, false],
    [{ list: [{ no: "a" }] }, {}, true],
    [{}, { "mcp-param-unknown": "a" }, true],
  ])("arguments %j with %j: %s", async (args, headers, agree) => {
    verifies("header.sentinel", "header.param", "header.param-unknown", "header.non-ascii");
    const { status, body } = await send(call(args, headers));
    if (agree) expect([status, body.result?.resultType]).toEqual([200, "complete"]);
    else expect([status, body.error?.code]).toEqual([400, -32020]);
  });

  it("are no business of a session", async () => {
    const params = { name: "region", arguments: { region: "x" } };
    expect((await send(post(rpc("tools/call", params), newest))).body.result).toBeDefined();
  });

  it("do not tell a stranger that there is a tool", async () => {
    const { body } = await send(call({ region: "x" }, {}), {
      catalog: { tools: [region], authorize: () => false },
    });
    expect(body.error.code).toBe(-32602);
  });
});

describe("two eras on one endpoint", () => {
  it("a modern request has no session, whatever its headers say", async () => {
    verifies("era.no-session-in-modern");
    const headers = { "mcp-session-id": "nobody's" };
    const { status, headers: sent } = await send(ask("tools/list", {}, { headers }));
    expect(status).toBe(200);
    expect(sent.has("mcp-session-id")).toBe(false);
  });

  it("a session goes on while the same client is modern elsewhere", async () => {
    verifies("era.side-by-side");
    const { handler } = endpoint();
    const ada = { authorization: "Bearer ada" };
    const opened = await handler(post(initialize, ada), "c");
    const session = { ...ada, ...newest, "mcp-session-id": opened.headers.get("mcp-session-id")! };
    expect((await handler(ask("tools/list", {}, { headers: ada }), "c")).status).toBe(200);
    expect((await handler(post(rpc("ping"), session), "c")).status).toBe(200);
  });

  it("a session's version in _meta does not make a request modern", async () => {
    const _meta = { "io.modelcontextprotocol/protocolVersion": "2025-11-25" };
    const { status, body } = await send(post(rpc("ping", { _meta }), newest));
    expect([status, body.result]).toEqual([200, {}]);
  });

  it.each([{}, newest, { [version]: "2025-01-01" }, { [version]: "v999" }, { [version]: "" }])(
    "a request without modern marks never meets a modern code: %j",
    async (headers) => {
      verifies("era.no-modern-code-in-session");
      for (const method of ["server/discover", "tools/list", "unknown"]) {
        const { status, body } = await send(post(rpc(method), headers));
        expect(status).not.toBe(404);
        const { code } = body.error ?? {};
        expect(code === undefined || code > -32020 || code < -32099).toBe(true);
      }
    },
  );

  it("has no session to end", async () => {
    const { handler } = endpoint();
    const headers = { [version]: "2026-07-28", "mcp-session-id": "x" };
    const url = "http://localhost:3000/mcp";
    const response = await handler(new Request(url, { method: "DELETE", headers }), "c");
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST, OPTIONS"]);
  });

  it("lets pages send the headers that mirror arguments", async () => {
    verifies("cors.preflight");
    const { handler } = endpoint();
    const headers = {
      origin: "http://localhost:1234",
      "access-control-request-headers": "content-type,mcp-param-region,mcp-param-a b,x-evil",
    };
    const request = new Request("http://localhost:3000/mcp", { method: "OPTIONS", headers });
    const response = await handler(request, "c");
    const allowed = response.headers.get("access-control-allow-headers") ?? "";
    expect(allowed).toMatch(/, mcp-param-region$/);
  });
});
