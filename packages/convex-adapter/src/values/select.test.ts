import { type GenericValidator, v, type Value } from "convex/values";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { validated } from "../../test/support/arbitraries.ts";
import { select } from "./select.ts";

const small = v.object({ a: v.number() });
const large = v.object({ a: v.number(), b: v.string() });

describe("select", () => {
  it.each<[string, GenericValidator, Value | undefined, Value | undefined]>([
    ["a field that is not declared", small, { a: 1, secret: "x" }, { a: 1 }],
    ["one in an item", v.array(small), [{ a: 1, secret: "x" }], [{ a: 1 }]],
    ["one in a record", v.record(v.string(), small), { k: { a: 1, b: 2 } }, { k: { a: 1 } }],
    ["one named like a method", v.object({}), { constructor: 1, toString: 2 }, {}],
    [
      "one of an optional field",
      v.object({ o: v.optional(small) }),
      { o: { a: 1, b: 2 } },
      { o: { a: 1 } },
    ],
    ["one that no member of a union has", v.union(small, v.null()), { a: 1, z: 1 }, { a: 1 }],
  ])("leaves out %s", (_what, validator, value, selected) => {
    expect(select(validator, value)).toEqual(selected);
  });

  it("takes the member of a union that the value is, not the first that it could be cut to", () => {
    const value = { a: 1, b: "x" };
    expect(select(v.union(small, large), value)).toEqual(value);
  });

  it.each<[GenericValidator, Value | undefined]>([
    [small, "text"],
    [small, undefined],
    [v.array(small), { a: 1 }],
    [v.union(small, v.null()), "text"],
    [v.object({}), new ArrayBuffer(1)],
  ])("leaves what is wrong for others to find: %#", (validator, value) => {
    expect(select(validator, value)).toBe(value);
  });

  it("changes nothing of a value of its validator", () => {
    fc.assert(
      fc.property(validated(), ({ validator, value }) => {
        expect(select(validator, value)).toEqual(value);
      }),
    );
  });
});
