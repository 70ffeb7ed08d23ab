import { verifies } from "@convex-mcp/spec";
import { makeFunctionReference } from "convex/server";
import { type PropertyValidators, v } from "convex/values";
import { describe, expect, it } from "vitest";
import { tool, wrongTool } from "../../test/support/tools.ts";
import { createCatalog, describeTool, isWrapped } from "./catalog.ts";
import { defineMcpAction, defineMcpMutation, defineMcpQuery } from "./define.ts";
import { vMcpCall } from "../component/handle.ts";
import { mcpHeaders } from "./headers.ts";
import type { McpTool } from "./tool.ts";

const set = { isConvexValidator: true, isOptional: "required", kind: "set" };

describe("createCatalog", () => {
  it("keeps the tools by name, in the order they were declared", () => {
    const tools = ["b", "a", "constructor", "A_-9", "x".repeat(64)].map((name) => tool({ name }));
    const catalog = createCatalog(tools);
    expect([...catalog.keys()]).toEqual(tools.map(({ name }) => name));
    expect(catalog.get("constructor")).toBe(tools[2]);
  });

  it("takes no tools", () => {
    expect(createCatalog([]).size).toBe(0);
  });

  it.each<[string, McpTool, string, string]>([
    ["an empty name", tool({ name: "" }), '""', "expected 1 to 64 characters of A-Z a-z 0-9 _ -"],
    [
      "a long name",
      tool({ name: "x".repeat(65) }),
      "x".repeat(65),
      "a name that some clients refuse",
    ],
    ["a name with a dot", tool({ name: "a.b" }), '"a.b"', "a name that some clients refuse"],
    ["a name with a line feed", tool({ name: "a\n" }), '"a\\n"', "a name that some clients refuse"],
    ["a name that is not ASCII", tool({ name: "é" }), '"é"', "a name that some clients refuse"],
    ["no name", wrongTool({ name: undefined }), "undefined", "a name that some clients refuse"],
    ["no description", wrongTool({ description: undefined }), '"list_things"', "no description"],
    ["an empty description", tool({ description: " \n" }), '"list_things"', "no description"],
    [
      "no function",
      wrongTool({ fn: undefined }),
      '"list_things"',
      "its `fn` is undefined; was the query renamed",
    ],
    [
      "no function for an action",
      wrongTool({ kind: "action", run: { fn: undefined }, deadlineMs: 1 }),
      '"list_things"',
      "was the action renamed",
    ],
    [
      "a handle for inline code",
      defineMcpAction({
        name: "inline",
        description: "Inline.",
        args: { mcp: vMcpCall },
        handler: () => null,
      }),
      '"inline"',
      "declares `mcp: vMcpCall`: only a function is given one, as `fn`",
    ],
    ["no arguments", wrongTool({ args: undefined }), '"list_things"', "no `args`"],
    [
      "an undefined argument",
      wrongTool({ args: { when: undefined } }),
      '"list_things"',
      'an argument "when" with no validator',
    ],
    [
      "an argument that is no validator",
      wrongTool({ args: { when: "string" } }),
      '"list_things"',
      'an argument "when" with no validator',
    ],
    ...[null, [], "x", { type: "array" }, {}].map(
      (inputSchema): [string, McpTool, string, string] => [
        `the schema ${JSON.stringify(inputSchema)}`,
        wrongTool({ inputSchema }),
        '"list_things"',
        'an `inputSchema` that is no schema of an object: expected { type: "object", … }',
      ],
    ),
    [
      "an unknown validator",
      wrongTool({ args: { when: set } }),
      '"list_things"',
      'an argument "when" with the unsupported validator "set"',
    ],
    [
      "an unknown validator deep down",
      wrongTool({
        args: { when: v.array(v.union(v.object({ x: v.record(v.string(), set as never) }))) },
      }),
      '"list_things"',
      'the unsupported validator "set"',
    ],
    [
      "an unknown validator of keys",
      wrongTool({ args: { when: v.record(set as never, v.null()) } }),
      '"list_things"',
      'the unsupported validator "set"',
    ],
    [
      "an unknown validator of the result",
      wrongTool({ returns: v.array(set as never) }),
      '"list_things"',
      '`returns` with the unsupported validator "set"',
    ],
    [
      "a result that is no validator",
      wrongTool({ returns: { a: v.null() } }),
      '"list_things"',
      "`returns` with no validator",
    ],
    [
      "an argument that Convex refuses",
      wrongTool({ args: { $ref: v.null() } }),
      '"list_things"',
      'an argument "$ref"',
    ],
    [
      "an argument that is not ASCII",
      wrongTool({ args: { größe: v.null() } }),
      '"list_things"',
      'an argument "größe"',
    ],
    ...[["two words"], ["größe"], [""], "read", [7]].map(
      (scopes): [string, McpTool, string, string] => [
        `the scopes ${JSON.stringify(scopes)}`,
        wrongTool({ metadata: { scopes } }),
        '"list_things"',
        "wrong `metadata.scopes`",
      ],
    ),
    [
      "a redaction that there is not",
      wrongTool({ audit: { args: "none" } }),
      '"list_things"',
      "`audit.args`",
    ],
    [
      "a wrong path to redact in arguments",
      wrongTool({ audit: { args: { redact: ["a..b"] } } }),
      '"list_things"',
      "`audit.args`",
    ],
    [
      "a wrong path to redact in results",
      wrongTool({ audit: { result: { redact: ["a[x"] } } }),
      '"list_things"',
      "`audit.result`",
    ],
    [
      "a deadline that is no time",
      wrongTool({ kind: "action", run: { handler: () => null }, deadlineMs: Number.NaN }),
      '"list_things"',
      "`deadlineMs`",
    ],
    [
      "a deadline in the past",
      wrongTool({ kind: "action", run: { handler: () => null }, deadlineMs: 0 }),
      '"list_things"',
      "`deadlineMs`",
    ],
  ])("refuses %s", (_, wrong, name, mistake) => {
    verifies("tool.name");
    const create = () => createCatalog([tool({ name: "right" }), wrong]);
    expect(create).toThrow(TypeError);
    expect(create).toThrow(name);
    expect(create).toThrow(mistake);
  });

  it("refuses two tools of one name", () => {
    verifies("tool.name");
    const create = () => createCatalog([tool(), tool({ description: "Another." })]);
    expect(create).toThrow(new TypeError('Tool "list_things" is declared twice.'));
  });

  it("refuses what is no tool, and says which", () => {
    const create = () => createCatalog([tool(), undefined as never]);
    expect(create).toThrow(TypeError);
    expect(create).toThrow("Tool 2 of the list is undefined");
  });
});

describe("describeTool", () => {
  it("shows what a client needs, and nothing of what it must not see", () => {
    const described = describeTool(
      tool({
        title: "Things",
        icons: [{ src: "https://example.com/x.png" }],
        annotations: { readOnlyHint: true },
        _meta: { ui: { resourceUri: "ui://things" } },
        args: { limit: v.number(), owner: v.optional(v.id("users")) },
        describe: { limit: "How many." },
        returns: v.object({ n: v.int64() }),
        metadata: { scopes: ["things:read"], secretPolicy: "x" },
        audit: { args: { redact: ["limit"] } },
      }),
    );
    expect(described).toEqual({
      name: "list_things",
      title: "Things",
      description: "Lists things.",
      icons: [{ src: "https://example.com/x.png" }],
      inputSchema: {
        type: "object",
        properties: {
          limit: { type: "number", description: "How many." },
          owner: { type: "string", description: 'Id of a document in "users".' },
        },
        required: ["limit"],
        additionalProperties: false,
      },
      outputSchema: {
        type: "object",
        properties: {
          n: { type: "string", pattern: "^-?[0-9]{1,19}$", description: "64-bit integer." },
        },
        required: ["n"],
        additionalProperties: false,
      },
      annotations: { readOnlyHint: true },
      _meta: { ui: { resourceUri: "ui://things" } },
    });
  });

  it("adds to the schema that was given what is added to any", () => {
    const inputSchema = { type: "object", not: {} } as const;
    const headers = mcpHeaders({ region: "Region" });
    const args = { region: v.string() };
    expect(describeTool(tool({ args, inputSchema, headers })).inputSchema).toEqual({
      ...inputSchema,
      properties: { region: { type: "string", "x-mcp-header": "Region" } },
    });
  });

  it("shows the schema that was given, word for word", () => {
    const inputSchema = { $defs: { a: { $anchor: "a" } }, type: "object", not: {} } as const;
    const args = { limit: v.number() };
    expect(describeTool(tool({ args, inputSchema })).inputSchema).toBe(inputSchema);
  });

  it("leaves out what is not declared", () => {
    expect(
      Object.keys(JSON.parse(JSON.stringify(describeTool(tool({ args: {} })))) as object),
    ).toEqual(["name", "description", "inputSchema"]);
    expect(describeTool(tool({ args: {} })).inputSchema).toEqual({
      type: "object",
      properties: {},
      additionalProperties: false,
    });
  });

  it.each([
    ["text", v.string()],
    ["a list", v.array(v.null())],
    ["null", v.null()],
    ["anything", v.any()],
    ["a union of objects", v.union(v.object({}), v.object({ a: v.null() }))],
  ])("wraps %s, for MCP wants an object at the root", (_, returns) => {
    expect(isWrapped(returns)).toBe(true);
    const { outputSchema } = describeTool(tool({ returns }));
    expect(outputSchema).toMatchObject({
      type: "object",
      required: ["result"],
      additionalProperties: false,
    });
    expect(Object.keys(outputSchema?.properties ?? {})).toEqual(["result"]);
  });

  it.each([
    ["an object", v.object({ result: v.string() })],
    ["a record", v.record(v.string(), v.null())],
  ])("leaves %s as it is", (_, returns) => {
    expect(isWrapped(returns)).toBe(false);
    expect(describeTool(tool({ returns })).outputSchema).toMatchObject({ type: "object" });
    expect(describeTool(tool({ returns })).outputSchema?.required).not.toEqual([]);
  });
});

describe("what define makes", () => {
  const about = { name: "tool", description: "A tool.", args: {} };
  const query = makeFunctionReference<"query", Record<string, never>, null>("a:b");
  const mutation = makeFunctionReference<"mutation", Record<string, never>, null>("a:b");
  const action = makeFunctionReference<"action", Record<string, never>, null>("a:b");

  it("has an argument for the handle of its call that no client sees, where the action has", () => {
    const of = (args: PropertyValidators) =>
      createCatalog([defineMcpAction({ ...about, fn: action, args } as never)]).get("tool");
    for (const mcp of [vMcpCall, v.optional(vMcpCall)]) {
      const tool = of({ label: v.string(), mcp });
      expect(tool).toMatchObject({ run: { takesHandle: true } });
      expect(Object.keys(tool?.args ?? {})).toEqual(["label"]);
    }
    const other = of({ mcp: v.object({ id: v.string() }) });
    expect(other).toMatchObject({ run: { takesHandle: false } });
    expect(Object.keys(other?.args ?? {})).toEqual(["mcp"]);
  });

  it("is a tool with its defaults", () => {
    const base = { ...about, describe: {}, metadata: {}, audit: {} };
    expect(defineMcpQuery({ ...about, fn: query })).toMatchObject({
      ...base,
      kind: "query",
      fn: query,
      consistency: "snapshot",
      annotations: { readOnlyHint: true },
    });
    expect(defineMcpMutation({ ...about, fn: mutation })).toMatchObject({
      ...base,
      kind: "mutation",
      fn: mutation,
    });
    expect(defineMcpAction({ ...about, fn: action })).toMatchObject({
      ...base,
      kind: "action",
      run: { fn: action, takesHandle: false },
      deadlineMs: 600_000,
    });
  });

  it("keeps what was said", () => {
    const annotations = { readOnlyHint: false, openWorldHint: true };
    expect(defineMcpQuery({ ...about, fn: query, annotations }).annotations).toEqual(annotations);
    const handler = () => null;
    const inline = defineMcpAction({ ...about, handler, deadlineMs: 5 });
    expect(inline).toMatchObject({ run: { handler }, deadlineMs: 5 });
    expect(createCatalog([inline]).get("tool")).toBe(inline);
  });
});
