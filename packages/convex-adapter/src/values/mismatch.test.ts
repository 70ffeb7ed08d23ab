import { type GenericValidator, v, type Value } from "convex/values";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { validated } from "../../test/support/arbitraries.ts";
import { mismatch } from "./mismatch.ts";

const shape = v.union(
  v.object({ type: v.literal("circle"), radius: v.number() }),
  v.object({ type: v.literal("dot") }),
);

describe("mismatch", () => {
  it.each<[string, GenericValidator, Value | undefined]>([
    ["text", v.string(), "x"],
    ["an id", v.id("users"), "x"],
    ["a number", v.number(), 1],
    ["NaN", v.number(), Number.NaN],
    ["int64", v.int64(), 1n],
    ["a commit time", v.commitTs(), 1n],
    ["a boolean", v.boolean(), false],
    ["null", v.null(), null],
    ["bytes", v.bytes(), new ArrayBuffer(1)],
    ["anything", v.any(), { a: [1n] }],
    ["a literal", v.literal(5n), 5n],
    ["no items", v.array(v.string()), []],
    ["an absent optional field", v.object({ a: v.optional(v.string()) }), {}],
    ["an undefined optional field", v.object({ a: v.optional(v.string()) }), { a: undefined }],
    ["an absent optional field named toString", v.object({ toString: v.optional(v.string()) }), {}],
    ["an undefined field that is not declared", v.object({}), { a: undefined }],
    ["a record", v.record(v.string(), v.number()), { a: 1 }],
    ["a member of a union", shape, { type: "dot" }],
  ])("finds nothing in %s", (_, validator, value) => {
    expect(mismatch(validator, value)).toBeUndefined();
  });

  it.each<[string, GenericValidator, Value | undefined, string, string, string]>([
    ["nothing for null", v.null(), undefined, "", "null", "undefined"],
    ["text for a number", v.number(), "x", "", "a number", "string"],
    [
      "a number for int64",
      v.int64(),
      1,
      "",
      "a 64-bit integer, as a JSON integer or a decimal string",
      "number",
    ],
    ["int64 for a number", v.number(), 1n, "", "a number", "bigint"],
    ["nothing for text", v.string(), undefined, "", "a string", "undefined"],
    ["null for an object", v.object({}), null, "", "an object", "null"],
    ["an array for an object", v.object({}), [], "", "an object", "array"],
    ["bytes for an object", v.object({}), new ArrayBuffer(1), "", "an object", "bytes"],
    [
      "an object for bytes",
      v.bytes(),
      {},
      "",
      "bytes as a base64 string (RFC 4648 section 4, padded)",
      "object",
    ],
    ["another literal", v.literal("a"), "b", "", '"a"', "string"],
    ["a wrong item", v.array(v.string()), ["x", 1], "[1]", "a string", "number"],
    ["a missing field", v.object({ a: v.string() }), {}, "a", "a string", "undefined"],
    [
      "a missing field of anything",
      v.object({ a: v.any() }),
      {},
      "a",
      "any JSON value",
      "undefined",
    ],
    [
      "null for an optional field",
      v.object({ a: v.optional(v.string()) }),
      { a: null },
      "a",
      "a string",
      "null",
    ],
    ["a field that is not declared", v.object({}), { _id: "x" }, "_id", "no such field", "string"],
    [
      "a field named constructor",
      v.object({}),
      { constructor: 1 },
      "constructor",
      "no such field",
      "number",
    ],
    [
      "a wrong value in a record",
      v.record(v.string(), v.null()),
      { "a b": 1 },
      '["a b"]',
      "null",
      "number",
    ],
    [
      "no member of a union",
      shape,
      { type: "square" },
      "",
      "one of: an object | an object",
      "object",
    ],
    [
      "something deep",
      v.object({ a: v.array(v.object({ b: v.null() })) }),
      { a: [{ b: 1 }] },
      "a[0].b",
      "null",
      "number",
    ],
  ])("finds %s", (_, validator, value, ...[path, expected, received]) => {
    expect(mismatch(validator, value)).toEqual({ path, expected, received });
  });

  it("finds nothing in a value of its validator", () => {
    fc.assert(
      fc.property(validated(), ({ validator, value }) => {
        expect(mismatch(validator, value)).toBeUndefined();
      }),
    );
  });
});
