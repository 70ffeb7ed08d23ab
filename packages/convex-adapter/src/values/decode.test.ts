import { isDeepStrictEqual } from "node:util";
import { convexToJson, type GenericValidator, v, type Value } from "convex/values";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hostileJson, validators } from "../../test/support/arbitraries.ts";
import { decode } from "./decode.ts";
import { formatIssues } from "./issue.ts";

type Row = readonly [name: string, validator: GenericValidator, json: unknown, value: Value];
type Refused = readonly [name: string, validator: GenericValidator, json: unknown, text: string];

const bytes = new Uint8Array([0, 255]).buffer;
const levels = (depth: number): unknown => (depth === 0 ? "leaf" : [levels(depth - 1)]);
const fields = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, index]));
const parsed = (text: string): unknown => JSON.parse(text);

const shape = v.union(
  v.object({ type: v.literal("circle"), radius: v.number() }),
  v.object({ type: v.literal("square"), side: v.number(), unit: v.optional(v.string()) }),
);

describe("decode accepts", () => {
  it.each<Row>([
    ["text", v.string(), "é\u{1f600}", "é\u{1f600}"],
    ["no text", v.string(), "", ""],
    ["an id", v.id("users"), "abc", "abc"],
    ["a number", v.float64(), 1.5, 1.5],
    ["an unsafe integer as a number", v.float64(), 2 ** 60, 2 ** 60],
    ["a boolean", v.boolean(), false, false],
    ["null", v.null(), null, null],
    ["int64 as a number", v.int64(), -7, -7n],
    ["int64 as a number with a point", v.int64(), parsed("7.0"), 7n],
    ["int64 up to the last safe number", v.int64(), 2 ** 53 - 1, 2n ** 53n - 1n],
    ["int64 as text", v.int64(), "42", 42n],
    ["the least int64", v.int64(), "-9223372036854775808", -(2n ** 63n)],
    ["the greatest int64", v.int64(), "9223372036854775807", 2n ** 63n - 1n],
    ["int64 minus zero", v.int64(), "-0", 0n],
    ["bytes", v.bytes(), "AP8=", bytes],
    ["no bytes", v.bytes(), "", new ArrayBuffer(0)],
    ["a literal", v.literal("open"), "open", "open"],
    ["a number literal", v.literal(5), 5, 5],
    ["a boolean literal", v.literal(false), false, false],
    ["an int64 literal as text", v.literal(5n), "5", 5n],
    ["an int64 literal as a number", v.literal(5n), 5, 5n],
    ["an array", v.array(v.int64()), [1, "2"], [1n, 2n]],
    ["8192 items", v.array(v.number()), Array(8192).fill(1), Array(8192).fill(1)],
    ["an object", v.object({ a: v.string() }), { a: "x" }, { a: "x" }],
    ["an object without its optional field", v.object({ a: v.optional(v.string()) }), {}, {}],
    [
      "a field named constructor",
      v.object({ constructor: v.string() }),
      parsed('{"constructor":"x"}'),
      { constructor: "x" },
    ],
    ["an absent field named toString", v.object({ toString: v.optional(v.string()) }), {}, {}],
    ["a record", v.record(v.string(), v.int64()), { "a b": 1 }, { "a b": 1n }],
    ["1024 fields", v.record(v.string(), v.number()), fields(1024), fields(1024)],
    ["anything", v.any(), { a: [null, 1, "x", { b: true }] }, { a: [null, 1, "x", { b: true }] }],
    ["60 levels", v.any(), levels(60), levels(60) as Value],
    ["a key of all printable ASCII", v.any(), { " ~!.-$": 1 }, { " ~!.-$": 1 }],
    ["the first member", v.union(v.string(), v.null()), "x", "x"],
    ["the last member", v.union(v.id("users"), v.null()), null, null],
    ["a literal of several", v.union(v.literal("a"), v.literal("b")), "b", "b"],
    ["text where int64 does not fit", v.union(v.int64(), v.string()), "x1", "x1"],
    ["int64 where it fits", v.union(v.int64(), v.string()), "1", 1n],
    ["text first when it is first", v.union(v.string(), v.int64()), "1", "1"],
    ["int64 after text", v.union(v.string(), v.int64()), 1, 1n],
    ["one shape", shape, { type: "circle", radius: 1 }, { type: "circle", radius: 1 }],
    ["another shape", shape, { type: "square", side: 2 }, { type: "square", side: 2 }],
  ])("%s", (_, validator, json, value) => {
    expect(decode(validator, json)).toStrictEqual({ ok: true, value });
  });
});

const INT64 = "a 64-bit integer, as a JSON integer or a decimal string";
const RANGE = "an integer between -9223372036854775808 and 9223372036854775807, got one outside";
const NAME =
  "expected a field name of printable ASCII that does not start with $, got another name";

describe("decode refuses", () => {
  it.each<Refused>([
    ["a number for text", v.string(), 1, "a: expected a string, got an integer"],
    [
      "an unpaired surrogate",
      v.string(),
      "x\ud800",
      "a: expected well-formed Unicode text, got an unpaired surrogate",
    ],
    [
      "an unpaired surrogate as an id",
      v.id("users"),
      "\udc00",
      "a: expected well-formed Unicode text, got an unpaired surrogate",
    ],
    [
      "a number for an id",
      v.id("users"),
      1,
      'a: expected the id of a document in "users", got an integer',
    ],
    ["text for a number", v.float64(), "1", "a: expected a number, got a string"],
    [
      "a number that overflows",
      v.float64(),
      parsed("1e999"),
      "a: expected a finite number, got a number out of range",
    ],
    ["text for a boolean", v.boolean(), "true", "a: expected true or false, got a string"],
    ["false for null", v.null(), false, "a: expected null, got a boolean"],
    [
      "a fraction for int64",
      v.int64(),
      1.5,
      `a: expected ${INT64} (a decimal string beyond 9007199254740991), got a fraction`,
    ],
    [
      "an unsafe number for int64",
      v.int64(),
      2 ** 53,
      `a: expected ${INT64} (a decimal string beyond 9007199254740991), got a JSON number that has lost its exact value`,
    ],
    [
      "1e999 for int64",
      v.int64(),
      parsed("1e999"),
      `a: expected ${INT64}, got a number out of range`,
    ],
    ["one more than int64", v.int64(), "9223372036854775808", `a: expected ${RANGE}`],
    ["one less than int64", v.int64(), "-9223372036854775809", `a: expected ${RANGE}`],
    [
      "hexadecimal for int64",
      v.int64(),
      "0x10",
      `a: expected ${INT64}, got a string that is not one`,
    ],
    ["no digits for int64", v.int64(), "", `a: expected ${INT64}, got a string that is not one`],
    ["a plus for int64", v.int64(), "+1", `a: expected ${INT64}, got a string that is not one`],
    ["spaces for int64", v.int64(), " 1", `a: expected ${INT64}, got a string that is not one`],
    [
      "a line feed for int64",
      v.int64(),
      "1\n",
      `a: expected ${INT64}, got a string that is not one`,
    ],
    [
      "a million digits for int64",
      v.int64(),
      "1".repeat(1e6),
      `a: expected ${INT64}, got a string that is not one`,
    ],
    ["null for int64", v.int64(), null, `a: expected ${INT64}, got null`],
    [
      "base64 without padding",
      v.bytes(),
      "AP8",
      "a: expected bytes as a base64 string (RFC 4648 section 4, padded), got a string that is not base64",
    ],
    [
      "numbers for bytes",
      v.bytes(),
      [0, 255],
      "a: expected bytes as a base64 string (RFC 4648 section 4, padded), got an array",
    ],
    ["another literal", v.literal("open"), "paid", 'a: expected "open", got another string'],
    [
      "an int64 literal with zeros before",
      v.literal(5n),
      "05",
      'a: expected "5", got another string',
    ],
    ["another int64 literal", v.literal(5n), "6", 'a: expected "5", got another string'],
    ["text for a number literal", v.literal(5), "5", "a: expected 5, got another string"],
    [
      "an object for an array",
      v.array(v.any()),
      { length: 1 },
      "a: expected an array, got an object",
    ],
    [
      "9000 items",
      v.array(v.any()),
      Array(9000).fill(1),
      "a: expected at most 8192 items, got 9000",
    ],
    [
      "9000 items of anything",
      v.any(),
      Array(9000).fill(1),
      "a: expected at most 8192 items, got 9000",
    ],
    ["one wrong item", v.array(v.string()), ["x", 1], "a[1]: expected a string, got an integer"],
    ["an array for an object", v.object({}), [], "a: expected an object, got an array"],
    ["null for an object", v.object({}), null, "a: expected an object, got null"],
    ["a missing field", v.object({ b: v.string() }), {}, "a.b: expected a string, got nothing"],
    [
      "a missing field of anything",
      v.object({ b: v.any() }),
      {},
      "a.b: expected any JSON value, got nothing",
    ],
    [
      "a missing field named constructor",
      v.object({ constructor: v.string() }),
      {},
      "a.constructor: expected a string, got nothing",
    ],
    [
      "null for an optional field",
      v.object({ b: v.optional(v.string()) }),
      { b: null },
      "a.b: expected a string, got null",
    ],
    [
      "an unknown field",
      v.object({ b: v.string(), c: v.null() }),
      { b: "", c: null, d: 1 },
      "a.d: expected only b, c, got an unknown field",
    ],
    [
      "a field where there are none",
      v.object({}),
      { d: 1 },
      "a.d: expected no fields, got an unknown field",
    ],
    [
      "__proto__ in an object",
      v.object({}),
      parsed('{"__proto__":{"x":1}}'),
      "a.__proto__: expected no fields, got an unknown field",
    ],
    ["a key with $", v.any(), { $ref: "#" }, `a["$ref"]: ${NAME}`],
    [
      "a key that looks like an int64",
      v.any(),
      { $integer: "AAAAAAAAAAA=" },
      `a["$integer"]: ${NAME}`,
    ],
    ["a key that is not ASCII", v.any(), { é: 1 }, `a["é"]: ${NAME}`],
    ["a key with a tab", v.record(v.string(), v.any()), { "\t": 1 }, `a["\\t"]: ${NAME}`],
    ["a key with an unpaired surrogate", v.any(), { "\ud800": 1 }, `a["\\ud800"]: ${NAME}`],
    [
      "a key of 1025 characters",
      v.any(),
      { ["k".repeat(1025)]: 1 },
      `a["${"k".repeat(64)}"]: ${NAME}`,
    ],
    [
      "__proto__ in a record",
      v.record(v.string(), v.any()),
      parsed('{"__proto__":1}'),
      `a.__proto__: ${NAME}`,
    ],
    [
      "__proto__ deep in anything",
      v.any(),
      parsed('[{"x":{"__proto__":1}}]'),
      `a[0].x.__proto__: ${NAME}`,
    ],
    ["1025 fields", v.any(), fields(1025), "a: expected at most 1024 fields, got 1025"],
    [
      "a wrong value in a record",
      v.record(v.string(), v.string()),
      { x: 1 },
      "a.x: expected a string, got an integer",
    ],
    [
      "1e999 deep in anything",
      v.any(),
      { x: [Infinity] },
      "a.x[0]: expected a finite number, got a number out of range",
    ],
    [
      "no member",
      v.union(v.string(), v.null()),
      1,
      "a: expected one of: a string | null, got an integer",
    ],
    [
      "the one shape that is meant",
      shape,
      { type: "circle" },
      "a.radius: expected a number, got nothing",
    ],
    [
      "a shape that is none",
      shape,
      { type: "triangle" },
      'a.type: expected one of: "circle" | "square", got another string',
    ],
    [
      "an object without its tag",
      shape,
      {},
      'a.type: expected one of: "circle" | "square", got nothing',
    ],
    [
      "an object for shapes without tags",
      v.union(v.object({ b: v.null() }), v.object({ c: v.null() })),
      {},
      "a: expected one of: an object | an object, got an object",
    ],
    [
      "a wrong item in a union",
      v.union(v.null(), v.array(v.string())),
      [1],
      "a[0]: expected a string, got an integer",
    ],
    ["anything in an empty union", v.union(), 1, "a: expected no value, got an integer"],
  ])("%s", (_, validator, json, text) => {
    const decoded = decode(v.object({ a: validator }), { a: json });
    if (decoded.ok) throw new Error("It was accepted.");
    expect(
      decoded.issues.map(
        (issue) => `${issue.path}: expected ${issue.expected}, got ${issue.received}`,
      ),
    ).toEqual([text]);
    expect(formatIssues("tool", decoded.issues)).toContain(`- ${text}`);
  });

  it("says everything that is wrong at once", () => {
    const validator = v.object({ a: v.string(), b: v.array(v.int64()), c: v.boolean() });
    const decoded = decode(validator, { a: 1, b: ["x", 2, "y"], d: null });
    const paths = decoded.ok ? [] : decoded.issues.map(({ path }) => path);
    expect(paths).toEqual(["a", "b[0]", "b[2]", "c", "d"]);
  });

  it("does not fill the memory with what is wrong", () => {
    const decoded = decode(v.object({ a: v.array(v.array(v.string())) }), {
      a: Array(8192).fill(Array(60).fill(1)),
    });
    if (decoded.ok) throw new Error("It was accepted.");
    expect(decoded.issues.length).toBeLessThan(100);
    expect(formatIssues("tool", decoded.issues)).toContain("- and more");
  });

  it("does not read on below a level that Convex refuses", () => {
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    const decoded = decode(v.any(), deep);
    expect(decoded).toMatchObject({ ok: false, issues: [{ received: "deeper nesting" }] });
  });

  it("leaves no prototype behind", () => {
    const decoded = decode(v.any(), parsed('{"a":{"constructor":{"prototype":{"x":1}}}}'));
    expect(decoded.ok).toBe(true);
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });
});

describe("decode never tells the value", () => {
  const SECRET = "hunter2-5f3e";
  it.each([
    ["int64", v.int64()],
    ["float64", v.float64()],
    ["boolean", v.boolean()],
    ["null", v.null()],
    ["bytes", v.bytes()],
    ["literal", v.literal("x")],
    ["array", v.array(v.string())],
    ["object", v.object({ x: v.string() })],
    ["record", v.record(v.string(), v.string())],
    ["union", v.union(v.int64(), v.bytes(), v.object({ x: v.null() }))],
    ["empty union", v.union()],
  ])("of a wrong %s", (_, validator) => {
    for (const json of [SECRET, [SECRET], { x: SECRET, y: [SECRET] }, 424_242.5, [424_242.5]]) {
      const decoded = decode(v.object({ a: validator }), { a: json });
      if (decoded.ok) continue;
      const text = formatIssues("tool", decoded.issues);
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain("424242");
    }
  });
});

describe("decode for any JSON", () => {
  it("never throws, and what it accepts crosses into Convex", () => {
    fc.assert(
      fc.property(validators(), hostileJson(), (validator, json) => {
        const decoded = decode(validator, json);
        if (decoded.ok) expect(() => convexToJson(decoded.value)).not.toThrow();
        else expect(decoded.issues.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it("gives anything back as it came, or says why not", () => {
    fc.assert(
      fc.property(hostileJson(), (json) => {
        const decoded = decode(v.any(), json);
        if (decoded.ok) expect(isDeepStrictEqual(decoded.value, json)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("changes nothing of what it is given", () => {
    fc.assert(
      fc.property(validators(), hostileJson(), (validator, json) => {
        const before = JSON.stringify(json);
        decode(validator, json);
        expect(JSON.stringify(json)).toBe(before);
      }),
    );
  });
});
