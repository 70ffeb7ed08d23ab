import { type GenericValidator, v, type Value } from "convex/values";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromText, isOfStrings, isTextual } from "./fromText.ts";

const either = v.union(v.number(), v.boolean(), v.string());

describe("a value from its text", () => {
  it.each<[GenericValidator, string, Value]>([
    [v.string(), "", ""],
    [v.string(), "5", "5"],
    [v.string(), "é 😀", "é 😀"],
    [v.optional(v.string()), "x", "x"],
    [v.id("rows"), "k57abc", "k57abc"],
    [v.int64(), "9223372036854775807", 9223372036854775807n],
    [v.int64(), "-1", -1n],
    [v.number(), "0", 0],
    [v.number(), "-1.5e3", -1500],
    [v.boolean(), "true", true],
    [v.boolean(), "false", false],
    [v.literal("open"), "open", "open"],
    [v.literal(5), "5", 5],
    [v.literal(5n), "5", 5n],
    [v.literal(true), "true", true],
    [v.union(v.literal("a"), v.literal("b")), "b", "b"],
    [either, "5", 5],
    [either, "true", true],
    [either, "five", "five"],
  ])("%o of %j is %o", (validator, text, value) => {
    expect(fromText(validator, text)).toEqual(value);
  });

  it.each<[GenericValidator, string]>([
    [v.string(), "\ud800"],
    [v.int64(), "9223372036854775808"],
    [v.int64(), "1.5"],
    [v.int64(), ""],
    [v.number(), ""],
    [v.number(), " 1"],
    [v.number(), "0x10"],
    [v.number(), "01"],
    [v.number(), "1."],
    [v.number(), "NaN"],
    [v.number(), "Infinity"],
    [v.number(), "1e999"],
    [v.boolean(), "1"],
    [v.boolean(), "TRUE"],
    [v.boolean(), ""],
    [v.literal("open"), "Open"],
    [v.literal(5), "5.0"],
    [v.literal(5n), "05"],
    [v.literal(true), "false"],
    [v.union(v.literal("a"), v.int64()), "b"],
    [v.null(), "null"],
    [v.array(v.string()), "[]"],
    [v.object({}), "{}"],
  ])("%o has none of %j", (validator, text) => {
    expect(fromText(validator, text)).toBeUndefined();
  });

  it("is the one whose text it is", () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(finite, fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), (number, whole) => {
        expect(fromText(v.number(), String(number).replace("e+", "e"))).toBe(
          Object.is(number, -0) ? 0 : number,
        );
        expect(fromText(v.int64(), String(whole))).toBe(whole);
      }),
    );
  });

  it("never throws", () => {
    const validator = v.union(v.number(), v.int64(), v.boolean(), v.id("rows"), v.literal(1));
    fc.assert(fc.property(fc.string(), (text) => void fromText(validator, text)));
  });
});

describe("what a text can tell", () => {
  it.each<[GenericValidator, textual: boolean, strings: boolean]>([
    [v.string(), true, true],
    [v.optional(v.string()), true, true],
    [v.id("rows"), true, true],
    [v.literal("a"), true, true],
    [v.union(v.literal("a"), v.string()), true, true],
    [v.literal(1), true, false],
    [v.union(v.literal("a"), v.literal(1n)), true, false],
    [v.int64(), true, false],
    [v.number(), true, false],
    [v.boolean(), true, false],
    [v.bytes(), false, false],
    [v.null(), false, false],
    [v.any(), false, false],
    [v.array(v.string()), false, false],
    [v.union(v.string(), v.null()), false, false],
  ])("%o: %s, and as strings alone: %s", (validator, textual, strings) => {
    expect(isTextual(validator)).toBe(textual);
    expect(isOfStrings(validator)).toBe(strings);
  });
});
