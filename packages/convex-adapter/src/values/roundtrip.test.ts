import { isDeepStrictEqual } from "node:util";
import { v } from "convex/values";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hostileJson, spellingsOf, validated, validators } from "../../test/support/arbitraries.ts";
import { conforms } from "../../test/support/schema.ts";
import { decode } from "./decode.ts";
import { encode } from "./encode.ts";
import { toJsonSchema } from "./jsonschema.ts";

const runs = { numRuns: 500 };
const viaText = (json: unknown): unknown => JSON.parse(JSON.stringify(json));

describe("a value that goes out and comes back", () => {
  it("is exactly the value", () => {
    fc.assert(
      fc.property(validated(), ({ validator, value }) => {
        const decoded = decode(validator, viaText(encode(value)));
        expect(decoded).toMatchObject({ ok: true });
        expect(isDeepStrictEqual(decoded.ok && decoded.value, value)).toBe(true);
      }),
      runs,
    );
  });

  it("is JSON on the way", () => {
    fc.assert(
      fc.property(validated(), ({ value }) => {
        const json = encode(value);
        expect(isDeepStrictEqual(viaText(json), json)).toBe(true);
      }),
      runs,
    );
  });

  it("is what the schemas of its validator say, out and in", () => {
    fc.assert(
      fc.property(validated(), ({ validator, value }) => {
        const json = viaText(encode(value));
        expect(conforms(toJsonSchema(validator, "output"), json)).toBe(true);
        expect(conforms(toJsonSchema(validator, "input"), json)).toBe(true);
      }),
      runs,
    );
  });

  it("is what the schema says when it is no number at all", () => {
    for (const number of [Number.NaN, Infinity, -Infinity]) {
      expect(conforms(toJsonSchema(v.float64(), "output"), encode(number))).toBe(true);
    }
  });
});

describe("arguments that are accepted", () => {
  it("are what the input schema says, in every spelling", () => {
    fc.assert(
      fc.property(validated().chain(spellingsOf), ({ validator, json }) => {
        expect(decode(validator, json)).toMatchObject({ ok: true });
        expect(conforms(toJsonSchema(validator, "input"), json)).toBe(true);
      }),
      runs,
    );
  });

  it("are what the input schema says, whatever was sent", () => {
    fc.assert(
      fc.property(validators(), hostileJson(), (validator, json) => {
        const decoded = decode(validator, json);
        if (decoded.ok) expect(conforms(toJsonSchema(validator, "input"), json)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
