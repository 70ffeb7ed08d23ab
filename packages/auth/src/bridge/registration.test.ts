import { describe, expect, it } from "vitest";

import { authorizeUrl, createWorld, ISSUER, registerClient } from "../../test/support/bridge.ts";
import { judgeRegistration } from "./registration.ts";

const policy = { privateSchemes: ["cursor"], allowed: undefined };
const WEB = "https://agent.example.net/cb";

describe("judgeRegistration", () => {
  it("fills in what RFC 7591 says of clients that say nothing", () => {
    expect(judgeRegistration({ redirect_uris: [WEB] }, policy)).toEqual({
      ok: true,
      value: {
        redirectUris: [WEB],
        authMethod: "client_secret_basic",
        grantTypes: ["authorization_code"],
        applicationType: "web",
      },
    });
  });

  it.each([
    [{ redirect_uris: ["http://localhost/cb"] }, { applicationType: "native" }],
    [{ redirect_uris: ["cursor://x/cb"] }, { applicationType: "native" }],
    [{ redirect_uris: [WEB], application_type: "native" }, { applicationType: "native" }],
    [{ redirect_uris: [WEB], client_name: " A\u0007\n B " }, { name: "A B" }],
    [
      {
        redirect_uris: [WEB],
        token_endpoint_auth_method: "private_key_jwt",
        token_endpoint_auth_methods_supported: ["private_key_jwt", "none", "client_secret_post"],
      },
      { authMethod: "none" },
    ],
    [{ redirect_uris: [WEB], client_name: "x".repeat(200) }, { name: "x".repeat(100) }],
    // Marks without end would be drawn over the lines around them.
    [
      { redirect_uris: [WEB], client_name: `Zo\u0308${"\u0335".repeat(50)}!` },
      { name: "Zo\u0308\u0335!" },
    ],
    [
      {
        redirect_uris: [WEB],
        grant_types: ["refresh_token", "authorization_code", "implicit"],
        response_types: ["code", "token"],
        logo_uri: "https://evil.example",
      },
      { grantTypes: ["authorization_code", "refresh_token"] },
    ],
    [{ redirect_uris: [WEB, "vscode://x/y"] }, { redirectUris: [WEB] }],
    [
      {
        redirect_uris: [WEB],
        token_endpoint_auth_method: "private_key_jwt",
        token_endpoint_auth_methods_supported: ["tls_client_auth", "client_secret_post", "none"],
      },
      { authMethod: "client_secret_post" },
    ],
  ])("reads %j", (body, expected) => {
    expect(judgeRegistration(body, policy)).toMatchObject({ ok: true, value: expected });
  });

  it.each(["", " \n", "\u200b\u2060", "\u3164", "\u115f\u1160\uffa0", "\u2800", "\u0301"])(
    "has no name that nobody can see: %j",
    (client_name) => {
      const judged = judgeRegistration({ redirect_uris: [WEB], client_name }, policy);
      expect(judged.ok && judged.value.name).toBeUndefined();
    },
  );

  it.each([
    [null, "invalid_client_metadata"],
    ["x", "invalid_client_metadata"],
    [[], "invalid_client_metadata"],
    [{}, "invalid_redirect_uri"],
    [{ redirect_uris: [] }, "invalid_redirect_uri"],
    [{ redirect_uris: WEB }, "invalid_redirect_uri"],
    [{ redirect_uris: [WEB, 7] }, "invalid_redirect_uri"],
    [{ redirect_uris: [WEB, "http://evil.example"] }, "invalid_redirect_uri"],
    [{ redirect_uris: [WEB, "javascript:alert(1)"] }, "invalid_redirect_uri"],
    [{ redirect_uris: ["other://x/cb"] }, "invalid_redirect_uri"],
    [{ redirect_uris: Array<string>(11).fill(WEB) }, "invalid_redirect_uri"],
    [{ redirect_uris: ["http://localhost/cb"], application_type: "web" }, "invalid_redirect_uri"],
    [{ redirect_uris: [WEB], application_type: "desktop" }, "invalid_client_metadata"],
    [
      { redirect_uris: [WEB], token_endpoint_auth_method: "private_key_jwt" },
      "invalid_client_metadata",
    ],
    [
      {
        redirect_uris: [WEB],
        token_endpoint_auth_method: "private_key_jwt",
        token_endpoint_auth_methods_supported: "none",
      },
      "invalid_client_metadata",
    ],
    [{ redirect_uris: [WEB], grant_types: ["client_credentials"] }, "invalid_client_metadata"],
    [{ redirect_uris: [WEB], grant_types: "authorization_code" }, "invalid_client_metadata"],
    [{ redirect_uris: [WEB], response_types: ["token"] }, "invalid_client_metadata"],
  ])("refuses %j with %s", (body, error) => {
    const judged = judgeRegistration(body, policy);
    expect(judged).toMatchObject({ ok: false, error });
  });
});

describe("a client with several redirects", () => {
  // As Cursor and VS Code register.
  const cursor = ["cursor://anysphere.cursor-mcp/oauth/callback", WEB, "http://localhost:8787/cb"];
  const code = ["https://insiders.vscode.example/redirect", "http://127.0.0.1/"];
  const listed = ["https://claude.ai", "http://127.0.0.1"];

  it.each([
    [cursor, policy, cursor],
    [cursor, { ...policy, privateSchemes: [] }, cursor.slice(1)],
    [code, { ...policy, allowed: listed }, code.slice(1)],
  ])("registers those of %j that are allowed", (redirect_uris, allowed, redirectUris) => {
    const judged = judgeRegistration({ redirect_uris }, allowed);
    expect(judged).toMatchObject({ ok: true, value: { redirectUris } });
  });

  it("is told which those are, and why the others are not", async () => {
    const world = createWorld();
    const { id, body } = await registerClient(world, { redirect_uris: cursor });
    expect(body["redirect_uris"]).toEqual(cursor.slice(1));
    const url = await authorizeUrl(id, { redirect_uri: cursor[0] });
    const page = await world.send(new Request(url));
    expect(page.status).toBe(400);
    expect(await page.text()).toContain("its scheme is not one of those that are allowed here");
  });
});

describe("POST /register", () => {
  it("answers with what was registered, and a secret only to those that asked for one", async () => {
    const world = createWorld();
    const open = await registerClient(world);
    expect(open.body).toEqual({
      client_id: expect.stringMatching(/^[\w-]{43}$/) as string,
      client_id_issued_at: 1_800_000_000,
      client_name: "Agent",
      redirect_uris: ["https://agent.example.net/callback"],
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code"],
      response_types: ["code"],
      application_type: "web",
    });
    const closed = await registerClient(world, { token_endpoint_auth_method: undefined });
    expect(closed.body).toMatchObject({
      token_endpoint_auth_method: "client_secret_basic",
      client_secret: expect.stringMatching(/^[\w-]{43}$/) as string,
      client_secret_expires_at: 0,
    });
  });

  it.each([
    ["text/plain", "{}"],
    ["application/json", "{"],
    ["application/json", `{"client_name":"${"x".repeat(40_000)}"}`],
  ])("refuses a body of %s", async (type, body) => {
    const world = createWorld();
    const headers = { "content-type": type };
    const request = new Request(`${ISSUER}/register`, { method: "POST", headers, body });
    const response = await world.send(request);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: "invalid_client_metadata" });
    expect(world.calls).toEqual([]);
  });

  it("is absent where it is turned off", async () => {
    const { bridge } = createWorld({ registration: { enabled: false } });
    expect(bridge.paths).not.toContain("/oauth/register");
    const at = "https://app.example.com/.well-known/oauth-authorization-server";
    const response = await bridge.handle(new Request(at));
    expect(await response?.json()).not.toHaveProperty("registration_endpoint");
  });
});
