import { verifies } from "@convex-mcp/spec";
import { describe, expect, it } from "vitest";
import type { ToolCatalog, ToolOutcome } from "../src/index.ts";
import { memoryTools, rawJson } from "../src/index.ts";
import { echo, endpoint, newest, post, read, rpc, type Person } from "./support/endpoint.ts";

const versions = ["2025-03-26", "2025-06-18", "2025-11-25"] as const;
const named = (version: string) => ({ "mcp-protocol-version": version });

function call(name: unknown, args?: unknown) {
  return rpc("tools/call", { name, arguments: args });
}

/** A catalog whose every call ends in one outcome. */
function ending(outcome: ToolOutcome | Error): ToolCatalog<string, Person> {
  return {
    list: async () => [],
    call: async () => {
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
  };
}

describe("tools/list", () => {
  it.each([
    ["2025-03-26", ["description", "inputSchema", "name"]],
    ["2025-06-18", ["_meta", "description", "inputSchema", "name", "outputSchema", "title"]],
    ["2025-11-25", Object.keys(echo.definition).sort()],
  ])("shows %s the fields it knows", async (version, fields) => {
    const { handler } = endpoint();
    const { body } = await read(handler(post(rpc("tools/list"), named(version)), "c"));
    expect(Object.keys(body.result.tools[0]).sort()).toEqual(fields);
  });

  it("shows each caller what they may call", async () => {
    const { handler } = endpoint();
    const names = async (headers: object) => {
      const { body } = await read(handler(post(rpc("tools/list"), { ...newest, ...headers }), "c"));
      return body.result.tools.map((tool: { name: string }) => tool.name);
    };
    expect(await names({})).toEqual(["echo", "link", "fails"]);
    expect(await names({ authorization: "Bearer ada" })).toEqual([
      "echo",
      "link",
      "fails",
      "secret",
    ]);
  });

  it("comes in pages, each tool once and in order", async () => {
    verifies("list.order");
    const { handler } = endpoint({ limits: { pageSize: 2 } });
    const first = await read(handler(post(rpc("tools/list"), newest), "c"));
    const cursor: string = first.body.result.nextCursor;
    const second = await read(handler(post(rpc("tools/list", { cursor }), newest), "c"));
    const names = [first, second].map(({ body }) =>
      body.result.tools.map((tool: { name: string }) => tool.name),
    );
    expect(names).toEqual([["echo", "link"], ["fails"]]);
    expect(second.body.result).not.toHaveProperty("nextCursor");
  });

  it("has no further page when the last is full", async () => {
    verifies("list.no-null");
    const { handler } = endpoint({ limits: { pageSize: 3 } });
    const { body } = await read(handler(post(rpc("tools/list"), newest), "c"));
    expect(body.result.tools).toHaveLength(3);
    expect(body.result).not.toHaveProperty("nextCursor");
  });

  it.each([
    "",
    "1.",
    "1.%%%",
    "2.ZWNobw",
    "ZWNobw",
    "1.ZWNobw==",
    "1.bm9uZQ",
    null,
    5,
    {},
    "x".repeat(9999),
  ])("refuses the cursor %j", async (cursor) => {
    verifies("list.cursor", "list.no-null");
    const { handler } = endpoint();
    const { status, body } = await read(handler(post(rpc("tools/list", { cursor }), newest), "c"));
    expect([status, body.error.code]).toEqual([200, -32602]);
  });
});

describe("tools/call", () => {
  it("gives the tool its arguments, its caller and its _meta", async () => {
    verifies("meta.preserved");
    const { handler } = endpoint();
    const _meta = { progressToken: 0, "example.com/x": [1] };
    const message = rpc("tools/call", { name: "echo", arguments: { text: "hi" }, _meta });
    const request = post(message, { ...newest, authorization: "Bearer ada" });
    const { body } = await read(handler(request, "the context"));
    expect(body.result.structuredContent).toEqual({
      args: { text: "hi" },
      context: "the context",
      principal: "ada",
      version: "2025-11-25",
      meta: _meta,
      id: 1,
    });
  });

  it("takes absent arguments for none", async () => {
    verifies("tool.no-arguments");
    const { body } = await read(
      endpoint().handler(post(rpc("tools/call", { name: "echo" }), newest), "c"),
    );
    expect(body.result.content).toEqual([{ type: "text", text: "{}" }]);
  });

  it.each([
    call(5),
    call(undefined),
    call("echo", null),
    call("echo", []),
    call("echo", "x"),
    rpc("tools/call"),
    rpc("tools/call", { name: "echo", _meta: null }),
  ])("%j is -32602", async (message) => {
    verifies("list.no-null");
    const { status, body } = await read(endpoint().handler(post(message, newest), "c"));
    expect([status, body.error.code]).toEqual([200, -32602]);
  });

  it.each(["nothing", "secret", "__proto__", "toString", ""])(
    "%j is an unknown tool to a stranger",
    async (name) => {
      verifies("tool.unknown");
      const { status, body } = await read(endpoint().handler(post(call(name), newest), "c"));
      expect([status, body.error]).toEqual([
        200,
        { code: -32602, message: `Unknown tool: ${name}` },
      ]);
    },
  );

  it("keeps what a tool throws to itself, unless it is meant for the model", async () => {
    verifies("tool.internal-error");
    const { handler, reported } = endpoint();
    const rough = await read(handler(post(call("fails"), newest), "c"));
    expect(rough.body.result.isError).toBe(true);
    expect(rough.text).not.toContain("hunter2");
    expect(reported).toEqual([
      {
        error: new Error("password is hunter2"),
        request: { method: "tools/call", requestId: 1 },
      },
    ]);
    const polite = await read(handler(post(call("fails", { politely: true }), newest), "c"));
    expect(polite.body.result).toEqual({
      content: [{ type: "text", text: "There is no room left." }],
      isError: true,
    });
    expect(reported).toHaveLength(1);
  });

  it("answers with 401 or 403 where the tool asks for more than the caller has", async () => {
    const refusal = {
      status: 403,
      code: -32000,
      message: "More scopes, please.",
      data: { scopes: ["a"] },
      headers: { "WWW-Authenticate": 'Bearer error="insufficient_scope"' },
    };
    const authorize = () => refusal;
    const { handler } = endpoint({ catalog: { authorize } });
    const { status, headers, body } = await read(handler(post(call("echo"), newest), "c"));
    expect(status).toBe(403);
    expect(headers.get("www-authenticate")).toBe('Bearer error="insufficient_scope"');
    expect(body).toEqual({
      jsonrpc: "2.0",
      id: 1,
      error: { code: -32000, message: "More scopes, please.", data: { scopes: ["a"] } },
    });
    const list = await read(handler(post(rpc("tools/list"), newest), "c"));
    expect(list.body.result.tools).toEqual([]);
  });

  it("does not take a session that no store holds for the caller", async () => {
    const tools = memoryTools<string, Person>({ tools: [echo] });
    const { handler } = endpoint({ tools });
    const request = post(call("echo"), { ...newest, "mcp-session-id": "s" });
    expect((await handler(request, "c")).status).toBe(404);
  });
});

describe("outcomes of a catalog", () => {
  const run = async (outcome: ToolOutcome | Error, version = "2025-11-25") => {
    const { handler, reported } = endpoint({ tools: ending(outcome) });
    return { ...(await read(handler(post(call("t"), named(version)), "c"))), reported };
  };

  it("splices a serialised result", async () => {
    const { text } = await run({ kind: "result", result: rawJson('{ "content": [ ] }') });
    expect(text).toBe('{"jsonrpc":"2.0","id":1,"result":{ "content": [ ] }}');
  });

  it("keeps a result with line breaks one event", async () => {
    verifies("stream.framing");
    const result = rawJson('{\n"content":\r\n[]}');
    const { handler } = endpoint({ tools: ending({ kind: "result", result }) });
    const request = post(call("t"), { ...newest, accept: "text/event-stream" });
    const { text } = await read(handler(request, "c"));
    const lines = text.trimEnd().split("\n");
    expect(lines.shift()).toBe("event: message");
    expect(lines.every((line) => line.startsWith("data: "))).toBe(true);
    const data = lines.map((line) => line.slice("data: ".length)).join("\n");
    expect(JSON.parse(data).result).toEqual({ content: [] });
  });

  it.each([
    [{ kind: "unknownTool" }, 200, -32602],
    [{ kind: "sessionNotFound" }, 404, -32001],
    [{ kind: "error", code: -32050, message: "custom", data: [1] }, 200, -32050],
    [{ kind: "refused", refusal: { status: 429, code: -32000, message: "slow" } }, 429, -32000],
    [new Error("secret"), 200, -32603],
    [undefined as never, 200, -32603],
    [{ kind: "result", result: undefined as never }, 200, -32603],
    [{ kind: "result", result: { content: [1n as never] } }, 200, -32603],
  ] as const)("case %#", async (outcome, status, code) => {
    const answer = await run(outcome);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    expect(answer.body.id).toBe(1);
    expect(answer.text).not.toContain("secret");
    expect(answer.reported).toHaveLength(code === -32603 ? 1 : 0);
  });

  it("sends the data of an in-band error", async () => {
    const { body } = await run({ kind: "error", code: 7, message: "m", data: { a: 1 } });
    expect(body.error).toEqual({ code: 7, message: "m", data: { a: 1 } });
  });

  it.each(["structured", "raw"])("revises a %s result for older revisions", async (form) => {
    const full = {
      content: [
        {
          type: "resource_link" as const,
          uri: "u:1",
          name: "n",
          title: "T",
          icons: [{ src: "data:," }],
        },
        { type: "text" as const, text: "t", _meta: { a: 1 } },
      ],
      structuredContent: { a: 1 },
      _meta: { kept: true },
    };
    const result = form === "raw" ? rawJson(JSON.stringify(full)) : full;
    const bodies = await Promise.all(
      versions.map(async (version) => (await run({ kind: "result", result }, version)).body.result),
    );
    expect(bodies).toEqual([
      {
        content: [
          { type: "text", text: "T: u:1" },
          { type: "text", text: "t" },
        ],
        _meta: { kept: true },
      },
      {
        content: [{ type: "resource_link", uri: "u:1", name: "n", title: "T" }, full.content[1]],
        structuredContent: { a: 1 },
        _meta: { kept: true },
      },
      full,
    ]);
  });

  it("does not leave 2025-03-26 without an answer that was structured alone", async () => {
    const result = { content: [], structuredContent: { sum: 3 } };
    const { body } = await run({ kind: "result", result }, "2025-03-26");
    expect(body.result).toEqual({ content: [{ type: "text", text: '{"sum":3}' }] });
  });
});
