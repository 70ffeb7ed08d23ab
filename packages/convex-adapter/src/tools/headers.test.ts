import { v } from "convex/values";
import { describe, expect, it } from "vitest";
import { tool, wrongTool } from "../../test/support/tools.ts";
import { createCatalog, describeTool } from "./catalog.ts";
import { mcpHeaders } from "./headers.ts";

const schemaOf = (args: Parameters<typeof tool>[0]) => describeTool(tool(args)).inputSchema;

describe("headers of arguments", () => {
  it("are in the schema, of one type each, with what is said of the argument", () => {
    const args = {
      region: v.string(),
      id: v.optional(v.id("rows")),
      shard: v.int64(),
      urgent: v.boolean(),
      size: v.union(v.literal("s"), v.literal("l")),
      plain: v.string(),
    };
    const headers = mcpHeaders({
      region: "Region",
      id: "Id",
      shard: "Shard",
      urgent: "Urgent",
      size: "Size",
    });
    const describe = { region: "Where." };
    expect(schemaOf({ args, headers, describe })).toEqual({
      type: "object",
      properties: {
        region: { type: "string", description: "Where.", "x-mcp-header": "Region" },
        id: {
          type: "string",
          description: 'Id of a document in "rows".',
          "x-mcp-header": "Id",
        },
        shard: {
          type: "integer",
          minimum: -9007199254740991,
          maximum: 9007199254740991,
          description: "64-bit integer; beyond 9007199254740991 as a decimal string.",
          "x-mcp-header": "Shard",
        },
        urgent: { type: "boolean", "x-mcp-header": "Urgent" },
        size: { type: "string", enum: ["s", "l"], "x-mcp-header": "Size" },
        plain: { type: "string" },
      },
      required: ["region", "shard", "urgent", "size", "plain"],
      additionalProperties: false,
    });
  });

  it.each([
    ["no argument", { region: "Region" }, {}, 'for "region", which is none of its arguments'],
    ["what objects inherit", { toString: "X" }, {}, 'for "toString", which is none'],
    ["an empty name", { region: "" }, { region: v.string() }, 'got ""'],
    ["a space", { region: "My Region" }, { region: v.string() }, 'got "My Region"'],
    ["a line feed", { region: "Region\n" }, { region: v.string() }, 'got "Region\\n"'],
    ["a colon", { region: "Re:gion" }, { region: v.string() }, "got"],
    ["not ASCII", { region: "Région" }, { region: v.string() }, "got"],
    ["no text", { region: 1 }, { region: v.string() }, "got 1"],
    [
      "the same name twice",
      { a: "Region", b: "REGION" },
      { a: v.string(), b: v.string() },
      "of a name that another has",
    ],
    ["a number", { n: "N" }, { n: v.number() }, "expected the argument to be a string"],
    ["an object", { n: "N" }, { n: v.object({}) }, "expected the argument to be"],
    ["any", { n: "N" }, { n: v.any() }, "expected the argument to be"],
    [
      "a union of types",
      { n: "N" },
      { n: v.union(v.string(), v.null()) },
      "expected the argument to be",
    ],
    ["one literal of a number", { n: "N" }, { n: v.literal(1) }, "expected the argument to be"],
  ])("fail the catalog: %s", (_what, headers, args, message) => {
    const create = () =>
      createCatalog([wrongTool({ name: "route", args, headers: mcpHeaders(headers as never) })]);
    expect(create).toThrow(TypeError);
    expect(create).toThrow(`Tool "route" has a header for`);
    expect(create).toThrow(message);
  });
});
