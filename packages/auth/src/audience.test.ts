import { verifies } from "@convex-mcp/spec";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { audienceMatches, audiencesOf } from "./audience.ts";

describe("audiencesOf", () => {
  it.each<[unknown, string[]]>([
    ["a", ["a"]],
    [
      ["a", "b"],
      ["a", "b"],
    ],
    [["a", 1, null, ""], ["a"]],
    ["", []],
    [undefined, []],
    [{ a: 1 }, []],
  ])("reads %j", (aud, expected) => {
    expect(audiencesOf({ aud })).toEqual(expected);
  });
});

describe("audienceMatches", () => {
  it.each([
    ["https://h/mcp", "https://h/mcp"],
    ["https://h/mcp/", "https://h/mcp"],
    ["https://h/mcp", "https://h/mcp/"],
    ["HTTPS://H.Example/mcp", "https://h.example/mcp"],
    ["https://h:443/mcp", "https://h/mcp"],
    ["http://h:80", "http://h/"],
    ["https://h/mcp#part", "https://h/mcp"],
    ["https://[::1]:443/x", "https://[::1]/x"],
    ["https://h/mcp/?a=1", "https://h/mcp?a=1"],
    ["my-api", "my-api"],
    ["api://Guid", "api://Guid"],
  ])("takes %s for %s", (audience, allowed) => {
    verifies("token.audience");
    expect(audienceMatches([audience], [allowed])).toBe(true);
  });

  it.each([
    ["https://h/mcp", "https://h"],
    ["https://h", "https://h/mcp"],
    ["https://h/mcp/tenant", "https://h/mcp"],
    ["https://h/MCP", "https://h/mcp"],
    ["https://h/mcp//", "https://h/mcp"],
    ["https://h/a/../mcp", "https://h/mcp"],
    ["https://h/%6dcp", "https://h/mcp"],
    ["https:\\\\h/mcp", "https://h/mcp"],
    ["https:/h/mcp", "https://h/mcp"],
    [" https://h/mcp", "https://h/mcp"],
    ["https://h\t/mcp", "https://h/mcp"],
    ["https://u@h/mcp", "https://h/mcp"],
    ["http://h/mcp", "https://h/mcp"],
    ["https://h:80/mcp", "https://h/mcp"],
    ["https://h:8443/mcp", "https://h/mcp"],
    ["https://h.evil/mcp", "https://h/mcp"],
    ["https://h/mcp?x=1", "https://h/mcp"],
    ["My-api", "my-api"],
    ["my-api/", "my-api"],
    ["api://guid", "api://Guid"],
  ])("does not take %j for %s", (audience, allowed) => {
    verifies("token.audience");
    expect(audienceMatches([audience], [allowed])).toBe(false);
  });

  it("needs one of each side, and nothing matches nothing", () => {
    expect(audienceMatches(["x", "b"], ["a", "b"])).toBe(true);
    expect(audienceMatches([], ["a"])).toBe(false);
    expect(audienceMatches(["a"], [])).toBe(false);
  });

  it("is reflexive and symmetric, and never throws", () => {
    const text = fc.oneof(fc.string({ unit: "binary" }), fc.webUrl({ withFragments: true }));
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(audienceMatches([a], [a])).toBe(true);
        expect(audienceMatches([a], [b])).toBe(audienceMatches([b], [a]));
      }),
    );
  });
});
