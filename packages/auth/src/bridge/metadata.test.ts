import { describe, expect, it } from "vitest";

import { createWorld } from "../../test/support/bridge.ts";
import { createBridge } from "./bridge.ts";
import { metadataPaths } from "./metadata.ts";

describe("metadataPaths", () => {
  it("are the ones that clients try, for an issuer with and without a path", () => {
    expect(metadataPaths("")).toEqual([
      "/.well-known/oauth-authorization-server",
      "/.well-known/openid-configuration",
    ]);
    expect(metadataPaths("/a/b")).toEqual([
      "/.well-known/oauth-authorization-server",
      "/.well-known/oauth-authorization-server/a/b",
      "/.well-known/openid-configuration/a/b",
      "/a/b/.well-known/openid-configuration",
    ]);
  });
});

describe("the metadata", () => {
  it("says what the bridge does, and the same at each path", async () => {
    const { bridge } = createWorld();
    const documents = [];
    for (const path of bridge.paths.filter((path) => path.includes(".well-known"))) {
      const response = await bridge.handle(new Request(`https://any.example${path}?x`));
      documents.push(await response?.json());
    }
    expect(new Set(documents.map((document) => JSON.stringify(document))).size).toBe(1);
    expect(documents[0]).toEqual({
      issuer: "https://app.example.com/oauth",
      registration_endpoint: "https://app.example.com/oauth/register",
      authorization_endpoint: "https://app.example.com/oauth/authorize",
      token_endpoint: "https://app.example.com/oauth/token",
      revocation_endpoint: "https://app.example.com/oauth/revoke",
      response_types_supported: ["code"],
      response_modes_supported: ["query"],
      grant_types_supported: ["authorization_code", "refresh_token"],
      code_challenge_methods_supported: ["S256"],
      token_endpoint_auth_methods_supported: ["none", "client_secret_basic", "client_secret_post"],
      revocation_endpoint_auth_methods_supported: [
        "none",
        "client_secret_basic",
        "client_secret_post",
      ],
      scopes_supported: ["notes:read", "notes:write"],
      client_id_metadata_document_supported: true,
      authorization_response_iss_parameter_supported: true,
    });
  });
});

describe("passthrough mode", () => {
  const upstream = {
    issuer: "https://id.example.com",
    authorizationEndpoint: "https://id.example.com/authorize",
    tokenEndpoint: "https://id.example.com/token",
    clientId: "shared",
    scopes: ["openid"],
  };
  const issuer = "https://app.example.com";
  const bridge = createBridge({ mode: "passthrough", issuer, upstream });

  it("sends clients to the provider, and has no pages", async () => {
    expect(bridge.paths).toEqual([...metadataPaths(""), "/register"]);
    const at = `${issuer}/.well-known/oauth-authorization-server`;
    const response = await bridge.handle(new Request(at));
    expect(await response?.json()).toMatchObject({
      issuer,
      registration_endpoint: `${issuer}/register`,
      authorization_endpoint: "https://id.example.com/authorize",
      token_endpoint: "https://id.example.com/token",
      token_endpoint_auth_methods_supported: ["none"],
    });
  });

  it("gives all the one public client, and judges their redirects", async () => {
    const register = async (uri: string) => {
      const headers = { "content-type": "application/json" };
      const body = JSON.stringify({ redirect_uris: [uri] });
      const request = new Request(`${issuer}/register`, { method: "POST", headers, body });
      const response = await bridge.handle(request);
      return [response?.status, await response?.json()];
    };
    expect(await register("http://localhost:7/cb")).toEqual([
      201,
      {
        client_id: "shared",
        redirect_uris: ["http://localhost:7/cb"],
        token_endpoint_auth_method: "none",
        grant_types: ["authorization_code"],
        response_types: ["code"],
        application_type: "native",
      },
    ]);
    expect(await register("http://evil.example/cb")).toMatchObject([
      400,
      { error: "invalid_redirect_uri" },
    ]);
  });

  it("shares no secret", () => {
    const secret = { ...upstream, clientSecret: "s" };
    const make = () => createBridge({ mode: "passthrough", issuer, upstream: secret });
    expect(make).toThrow("upstream.clientSecret");
  });
});
