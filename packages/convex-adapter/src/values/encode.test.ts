import { type GenericValidator, v, type Value } from "convex/values";
import { describe, expect, it } from "vitest";
import { encode, type Json } from "./encode.ts";

const buffer = new Uint8Array([0, 255]).buffer;

describe("encode", () => {
  it.each<[string, Value | undefined, Json]>([
    ["nothing", undefined, null],
    ["null", null, null],
    ["text", "é\u{1f600}", "é\u{1f600}"],
    ["a boolean", true, true],
    ["a number", 1.5, 1.5],
    ["an unsafe integer", 2 ** 60, 2 ** 60],
    ["NaN", Number.NaN, "NaN"],
    ["infinity", Infinity, "Infinity"],
    ["minus infinity", -Infinity, "-Infinity"],
    ["int64", 5n, "5"],
    ["the least int64", -(2n ** 63n), "-9223372036854775808"],
    ["bytes", buffer, "AP8="],
    ["no bytes", new ArrayBuffer(0), ""],
    ["an array", [1n, [buffer]], ["1", ["AP8="]]],
    ["an object", { a: 1n, b: { c: null } }, { a: "1", b: { c: null } }],
    ["an absent field", { a: undefined, b: 1 }, { b: 1 }],
  ])("makes JSON of %s", (_, value, json) => {
    expect(encode(value)).toStrictEqual(json);
  });

  it("leaves the value as it is", () => {
    const value = Object.freeze({ a: Object.freeze([1n, buffer]) }) as unknown as Value;
    encode(value);
    expect(value).toStrictEqual({ a: [1n, buffer] });
  });

  it("keeps a key __proto__ a key", () => {
    const value = JSON.parse('{"__proto__":{"x":1}}') as Value;
    expect(JSON.stringify(encode(value))).toBe('{"__proto__":{"x":1}}');
  });

  it("has an answer for values that an inline handler makes and Convex does not know", () => {
    const loop: Record<string, unknown> = { name: "loop" };
    loop["self"] = loop;
    const odd = [undefined, () => 1, Symbol("x"), loop, new Date(0), new Uint8Array([0, 255])];
    const json = JSON.stringify(encode(odd as unknown as Value));
    expect(JSON.parse(json)).toEqual([
      null,
      null,
      null,
      { name: "loop", self: null },
      "1970-01-01T00:00:00.000Z",
      "AP8=",
    ]);
  });
});

describe("encode of a value seen several times", () => {
  it("shows it each time: only a circle ends in null", () => {
    const twice = { x: 1n };
    expect(encode([twice, twice] as never)).toEqual([{ x: "1" }, { x: "1" }]);
  });
});

/** Kept here so that a new validator kind fails the build of this test until it has a row. */
const kinds: Readonly<Record<GenericValidator["kind"], GenericValidator>> = {
  any: v.any(),
  array: v.array(v.null()),
  boolean: v.boolean(),
  bytes: v.bytes(),
  commitTs: v.commitTs(),
  float64: v.float64(),
  id: v.id("users"),
  int64: v.int64(),
  literal: v.literal("x"),
  null: v.null(),
  object: v.object({}),
  record: v.record(v.string(), v.null()),
  string: v.string(),
  union: v.union(),
};

it("knows every kind of validator that Convex has", () => {
  for (const [kind, validator] of Object.entries(kinds)) expect(validator.kind).toBe(kind);
});
