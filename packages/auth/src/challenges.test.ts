import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { parseChallenges } from "./challenges.ts";

function plain(header: string): unknown[] {
  return parseChallenges(header).map(({ scheme, token68, params }) => [
    scheme,
    token68 ?? Object.fromEntries(params),
  ]);
}

describe("parseChallenges", () => {
  it.each<[string, unknown[]]>([
    ["", []],
    ["Bearer", [["Bearer", {}]]],
    [
      'Bearer realm="a, b=c", error=invalid_token',
      [["Bearer", { realm: "a, b=c", error: "invalid_token" }]],
    ],
    // RFC 9110 section 11.6.1
    [
      'Basic realm="simple", Newauth realm="apps", type=1, title="Login to \\"apps\\""',
      [
        ["Basic", { realm: "simple" }],
        ["Newauth", { realm: "apps", type: "1", title: 'Login to "apps"' }],
      ],
    ],
    [
      "Negotiate, Bearer realm=x",
      [
        ["Negotiate", {}],
        ["Bearer", { realm: "x" }],
      ],
    ],
    [
      "Negotiate a87421000492aa874209af8bc028==, Basic",
      [
        ["Negotiate", "a87421000492aa874209af8bc028=="],
        ["Basic", {}],
      ],
    ],
    [',, Bearer ,realm = "x" ,,', [["Bearer", { realm: "x" }]]],
    ["BEARER Realm=a, realm=b", [["BEARER", { realm: "a" }]]],
    ["Bearer a=1 b=2", [["Bearer", { a: "1", b: "2" }]]],
    [
      "Bearer resource_metadata=https://h/a?b=c, error=x",
      [["Bearer", { resource_metadata: "https://h/a?b=c", error: "x" }]],
    ],
    ['Bearer realm="never ends, error=x', [["Bearer", { realm: "never ends, error=x" }]]],
    ['Bearer realm="ends with \\', [["Bearer", { realm: "ends with " }]]],
    ['"garbage, here" ; ???, Bearer realm="x"', [["Bearer", { realm: "x" }]]],
    ["realm=x, Bearer error=y", [["Bearer", { error: "y" }]]],
    ['Bearer __proto__="x"', [["Bearer", JSON.parse('{"__proto__":"x"}')]]],
  ])("reads %s", (header, expected) => {
    expect(plain(header)).toEqual(expected);
  });

  it("never throws, and gives schemes that are tokens", () => {
    const hostile = fc.oneof(
      fc.string({ unit: "binary" }),
      fc
        .array(fc.constantFrom('"', "\\", ",", "=", " ", "\t", "Bearer", "a", "/", "é"))
        .map((it) => it.join("")),
    );
    fc.assert(
      fc.property(hostile, (header) => {
        for (const { scheme, params } of parseChallenges(header)) {
          expect(scheme).toMatch(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/);
          for (const name of params.keys()) expect(name).toBe(name.toLowerCase());
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("reads back several challenges that are joined with commas", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
    const value = fc.stringMatching(/^[\x20-\x7e]{0,20}$/);
    const one = fc.record({
      scheme: fc.stringMatching(/^[A-Z][a-z]{1,8}$/),
      params: fc.dictionary(name, value),
    });
    fc.assert(
      fc.property(fc.array(one), (challenges) => {
        const header = challenges
          .map(({ scheme, params }) => {
            const list = Object.entries(params).map(
              ([key, text]) => `${key}="${text.replace(/["\\]/g, "\\$&")}"`,
            );
            return `${scheme} ${list.join(", ")}`;
          })
          .join(", ");
        const parsed = parseChallenges(header);
        expect(parsed.map((it) => it.scheme)).toEqual(challenges.map((it) => it.scheme));
        expect(parsed.map((it) => [...it.params])).toEqual(
          challenges.map((it) => Object.entries(it.params)),
        );
      }),
    );
  });

  it.each(["a", " ", ",", '"', "=", "a=", "a ", '\\"', "a/ ", "a b,"])(
    "takes linear time on many of %j",
    (part) => {
      const start = performance.now();
      parseChallenges(`Bearer ${part.repeat(100_000)}`);
      expect(performance.now() - start).toBeLessThan(1000);
    },
  );
});
