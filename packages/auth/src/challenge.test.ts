import { verifies } from "@convex-mcp/spec";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { challenge, type BearerError, type ChallengeParams } from "./challenge.ts";
import { parseChallenges } from "./challenges.ts";

const ascii = fc.stringMatching(/^[\x20-\x7e]{0,30}$/);
const scope = fc.stringMatching(/^[\x21\x23-\x5b\x5d-\x7e]{1,12}$/);
const error = fc.constantFrom<BearerError>(
  "invalid_request",
  "invalid_token",
  "insufficient_scope",
);

function paramsOf(header: string): Record<string, string> {
  const parsed = parseChallenges(header);
  expect(parsed).toHaveLength(1);
  expect(parsed[0]?.scheme).toBe("Bearer");
  return Object.fromEntries(parsed[0]?.params ?? []);
}

describe("challenge", () => {
  it("quotes each value, and puts the foreign text last", () => {
    expect(
      challenge({
        resourceMetadata: "https://h/.well-known/oauth-protected-resource/mcp",
        error: "insufficient_scope",
        errorDescription: 'Say "please" \\ now',
        scope: ["a", "b"],
        realm: "r",
      }),
    ).toBe(
      'Bearer realm="r", resource_metadata="https://h/.well-known/oauth-protected-resource/mcp", ' +
        'error="insufficient_scope", scope="a b", error_description="Say \'please\' \' now"',
    );
  });

  it("escapes what a realm or a URL quotes", () => {
    expect(challenge({ realm: 'a "b" \\ c' })).toBe('Bearer realm="a \\"b\\" \\\\ c"');
  });

  it("says nothing of an error that was not given", () => {
    expect(challenge({ resourceMetadata: "https://h/x" })).toBe(
      'Bearer resource_metadata="https://h/x"',
    );
  });

  it("always has a parameter, as RFC 6750 asks", () => {
    expect(challenge({})).toBe('Bearer realm=""');
    expect(challenge({ scope: [] })).toBe('Bearer realm=""');
  });

  it("leaves out what is no scope", () => {
    expect(challenge({ scope: ["ok", "", "a b", 'q"', "\u00e9", "ok:2"] })).toBe(
      'Bearer scope="ok ok:2"',
    );
  });

  it("holds printable ASCII only and can always be a header", () => {
    verifies("challenge.form");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const value = challenge({ errorDescription: text, realm: text, resourceMetadata: text });
        expect(value).toMatch(/^[\x20-\x7e]+$/);
        expect(new Headers({ "www-authenticate": value }).get("www-authenticate")).toBe(value);
        expect(Object.keys(paramsOf(value))).toEqual([
          "realm",
          "resource_metadata",
          "error_description",
        ]);
      }),
    );
  });

  it("is read back by parseChallenges", () => {
    const record = fc.record<ChallengeParams>(
      {
        resourceMetadata: ascii,
        error,
        errorDescription: ascii,
        scope: fc.array(scope),
        realm: ascii,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(record, (params) => {
        const expected = Object.entries({
          realm: params.realm,
          resource_metadata: params.resourceMetadata,
          error: params.error,
          scope: params.scope?.join(" ") || undefined,
          error_description: params.errorDescription?.replaceAll(/["\\]/g, "'"),
        }).filter(([, value]) => value !== undefined);
        const parsed = paramsOf(challenge(params));
        expect(parsed).toEqual(
          expected.length === 0 ? { realm: "" } : Object.fromEntries(expected),
        );
      }),
    );
  });
});
