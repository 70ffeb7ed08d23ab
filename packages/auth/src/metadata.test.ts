import { verifies } from "@convex-mcp/spec";
import { describe, expect, it } from "vitest";

import {
  protectedResourceMetadata,
  protectedResourceMetadataUrl,
  WELL_KNOWN_PROTECTED_RESOURCE,
  type ProtectedResourceOptions,
} from "./metadata.ts";

const minimal: ProtectedResourceOptions = {
  resource: "https://h.example/mcp/",
  authorizationServers: ["https://issuer.example/"],
};

describe("protectedResourceMetadata", () => {
  it("spells resource and issuers as they were given", () => {
    expect(protectedResourceMetadata(minimal)).toEqual({
      resource: "https://h.example/mcp/",
      authorization_servers: ["https://issuer.example/"],
      bearer_methods_supported: ["header"],
    });
  });

  it("has all the optional members, without offline_access", () => {
    verifies("scope.minimal");
    expect(
      protectedResourceMetadata({
        ...minimal,
        scopesSupported: ["read", "offline_access", "read", "write"],
        resourceName: "Notes",
        resourceDocumentation: "https://h.example/docs#auth",
      }),
    ).toEqual({
      resource: "https://h.example/mcp/",
      authorization_servers: ["https://issuer.example/"],
      bearer_methods_supported: ["header"],
      scopes_supported: ["read", "write"],
      resource_name: "Notes",
      resource_documentation: "https://h.example/docs#auth",
    });
  });

  it("leaves the scopes out when none is left", () => {
    const document = protectedResourceMetadata({ ...minimal, scopesSupported: ["offline_access"] });
    expect(document).not.toHaveProperty("scopes_supported");
  });

  it.each<[string, Record<string, unknown>]>([
    ["resource", { resource: undefined }],
    ["resource", { resource: "/mcp" }],
    ["resource", { resource: "http://h.example/mcp" }],
    ["resource", { resource: "https://h.example/mcp#x" }],
    ["resource", { resource: "https://u:p@h.example/mcp" }],
    ["resource", { resource: "https://h.example/m cp" }],
    ["authorizationServers", { authorizationServers: [] }],
    ["authorizationServers", { authorizationServers: "https://issuer.example" }],
    ["authorizationServers[1]", { authorizationServers: ["https://a.example", "b"] }],
    ["authorizationServers[0]", { authorizationServers: ["https://a.example?x=1"] }],
    ["scopesSupported", { scopesSupported: "read write" }],
    ["scopesSupported[1]", { scopesSupported: ["read", "a b"] }],
    ["resourceName", { resourceName: "" }],
    ["resourceDocumentation", { resourceDocumentation: "docs" }],
    ["resourceDocumentation", { resourceDocumentation: "javascript:alert(1)" }],
  ])("names %s when it is wrong: %j", (option, wrong) => {
    const options = { ...minimal, ...wrong } as ProtectedResourceOptions;
    let caught: unknown;
    try {
      protectedResourceMetadata(options);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(TypeError);
    expect((caught as TypeError).message.startsWith(`${option}: expected `)).toBe(true);
  });

  it("does not repeat a password in its message", () => {
    const resource = "https://user:hunter2@h.example";
    expect(() => protectedResourceMetadataUrl(resource)).toThrow(/^(?!.*hunter2)/);
  });
});

describe("protectedResourceMetadataUrl", () => {
  it.each([
    ["https://h", "https://h/.well-known/oauth-protected-resource"],
    ["https://h/", "https://h/.well-known/oauth-protected-resource"],
    ["https://h/mcp", "https://h/.well-known/oauth-protected-resource/mcp"],
    ["https://h/mcp/", "https://h/.well-known/oauth-protected-resource/mcp/"],
    ["https://h:8443/a/mcp?x=1", "https://h:8443/.well-known/oauth-protected-resource/a/mcp?x=1"],
    ["HTTPS://H:443/mcp", "https://h/.well-known/oauth-protected-resource/mcp"],
    ["http://localhost:3000/mcp", "http://localhost:3000/.well-known/oauth-protected-resource/mcp"],
    ["http://127.0.0.1:1/x", "http://127.0.0.1:1/.well-known/oauth-protected-resource/x"],
    ["http://[::1]:1/x", "http://[::1]:1/.well-known/oauth-protected-resource/x"],
  ])("puts the well-known path between host and path of %s", (resource, expected) => {
    verifies("metadata.location");
    expect(protectedResourceMetadataUrl(resource)).toBe(expected);
    expect(expected).toContain(WELL_KNOWN_PROTECTED_RESOURCE);
  });

  it.each(["", "mcp", "ftp://h/x", "http://h/x", "http://127.0.0.1.evil.example/x", "https://h/#"])(
    "throws a TypeError for %j",
    (resource) => {
      expect(() => protectedResourceMetadataUrl(resource)).toThrow(TypeError);
    },
  );
});
