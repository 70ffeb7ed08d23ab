import { type GenericValidator, v } from "convex/values";
import { describe, expect, it } from "vitest";
import { conforms } from "../../test/support/schema.ts";
import { decode } from "./decode.ts";
import { encode } from "./encode.ts";
import { type JsonSchema, objectSchema, toJsonSchema } from "./jsonschema.ts";

const INT64_OUT = { type: "string", pattern: "^-?[0-9]{1,19}$", description: "64-bit integer." };
const INT64_IN = {
  anyOf: [{ type: "integer" }, { type: "string", pattern: "^-?[0-9]{1,19}$" }],
  description: "64-bit integer; beyond 9007199254740991 as a decimal string.",
};

describe("toJsonSchema", () => {
  it.each<[string, GenericValidator, JsonSchema]>([
    ["string", v.string(), { type: "string" }],
    ["boolean", v.boolean(), { type: "boolean" }],
    ["null", v.null(), { type: "null" }],
    ["id", v.id("users"), { type: "string", description: 'Id of a document in "users".' }],
    ["bytes", v.bytes(), { type: "string", contentEncoding: "base64" }],
    ["any", v.any(), {}],
    ["literal", v.literal("open"), { const: "open" }],
    ["array", v.array(v.null()), { type: "array", items: { type: "null" } }],
    [
      "record",
      v.record(v.string(), v.null()),
      { type: "object", additionalProperties: { type: "null" } },
    ],
    [
      "union of literals",
      v.union(v.literal("a"), v.literal("b")),
      { type: "string", enum: ["a", "b"] },
    ],
    [
      "union of mixed literals",
      v.union(v.literal("a"), v.literal(1), v.literal(true)),
      { enum: ["a", 1, true] },
    ],
    [
      "union of id and null",
      v.union(v.id("users"), v.null()),
      {
        anyOf: [{ type: "string", description: 'Id of a document in "users".' }, { type: "null" }],
      },
    ],
    ["empty union", v.union(), { not: {} }],
    ["empty object", v.object({}), { type: "object", properties: {}, additionalProperties: false }],
    [
      "object",
      v.object({ a: v.null(), b: v.optional(v.null()) }),
      {
        type: "object",
        properties: { a: { type: "null" }, b: { type: "null" } },
        required: ["a"],
        additionalProperties: false,
      },
    ],
  ])("of %s is the same both ways", (_, validator, schema) => {
    expect(toJsonSchema(validator, "input")).toStrictEqual(schema);
    expect(toJsonSchema(validator, "output")).toStrictEqual(schema);
  });

  it.each<[string, GenericValidator, JsonSchema, JsonSchema]>([
    [
      "float64",
      v.float64(),
      { type: "number" },
      { anyOf: [{ type: "number" }, { enum: ["NaN", "Infinity", "-Infinity"] }] },
    ],
    ["int64", v.int64(), INT64_IN, INT64_OUT],
    ["int64 literal", v.literal(5n), { enum: ["5", 5] }, { const: "5" }],
    [
      "int64 literal beyond exact numbers",
      v.literal(2n ** 53n),
      { const: "9007199254740992" },
      { const: "9007199254740992" },
    ],
    [
      "union of int64 literals",
      v.union(v.literal(1n), v.literal("x")),
      { enum: ["1", 1, "x"] },
      { type: "string", enum: ["1", "x"] },
    ],
    [
      "nested int64",
      v.array(v.record(v.string(), v.int64())),
      { type: "array", items: { type: "object", additionalProperties: INT64_IN } },
      { type: "array", items: { type: "object", additionalProperties: INT64_OUT } },
    ],
  ])("of %s is wider for arguments", (_, validator, input, output) => {
    expect(toJsonSchema(validator, "input")).toStrictEqual(input);
    expect(toJsonSchema(validator, "output")).toStrictEqual(output);
  });
});

describe("int64 schemas end where int64 does", () => {
  it.each([2n ** 63n - 1n, -(2n ** 63n), 0n, -1n])("accepts %s", (value) => {
    expect(conforms(toJsonSchema(v.int64(), "output"), encode(value))).toBe(true);
    expect(conforms(toJsonSchema(v.int64(), "input"), encode(value))).toBe(true);
  });

  it.each(["", "-", "1.0", "0x1", "1\n", "1".repeat(20)])("refuses %j as decode does", (text) => {
    expect(conforms(toJsonSchema(v.int64(), "input"), text)).toBe(false);
    expect(decode(v.int64(), text).ok).toBe(false);
  });
});

describe("objectSchema", () => {
  const fields = { id: v.id("users"), note: v.string(), constructor: v.optional(v.null()) };

  it("puts the author's words before what the encoding adds", () => {
    const { properties } = objectSchema(fields, "input", { id: "Who it is.", note: "Free text." });
    expect(properties).toEqual({
      id: { type: "string", description: 'Who it is. Id of a document in "users".' },
      note: { type: "string", description: "Free text." },
      constructor: { type: "null" },
    });
  });

  it("keeps the order of the fields", () => {
    expect(Object.keys(objectSchema(fields, "input")["properties"] as object)).toEqual([
      "id",
      "note",
      "constructor",
    ]);
  });
});
