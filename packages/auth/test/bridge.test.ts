import { verifies } from "@convex-mcp/spec";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  authorizeUrl,
  connected,
  createBrowser,
  createWorld,
  ISSUER,
  postForm,
  REDIRECT,
  redeemCode,
  refreshWith,
  registerClient,
  RESOURCE,
  signIn,
  ticketOf,
} from "./support/bridge.ts";
import { UPSTREAM } from "./support/upstream.ts";

describe("a sign-in through the bridge", () => {
  it("goes from registration to revocation", async () => {
    verifies("bridge.issuer");
    const world = createWorld();
    const client = await registerClient(world);
    expect(client.status).toBe(201);

    const back = await signIn(world, client.id, { scope: "notes:read" });
    expect(back.href).toMatch(REDIRECT);
    expect(back.searchParams.get("state")).toBe("of the client");
    expect(back.searchParams.get("iss")).toBe(ISSUER);

    const tokens = await redeemCode(world, client.id, back.searchParams.get("code") ?? "");
    expect(tokens.status).toBe(200);
    expect(tokens.headers.get("cache-control")).toBe("no-store");
    expect(tokens.body).toEqual({
      access_token: "upstream-access-1",
      token_type: "Bearer",
      expires_in: 3600,
      scope: "notes:read",
      refresh_token: expect.any(String) as string,
    });
    expect(tokens.body["refresh_token"]).not.toContain("upstream");

    const renewed = await refreshWith(world, client.id, String(tokens.body["refresh_token"]));
    expect(renewed.body).toMatchObject({ access_token: "upstream-access-2", scope: "notes:read" });
    expect(renewed.body["refresh_token"]).not.toBe(tokens.body["refresh_token"]);

    const token = String(renewed.body["refresh_token"]);
    const revoked = await postForm(world, "/revoke", { client_id: client.id, token });
    expect(revoked.status).toBe(200);
    expect(world.upstream.revoked).toEqual(["upstream-refresh-2"]);
    expect((await refreshWith(world, client.id, token)).body["error"]).toBe("invalid_grant");
  });

  it("asks the provider with a PKCE, state and redirect URI of the bridge's own", async () => {
    verifies("bridge.state");
    const world = createWorld({
      upstream: { forwardResource: true, parameters: { audience: "api" } },
    });
    const { id } = await registerClient(world);
    const browser = createBrowser(world);
    const url = await authorizeUrl(id, { scope: "notes:read", prompt: "login" });
    const asked = await browser.press(await ticketOf(await browser.send(url)));
    const { origin, pathname, searchParams } = new URL(asked.headers.get("location") ?? "");
    expect(origin + pathname).toBe(`${UPSTREAM}/authorize`);
    expect(Object.fromEntries(searchParams)).toEqual({
      audience: "api",
      response_type: "code",
      client_id: "bridge",
      redirect_uri: `${ISSUER}/callback`,
      scope: "notes:read openid offline_access",
      state: expect.any(String) as string,
      code_challenge: expect.any(String) as string,
      code_challenge_method: "S256",
      nonce: expect.any(String) as string,
      resource: RESOURCE,
      prompt: "login",
    });
    const own = new URL(url).searchParams;
    expect(searchParams.get("state")).not.toBe(own.get("state"));
    expect(searchParams.get("code_challenge")).not.toBe(own.get("code_challenge"));
  });

  it("needs at most two calls of the store for each request", async () => {
    const world = createWorld();
    const perRequest: string[][] = [];
    const step = async <T>(result: Promise<T>): Promise<T> => {
      const value = await result;
      perRequest.push(world.calls.splice(0));
      return value;
    };
    const browser = createBrowser(world);
    const { id } = await step(registerClient(world));
    const page = await step(browser.send(await authorizeUrl(id)));
    const away = await step(browser.press(await ticketOf(page)));
    const location = away.headers.get("location") ?? "";
    const back = await step(browser.send(world.upstream.signIn(location)));
    const code = new URL(back.headers.get("location") ?? "").searchParams.get("code") ?? "";
    const { body } = await step(redeemCode(world, id, code));
    const renewed = await step(refreshWith(world, id, String(body["refresh_token"])));
    const token = String(renewed.body["refresh_token"]);
    await step(postForm(world, "/revoke", { client_id: id, token }));
    expect(perRequest).toEqual([
      ["saveClient"],
      ["findClient"],
      ["begin"],
      ["take", "addGrant"],
      ["redeem"],
      ["claim", "settle"],
      ["claim", "settle"],
    ]);
  });

  it("gives no refresh token where the provider gives none", async () => {
    const world = createWorld({ upstream: { extraScopes: [] } });
    const { id } = await registerClient(world);
    const browser = createBrowser(world);
    const away = await browser.press(await ticketOf(await browser.send(await authorizeUrl(id))));
    const back = world.upstream.signIn(away.headers.get("location") ?? "");
    world.upstream.interventions.push(() =>
      Response.json({ access_token: "opaque", token_type: "bearer" }),
    );
    const done = await browser.send(back);
    const code = new URL(done.headers.get("location") ?? "").searchParams.get("code") ?? "";
    expect((await redeemCode(world, id, code)).body).toEqual({
      access_token: "opaque",
      token_type: "Bearer",
      scope: "notes:read notes:write",
    });
    // The code is still known to have been used: what it gave is revoked.
    expect((await redeemCode(world, id, code)).body["error"]).toBe("invalid_grant");
    expect(world.upstream.revoked).toEqual(["opaque"]);
  });

  it("hands out the ID token where the app verifies that", async () => {
    const world = createWorld({ upstream: { token: "id_token" } });
    const { access, refresh, id } = await connected(world);
    const payload = JSON.parse(
      Buffer.from(access.split(".")[1] ?? "", "base64url").toString(),
    ) as Record<string, unknown>;
    expect(payload).toMatchObject({ iss: UPSTREAM, aud: "bridge", sub: "ann" });
    expect((await refreshWith(world, id, refresh)).status).toBe(200);
  });

  it("asks for what it always asks for when a client refreshes with fewer scopes", async () => {
    const world = createWorld({ upstream: { token: "id_token" } });
    const { id, refresh } = await connected(world);
    expect((await refreshWith(world, id, refresh, "notes:read")).body["scope"]).toBe("notes:read");
    const asked = world.upstream.asked.at(-1)?.form.get("scope");
    expect(asked).toBe("notes:read openid offline_access");
  });

  it("leaves the parameters alone that are set for the provider", async () => {
    const parameters = { resource: "urn:api", prompt: "select_account", state: "ignored" };
    const world = createWorld({ upstream: { parameters } });
    const { id } = await registerClient(world);
    const browser = createBrowser(world);
    const away = await browser.press(await ticketOf(await browser.send(await authorizeUrl(id))));
    const { searchParams } = new URL(away.headers.get("location") ?? "");
    expect(searchParams.get("resource")).toBe("urn:api");
    expect(searchParams.get("prompt")).toBe("select_account");
    expect(searchParams.get("state")).not.toBe("ignored");
  });

  it.each([
    [undefined, undefined, null],
    [undefined, "login", "login"],
    ["login", undefined, "login"],
    ["login", "select_account", "login select_account"],
    ["login consent", "consent", "login consent"],
  ])("adds to the prompt %s what a client asks for, %s", async (set, asked, prompt) => {
    const parameters = set === undefined ? {} : { prompt: set };
    const world = createWorld({ upstream: { parameters } });
    const { id } = await registerClient(world);
    const browser = createBrowser(world);
    const page = await browser.send(await authorizeUrl(id, { prompt: asked }));
    const { headers } = await browser.press(await ticketOf(page));
    const away = new URL(headers.get("location") ?? "").searchParams;
    expect(away.get("prompt")).toBe(prompt);
  });

  it("has a user sign in again where the app insists, though a client would rather not", async () => {
    const upstream = { parameters: { prompt: "login" } };
    const world = createWorld({ upstream, rememberConsentSeconds: 3600 });
    const { id } = await registerClient(world);
    const browser = createBrowser(world);
    await signIn(world, id, {}, browser);
    const { headers } = await browser.send(await authorizeUrl(id, { prompt: "none" }));
    const away = new URL(headers.get("location") ?? "").searchParams;
    expect(away.get("prompt")).toBe("login");
  });

  it("tells the client when the user cancels here or at the provider", async () => {
    const world = createWorld();
    const { id } = await registerClient(world);
    const browser = createBrowser(world);
    const page = await browser.send(await authorizeUrl(id));
    const denied = await browser.press(await ticketOf(page), "deny");
    const here = new URL(denied.headers.get("location") ?? "");
    expect(here.href).toMatch(REDIRECT);
    expect(Object.fromEntries(here.searchParams)).toMatchObject({
      error: "access_denied",
      state: "of the client",
      iss: ISSUER,
    });

    const again = await browser.press(await ticketOf(await browser.send(await authorizeUrl(id))));
    const refused = world.upstream.signIn(again.headers.get("location") ?? "", {
      code: "",
      error: "access_denied",
      error_description: "<b>made up</b>",
    });
    const there = new URL((await browser.send(refused)).headers.get("location") ?? "");
    expect(there.searchParams.get("error")).toBe("access_denied");
    expect(there.href).not.toContain("made");
  });

  it("asks the first resource for a client of 2025-03-26, which names none", async () => {
    const world = createWorld();
    const { id } = await registerClient(world);
    const back = await signIn(world, id, { resource: undefined });
    const code = back.searchParams.get("code") ?? "";
    expect((await redeemCode(world, id, code, { resource: undefined })).status).toBe(200);
  });
});

describe("the public door", () => {
  it("answers nothing but its own paths", async () => {
    const { bridge } = createWorld();
    expect(bridge.paths).toEqual([
      "/.well-known/oauth-authorization-server",
      "/.well-known/oauth-authorization-server/oauth",
      "/.well-known/openid-configuration/oauth",
      "/oauth/.well-known/openid-configuration",
      "/oauth/register",
      "/oauth/token",
      "/oauth/revoke",
      "/oauth/authorize",
      "/oauth/consent",
      "/oauth/callback",
    ]);
    for (const path of ["/", "/oauth", "/oauth/token/", "/token", "/oauth/../oauthx/token"]) {
      const request = new Request(`https://app.example.com${path}`);
      expect(await bridge.handle(request)).toBeUndefined();
    }
  });

  it("has CORS where scripts of other sites may ask, and never on a page", async () => {
    const world = createWorld();
    const origin = async (path: string, method: string) => {
      const response = await world.send(new Request(`https://app.example.com${path}`, { method }));
      return [response.status, response.headers.get("access-control-allow-origin")];
    };
    for (const path of ["/oauth/register", "/oauth/token", "/oauth/revoke"]) {
      expect(await origin(path, "OPTIONS")).toEqual([204, "*"]);
      expect((await origin(path, "POST"))[1]).toBe("*");
      expect(await origin(path, "GET")).toEqual([405, "*"]);
    }
    expect(await origin("/.well-known/oauth-authorization-server", "GET")).toEqual([200, "*"]);
    for (const path of ["/oauth/authorize", "/oauth/callback"]) {
      expect(await origin(path, "GET")).toEqual([400, null]);
      expect(await origin(path, "OPTIONS")).toEqual([405, null]);
      // It would use up what works once.
      expect(await origin(path, "HEAD")).toEqual([405, null]);
    }
    expect(await origin("/.well-known/oauth-authorization-server", "HEAD")).toEqual([200, "*"]);
    expect(await origin("/oauth/consent", "POST")).toEqual([400, null]);
  });

  it("says nothing of what broke, and reports it", async () => {
    const broken = { findClient: () => Promise.reject(new Error("table clients is on fire")) };
    const world = createWorld({ store: broken as never });
    const response = await world.send(new Request(await authorizeUrl("x")));
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("fire");
    expect(world.events).toMatchObject([{ endpoint: "authorize", error: "server_error" }]);
    expect(String(world.events[0]?.cause)).toContain("fire");
  });
});

describe("whatever a stranger sends", () => {
  const value = fc.oneof(
    fc.string(),
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc.constantFrom(
      REDIRECT,
      "code",
      "S256",
      "none",
      "http://localhost:1/cb",
      "https://a.example/b",
    ),
  );
  const name = fc.constantFrom(
    ..."redirect_uri state scope resource prompt code_challenge response_type code request token".split(
      " ",
    ),
  );
  const parameters = fc.array(fc.tuple(name, value), { maxLength: 6 });

  it("sends no browser anywhere before consent but to a registered loopback", async () => {
    const world = createWorld();
    const { id } = await registerClient(world, {
      redirect_uris: [REDIRECT, "http://localhost/cb"],
    });
    const start = await authorizeUrl(id);
    await fc.assert(
      fc.asyncProperty(parameters, async (changes) => {
        const url = new URL(start);
        for (const [key, text] of changes) url.searchParams.set(key, text);
        const response = await world.send(new Request(url));
        const location = response.headers.get("location");
        expect([200, 303, 400]).toContain(response.status);
        if (location !== null) expect(location).toMatch(/^http:\/\/localhost:1\/cb\?error=/);
      }),
      { numRuns: 300 },
    );
  });

  it("gets an answer with a status of its own, and no token", async () => {
    const world = createWorld();
    const { id } = await registerClient(world);
    const path = fc.constantFrom("/token", "/revoke", "/register", "/consent");
    const type = fc.constantFrom(
      "application/x-www-form-urlencoded",
      "application/json",
      "text/html",
    );
    const grant = fc.constantFrom("authorization_code", "refresh_token", "");
    const body = fc.oneof(
      fc.string(),
      fc.json(),
      fc.tuple(parameters, grant).map(([pairs, grant_type]) => {
        const form = new URLSearchParams(pairs);
        form.set("grant_type", grant_type);
        form.set("client_id", id);
        return form.toString();
      }),
    );
    await fc.assert(
      fc.asyncProperty(path, type, body, async (at, contentType, text) => {
        const headers = { "content-type": contentType };
        const init = { method: "POST", headers, body: text };
        const response = await world.send(new Request(ISSUER + at, init));
        expect([200, 400, 401]).toContain(response.status);
        expect(response.headers.get("cache-control")).toBe("no-store");
        const answer = await response.text();
        expect(answer).not.toContain('access_token":');
        if (response.headers.get("content-type") !== "application/json") return;
        // RFC 6749 section 5.2.
        const { error, error_description } = JSON.parse(answer) as Record<string, string>;
        expect(error).toMatch(/^[a-z_]+$/);
        expect(error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
      }),
      { numRuns: 500 },
    );
    expect(world.upstream.asked).toEqual([]);
  });
});
