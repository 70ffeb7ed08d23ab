import { describe, expect, it } from "vitest";

import { createBridge } from "./bridge.ts";
import { memoryBridgeStore } from "./memory.ts";
import type { BridgeOptions } from "./options.ts";

const upstream = {
  issuer: "https://id.example.com",
  authorizationEndpoint: "https://id.example.com/authorize",
  tokenEndpoint: "https://id.example.com/token",
  clientId: "bridge",
  scopes: ["openid"],
};
const assertion = () => Promise.resolve("a");
const options = {
  issuer: "https://app.example.com",
  resources: "https://app.example.com/mcp",
  store: memoryBridgeStore(),
  secrets: ["s".repeat(32)],
  upstream,
};

describe("createBridge", () => {
  it.each([{}, { issuer: "http://localhost:3000/oauth" }, { resources: [options.resources] }])(
    "accepts %j",
    (change) => {
      expect(() => createBridge({ ...options, ...change })).not.toThrow();
    },
  );

  it.each([
    ["issuer", { issuer: "http://app.example.com" }],
    ["issuer", { issuer: "https://app.example.com/" }],
    ["issuer", { issuer: "https://app.example.com/oauth/" }],
    ["issuer", { issuer: "https://app.example.com?x" }],
    ["issuer", { issuer: "https://APP.example.com" }],
    ["mode", { mode: "other" }],
    ["resources", { resources: [] }],
    ["resources", { resources: undefined }],
    ["resources", { resources: "mcp" }],
    ["store", { store: undefined }],
    ["secrets", { secrets: [] }],
    ["secrets", { secrets: ["short"] }],
    ["secrets", { secrets: "s".repeat(32) }],
    ["upstream", { upstream: undefined }],
    ["upstream.issuer", { upstream: { ...upstream, issuer: "id" } }],
    [
      "upstream.tokenEndpoint",
      { upstream: { ...upstream, tokenEndpoint: "http://id.example.com" } },
    ],
    ["upstream.clientId", { upstream: { ...upstream, clientId: "" } }],
    ["upstream.scopes", { upstream: { ...upstream, scopes: ["a b"] } }],
    ["upstream.scopes", { upstream: { ...upstream, scopes: undefined } }],
    ["upstream.token", { upstream: { ...upstream, token: "refresh_token" } }],
    [
      "upstream.clientSecret",
      { upstream: { ...upstream, tokenEndpointAuthMethod: "client_secret_post" } },
    ],
    [
      "upstream.clientSecret",
      { upstream: { ...upstream, clientSecret: "s", tokenEndpointAuthMethod: "none" } },
    ],
    [
      "upstream.tokenEndpointAuthMethod",
      { upstream: { ...upstream, tokenEndpointAuthMethod: "x" } },
    ],
    [
      "upstream.clientSecret: expected none with private_key_jwt",
      { upstream: { ...upstream, clientSecret: "s", clientAssertion: assertion } },
    ],
    [
      "upstream.clientAssertion: expected a function with private_key_jwt",
      { upstream: { ...upstream, tokenEndpointAuthMethod: "private_key_jwt" } },
    ],
    [
      "upstream.clientAssertion: expected a function with private_key_jwt",
      { upstream: { ...upstream, clientAssertion: "a" } },
    ],
    [
      "upstream.clientAssertion: expected none with none",
      {
        upstream: {
          ...upstream,
          clientAssertion: assertion,
          tokenEndpointAuthMethod: "none",
        },
      },
    ],
    ["registration.privateSchemes", { registration: { privateSchemes: ["javascript"] } }],
    ["registration.privateSchemes", { registration: { privateSchemes: ["Cursor"] } }],
    ["registration.privateSchemes", { registration: { privateSchemes: ["https"] } }],
    ["registration.allowedRedirects[0]", { registration: { allowedRedirects: ["claude.ai"] } }],
    ["registration.total", { registration: { total: 0 } }],
    ["rememberConsentSeconds", { rememberConsentSeconds: -1 }],
    ["refreshSeconds", { refreshSeconds: 1.5 }],
  ])("names %s when it is wrong", (name, change) => {
    const make = () => createBridge({ ...options, ...change } as unknown as BridgeOptions);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(name);
  });
});
