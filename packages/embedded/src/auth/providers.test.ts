import { describe, expect, it } from "vitest";
import { configWarnings, parseProviders } from "./providers.ts";

describe("parseProviders", () => {
  it("reads both kinds", () => {
    const oidc = { domain: "https://a.test", applicationID: "app" };
    const custom = { type: "customJwt", issuer: "i", jwks: "data:,", algorithm: "RS256" };
    expect(parseProviders({ providers: [oidc, custom] })).toEqual([
      { type: "oidc", ...oidc },
      { ...custom, applicationID: null },
    ]);
  });

  it.each([
    [undefined, "expected a default export"],
    [{ providers: [null] }, "providers[0] to be an object"],
    [{ providers: [{ domain: "d" }] }, "providers[0].applicationID to be a string, got undefined"],
    [{ providers: [{ domain: "", applicationID: "a" }] }, "providers[0].domain"],
    [
      { providers: [{ type: "customJwt", issuer: "i", jwks: "j", algorithm: "HS256" }] },
      "to be RS256 or ES256, got HS256",
    ],
  ])("refuses %j by name", (exported, problem) => {
    expect(() => parseProviders(exported)).toThrow(problem);
  });
});

describe("configWarnings", () => {
  const custom = {
    type: "customJwt",
    issuer: "https://i.test",
    jwks: "data:,",
    algorithm: "RS256",
  };

  it("names the file that is missing", () => {
    expect(configWarnings(null)).toEqual([
      "convex/auth.config.ts is missing: every bearer token counts as invalid.",
    ]);
  });

  it("names an issuer whose audiences nobody checks, and no other", () => {
    const safe = { ...custom, applicationID: "app" };
    expect(configWarnings(parseProviders({ providers: [custom, safe] }))).toEqual([
      "convex/auth.config.ts: https://i.test has no applicationID, so tokens for any audience are accepted.",
    ]);
  });
});
