import { createServer, type Server } from "node:http";
import {
  auth,
  exchangeAuthorization,
  type OAuthClientProvider,
} from "@modelcontextprotocol/sdk/client/auth.js";
import type {
  OAuthClientInformationMixed,
  OAuthTokens,
} from "@modelcontextprotocol/sdk/shared/auth.js";
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type RunningProvider, startProvider } from "../server/provider.ts";

const USERS = {
  alice: { name: "Alice", email: "alice@example.com", scopes: ["invoices:read", "invoices:write"] },
  bob: { name: "Bob", email: "bob@example.com", scopes: ["invoices:read"] },
  carol: {
    name: "Carol <script>",
    email: "carol@example.com",
    scopes: ["invoices:read", "invoices:write"],
    claims: { role: "admin" },
  },
};
const SCOPES = { "invoices:read": "See your invoices", "invoices:write": "Pay your invoices" };
const REDIRECT = "http://127.0.0.1:6274/oauth/callback";

let idp: RunningProvider;
let resourceServer: Server;
let resource: string;

beforeAll(async () => {
  // The one thing `auth()` asks a resource server for: its RFC 9728 document.
  resourceServer = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ resource, authorization_servers: [idp.issuer] }));
  });
  await new Promise<void>((done) => resourceServer.listen(0, "127.0.0.1", done));
  const address = resourceServer.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  resource = `http://localhost:${address.port}/mcp`;
  idp = await startProvider({ port: 0, users: USERS, scopes: SCOPES, defaultResource: resource });
});

afterAll(async () => {
  await idp.close();
  resourceServer.close();
});

/** A browser: keeps cookies as paths want them and follows redirects up to the client's callback. */
class Browser {
  readonly #cookies = new Map<string, { path: string; value: string }>();

  async fetch(url: string | URL, init: RequestInit = {}): Promise<Response> {
    const { pathname } = new URL(url);
    const cookie = [...this.#cookies]
      .filter(([, { path }]) => pathname.startsWith(path))
      .map(([key, { value }]) => `${key.split("@")[0]}=${value}`)
      .join("; ");
    const headers = { accept: "text/html", cookie };
    const response = await fetch(url, { ...init, redirect: "manual", headers });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      const path = /path=([^;]+)/i.exec(line)?.[1] ?? "/";
      this.#cookies.delete(`${name}@${path}`);
      if (value) this.#cookies.set(`${name}@${path}`, { path, value });
    }
    return response;
  }

  /** Goes where the provider sends it: ends at the callback, or at a page. */
  async visit(url: string | URL, init?: RequestInit): Promise<{ callback?: URL; page?: Response }> {
    let response = await this.fetch(url, init);
    let at = new URL(url);
    for (let hops = 0; hops < 8; hops++) {
      const location = response.headers.get("location");
      if (location === null) return { page: response };
      at = new URL(location, at);
      if (at.href.startsWith(REDIRECT)) return { callback: at };
      response = await this.fetch(at);
    }
    throw new Error(`redirected in circles, at last to ${at.href}`);
  }
}

interface TestClient {
  readonly provider: OAuthClientProvider;
  authorizationUrl: URL;
  tokens: OAuthTokens | undefined;
  verifier: string;
}

function client(scope?: string): TestClient {
  let information: OAuthClientInformationMixed | undefined;
  const state: Omit<TestClient, "provider"> = {
    authorizationUrl: new URL("about:blank"),
    tokens: undefined,
    verifier: "",
  };
  return Object.assign(state, {
    provider: {
      redirectUrl: REDIRECT,
      clientMetadata: {
        redirect_uris: [REDIRECT],
        client_name: "Test <b>client</b>",
        ...(scope === undefined ? {} : { scope }),
      },
      clientInformation: () => information,
      saveClientInformation: (saved) => void (information = saved),
      tokens: () => state.tokens,
      saveTokens: (saved) => void (state.tokens = saved),
      redirectToAuthorization: (url) => void (state.authorizationUrl = url),
      saveCodeVerifier: (verifier) => void (state.verifier = verifier),
      codeVerifier: () => state.verifier,
    } satisfies OAuthClientProvider,
  });
}

/** Registers and leads the client up to the point where the browser opens. */
async function begin(scope?: string): Promise<TestClient> {
  const made = client(scope);
  expect(await auth(made.provider, { serverUrl: resource, ...(scope && { scope }) })).toBe(
    "REDIRECT",
  );
  return made;
}

function withParams(url: URL, params: Record<string, string>): URL {
  const changed = new URL(url);
  for (const [name, value] of Object.entries(params)) changed.searchParams.set(name, value);
  return changed;
}

async function signIn(
  account: string,
  scope?: string,
  browser = new Browser(),
): Promise<TestClient> {
  const made = await begin(scope);
  const url = withParams(made.authorizationUrl, { login_hint: account });
  const { callback } = await browser.visit(url);
  const params = callback?.searchParams;
  expect(params?.get("error")).toBeNull();
  expect(params?.get("iss")).toBe(idp.issuer);
  const authorizationCode = params?.get("code") ?? "";
  expect(await auth(made.provider, { serverUrl: resource, authorizationCode })).toBe("AUTHORIZED");
  return made;
}

async function verify(token = "") {
  const jwks = createRemoteJWKSet(new URL(`${idp.issuer}/jwks`));
  return jwtVerify(token, jwks, { issuer: idp.issuer, audience: resource, typ: "at+jwt" });
}

describe("the official client", () => {
  it.each([
    ["alice", "invoices:read invoices:write", undefined],
    ["bob", "invoices:read", undefined],
    ["carol", "invoices:read invoices:write", "admin"],
  ] as const)("signs in %s, who gets %s", async (account, scope, role) => {
    const { tokens } = await signIn(account);
    const { payload, protectedHeader } = await verify(tokens?.access_token);
    expect(protectedHeader.alg).toBe("RS256");
    expect(payload).toMatchObject({
      sub: account,
      aud: resource,
      scope,
      name: USERS[account].name,
      email: USERS[account].email,
    });
    expect(payload["role"]).toBe(role);
    expect(payload.exp! - payload.iat!).toBe(3600);
    expect(tokens?.scope).toBe(scope);
  });

  it("narrows what is asked to what the user has", async () => {
    const { tokens } = await signIn("bob", "invoices:read invoices:write");
    expect(decodeJwt(tokens!.access_token)["scope"]).toBe("invoices:read");
    const { tokens: less } = await signIn("alice", "invoices:read");
    expect(decodeJwt(less!.access_token)["scope"]).toBe("invoices:read");
  });

  it("lets a client step up to a scope it did not register with", async () => {
    const browser = new Browser();
    const made = await signIn("alice", "invoices:read", browser);
    made.tokens = undefined;
    await auth(made.provider, { serverUrl: resource, scope: "invoices:write" });
    const { callback } = await browser.visit(made.authorizationUrl);
    await auth(made.provider, {
      serverUrl: resource,
      authorizationCode: callback!.searchParams.get("code")!,
    });
    expect(decodeJwt(made.tokens!["access_token"])["scope"]).toBe("invoices:write");
  });

  it("refreshes with a rotating token, and refuses a used one", async () => {
    const made = await signIn("alice", "invoices:read");
    const first = made.tokens!;
    expect(await auth(made.provider, { serverUrl: resource })).toBe("AUTHORIZED");
    const second = made.tokens!;
    expect(second.refresh_token).not.toBe(first.refresh_token);
    const { payload } = await verify(second.access_token);
    expect(payload).toMatchObject({ sub: "alice", scope: "invoices:read", name: "Alice" });

    const information = await made.provider.clientInformation();
    const refresh = (token = "") =>
      fetch(`${idp.issuer}/token`, {
        method: "POST",
        body: new URLSearchParams({
          grant_type: "refresh_token",
          refresh_token: token,
          client_id: information!.client_id,
        }),
      });
    const reused = await refresh(first.refresh_token);
    expect(reused.status).toBe(400);
    expect(await reused.json()).toMatchObject({ error: "invalid_grant" });
  });

  it("revokes a refresh token", async () => {
    const made = await signIn("alice");
    const information = await made.provider.clientInformation();
    const revoked = await fetch(`${idp.issuer}/token/revocation`, {
      method: "POST",
      body: new URLSearchParams({
        token: made.tokens!.refresh_token!,
        client_id: information!.client_id,
      }),
    });
    expect(revoked.status).toBe(200);
    await expect(auth(made.provider, { serverUrl: resource })).rejects.toThrow(/grant/);
  });

  it("is refused with the wrong PKCE verifier", async () => {
    const made = await begin();
    const url = withParams(made.authorizationUrl, { login_hint: "alice" });
    const { callback } = await new Browser().visit(url);
    made.verifier = "x".repeat(43);
    const exchange = auth(made.provider, {
      serverUrl: resource,
      authorizationCode: callback!.searchParams.get("code")!,
    });
    await expect(exchange).rejects.toThrow(/grant/);
    expect(made.tokens).toBeUndefined();
  });

  it("is refused without PKCE, and with the plain method", async () => {
    const { authorizationUrl } = await begin();
    const bare = withParams(authorizationUrl, { login_hint: "alice" });
    bare.searchParams.delete("code_challenge");
    bare.searchParams.delete("code_challenge_method");
    const plain = withParams(authorizationUrl, { code_challenge_method: "plain" });
    for (const url of [bare, plain]) {
      const { callback } = await new Browser().visit(url);
      expect(callback?.searchParams.get("error")).toBe("invalid_request");
    }
  });
});

describe("resources", () => {
  const audienceOf = async (asked: string | undefined) => {
    const made = await begin();
    const url = withParams(made.authorizationUrl, { login_hint: "alice" });
    if (asked === undefined) url.searchParams.delete("resource");
    else url.searchParams.set("resource", asked);
    const { callback } = await new Browser().visit(url);
    const error = callback?.searchParams.get("error");
    if (error) return error;
    const tokens = await exchangeAuthorization(idp.issuer, {
      clientInformation: (await made.provider.clientInformation())!,
      authorizationCode: callback!.searchParams.get("code")!,
      codeVerifier: made.verifier,
      redirectUri: REDIRECT,
    });
    return decodeJwt(tokens.access_token).aud;
  };

  it("become the audience as they are spelled", async () => {
    expect(await audienceOf(resource)).toBe(resource);
    expect(await audienceOf(`${resource}/`)).toBe(`${resource}/`);
  });

  it("default when none is named", async () => {
    expect(await audienceOf(undefined)).toBe(resource);
  });

  it("of another origin are refused", async () => {
    expect(await audienceOf("https://elsewhere.example/mcp")).toBe("invalid_target");
    expect(await audienceOf(resource.replace("localhost", "127.0.0.1"))).toBe("invalid_target");
  });

  it("can be listed instead", async () => {
    const other = await startProvider({
      port: 0,
      users: USERS,
      scopes: SCOPES,
      resources: ["https://a.example/mcp"],
      accessTokenTtl: 5,
    });
    const claims = decodeJwt(await other.issue("carol", { resource: "https://a.example/mcp" }));
    expect(claims).toMatchObject({ sub: "carol", aud: "https://a.example/mcp", role: "admin" });
    expect(claims.exp! - claims.iat!).toBe(5);
    await other.close();
  });
});

describe("sign-in", () => {
  it("keeps several users side by side in one browser, at the same time too", async () => {
    const browser = new Browser();
    const alice = await signIn("alice", undefined, browser);
    const bob = await signIn("bob", undefined, browser);
    const both = await Promise.all([
      signIn("carol", undefined, browser),
      signIn("alice@example.com", undefined, browser),
    ]);
    expect(both.map(({ tokens }) => decodeJwt(tokens!.access_token).sub)).toEqual([
      "carol",
      "alice",
    ]);
    for (const [made, account] of [
      [alice, "alice"],
      [bob, "bob"],
    ] as const) {
      expect(await auth(made.provider, { serverUrl: resource })).toBe("AUTHORIZED");
      expect(decodeJwt(made.tokens!.access_token).sub).toBe(account);
    }
  });

  it("shows a page that names the client and its scopes, escaped, and signs in whom you click", async () => {
    const made = await begin("invoices:read");
    const browser = new Browser();
    const url = withParams(made.authorizationUrl, { prompt: "login consent" });
    let at = await browser.fetch(url);
    const login = new URL(at.headers.get("location")!, idp.issuer);
    at = await browser.fetch(login);
    const html = await at.text();
    expect(at.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(html).toContain("Test &#60;b&#62;client&#60;/b&#62;");
    expect(html).toContain("Carol &#60;script&#62;");
    expect(html).toContain("See your invoices");
    expect(html).not.toContain("Pay your invoices");
    expect(html).not.toMatch(/<b>|<script/);

    const { callback } = await browser.visit(login, {
      method: "POST",
      body: new URLSearchParams({ user: "bob" }),
    });
    await auth(made.provider, {
      serverUrl: resource,
      authorizationCode: callback!.searchParams.get("code")!,
    });
    expect(decodeJwt(made.tokens!.access_token).sub).toBe("bob");
  });

  it("needs the cookie of the sign-in that was begun", async () => {
    const { authorizationUrl } = await begin();
    const begun = await new Browser().fetch(authorizationUrl);
    const login = new URL(begun.headers.get("location")!, idp.issuer);
    const { page } = await new Browser().visit(login, {
      method: "POST",
      body: new URLSearchParams({ user: "bob" }),
    });
    expect(page?.status).toBe(400);
    expect(await page?.text()).toContain("This sign-in has expired");
  });

  it("tells the client when the person cancels", async () => {
    const { authorizationUrl } = await begin();
    const browser = new Browser();
    const begun = await browser.fetch(authorizationUrl);
    const login = new URL(begun.headers.get("location")!, idp.issuer);
    const { callback } = await browser.visit(login, {
      method: "POST",
      body: new URLSearchParams({ cancel: "yes" }),
    });
    expect(callback?.searchParams.get("error")).toBe("access_denied");
  });

  it("remembers the browser, and asks again when told to", async () => {
    const browser = new Browser();
    await signIn("bob", undefined, browser);
    const { authorizationUrl } = await begin();
    expect((await browser.visit(authorizationUrl)).callback?.searchParams.has("code")).toBe(true);
    for (const prompt of ["login", "select_account"]) {
      const { page } = await browser.visit(withParams(authorizationUrl, { prompt }));
      expect(await page?.text()).toContain("Continue as");
      const hinted = withParams(authorizationUrl, { prompt, login_hint: "alice" });
      expect((await browser.visit(hinted)).callback?.searchParams.has("code")).toBe(true);
    }
  });

  it("does not ask with prompt=none", async () => {
    const browser = new Browser();
    const { authorizationUrl } = await begin();
    const silent = withParams(authorizationUrl, { prompt: "none" });
    const outcome = async (url: URL) =>
      (await browser.visit(url)).callback?.searchParams.get("error");
    expect(await outcome(silent)).toBe("login_required");
    expect(await outcome(withParams(silent, { login_hint: "bob" }))).toBe("login_required");
    await signIn("bob", undefined, browser);
    expect(await outcome(silent)).toBeNull();
    expect(await outcome(withParams(silent, { login_hint: "bob" }))).toBeNull();
    expect(await outcome(withParams(silent, { login_hint: "alice" }))).toBe("login_required");
  });

  it("does not loop on prompt=consent with offline_access", async () => {
    const { authorizationUrl } = await begin("invoices:read offline_access");
    const url = withParams(authorizationUrl, { prompt: "consent", login_hint: "alice" });
    const { callback } = await new Browser().visit(url);
    expect(callback?.searchParams.has("code")).toBe(true);
  });

  it("says so when the user has nothing of what is asked", async () => {
    const { authorizationUrl } = await begin("invoices:write");
    const { callback } = await new Browser().visit(
      withParams(authorizationUrl, { login_hint: "bob" }),
    );
    expect(callback?.searchParams.get("error")).toBe("access_denied");
    expect(callback?.searchParams.get("error_description")).toBe(
      "Bob may not grant invoices:write, only invoices:read",
    );
  });

  it("shows a readable page to a client it does not know", async () => {
    const { authorizationUrl } = await begin();
    const { page } = await new Browser().visit(
      withParams(authorizationUrl, { client_id: "<gone>" }),
    );
    expect(page?.status).toBe(400);
    expect(page?.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    const html = await page?.text();
    expect(html).toContain("forgets its clients");
    expect(html).not.toContain("<gone>");
  });
});

describe("the endpoints", () => {
  it("have two discovery documents that agree, open to browsers", async () => {
    const paths = ["oauth-authorization-server", "openid-configuration"];
    const [oauth, openid] = await Promise.all(
      paths.map(async (path) => {
        const response = await fetch(`${idp.issuer}/.well-known/${path}`, {
          headers: { origin: "http://app.example" },
        });
        expect(response.headers.get("access-control-allow-origin")).toBe("http://app.example");
        return response.json();
      }),
    );
    expect(oauth).toEqual(openid);
    expect(oauth).toMatchObject({
      issuer: idp.issuer,
      code_challenge_methods_supported: ["S256"],
      authorization_response_iss_parameter_supported: true,
      grant_types_supported: expect.arrayContaining(["authorization_code", "refresh_token"]),
      scopes_supported: expect.arrayContaining(["invoices:read", "invoices:write"]),
    });
  });

  it.each(["/reg", "/token", "/token/revocation", "/jwks"])(
    "let %s be asked from browsers",
    async (path) => {
      const preflight = await fetch(`${idp.issuer}${path}`, {
        method: "OPTIONS",
        headers: {
          origin: "http://app.example",
          "access-control-request-method": "POST",
          "access-control-request-headers": "content-type",
        },
      });
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get("access-control-allow-origin")).toMatch(
        /^(\*|http:\/\/app\.example)$/,
      );
      expect(preflight.headers.get("access-control-allow-headers")).toContain("content-type");
    },
  );

  it.each([
    ["an app with a scheme of its own", { redirect_uris: ["cursor://callback"] }],
    [
      "an editor that asks for the device grant",
      {
        redirect_uris: ["https://editor.example/redirect", "http://127.0.0.1/"],
        grant_types: ["authorization_code", "urn:ietf:params:oauth:grant-type:device_code"],
      },
    ],
    ["a web app", { redirect_uris: ["https://app.example/callback"], scope: "invoices:read" }],
  ])("register %s", async (_what, metadata) => {
    const response = await fetch(`${idp.issuer}/reg`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(metadata),
    });
    expect(await response.json()).toMatchObject({ redirect_uris: metadata.redirect_uris });
    expect(response.status).toBe(201);
  });

  it.each([
    [{ redirect_uris: ["javascript:alert(1)"] }],
    [{ redirect_uris: [] }],
    [{ redirect_uris: 7, grant_types: "x" }],
    [[]],
  ])("refuse to register %j", async (metadata) => {
    const response = await fetch(`${idp.issuer}/reg`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(metadata),
    });
    expect(response.status).toBe(400);
  });

  it("tell a client that was forgotten to register again", async () => {
    const response = await fetch(`${idp.issuer}/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "refresh_token",
        refresh_token: "x",
        client_id: "gone",
      }),
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: "invalid_client" });
  });

  it("answer for localhost only", async () => {
    const response = await fetch(`${idp.issuer.replace("localhost", "127.0.0.1")}/jwks`);
    expect(response.status).toBe(421);
    expect(await response.text()).toContain(idp.issuer);
  });

  it("start without a word on the console", async () => {
    const spies = (["log", "info", "warn", "error"] as const).map((name) =>
      vi.spyOn(console, name),
    );
    vi.resetModules();
    const fresh = await import("../server/provider.ts");
    const quiet = await fresh.startProvider({ port: 0, users: USERS, scopes: SCOPES });
    await fetch(`${quiet.issuer}/auth`, { headers: { accept: "text/html" } });
    await quiet.close();
    expect(spies.flatMap((spy) => spy.mock.calls)).toEqual([]);
    vi.restoreAllMocks();
  });

  it("issue tokens directly that verify like the others", async () => {
    const { payload } = await verify(
      await idp.issue("bob", { scopes: ["invoices:read", "other"] }),
    );
    expect(payload).toMatchObject({ sub: "bob", scope: "invoices:read", name: "Bob" });
    await expect(idp.issue("mallory")).rejects.toThrow(/alice, bob, carol/);
  });
});
