import { describe, expect, it, vi } from "vitest";

import { createIntrospectionVerifier, type IntrospectionOptions } from "./introspection.ts";

const ISSUER = "https://issuer.example";
const AUDIENCE = "https://api.example/mcp";
const TOKEN = "opaque-token-1";
const now = () => Math.floor(Date.now() / 1000);
const active = (changes: object = {}) => ({
  active: true,
  sub: "user-1",
  aud: AUDIENCE,
  exp: now() + 300,
  scope: "read write",
  ...changes,
});

/** A verifier, and the requests that it made. */
function start(
  answer: (request: Request) => Response | Promise<Response>,
  options: Partial<IntrospectionOptions> = {},
) {
  const fetch = vi.fn(async (request: Request, _init?: RequestInit) => answer(request));
  const verify = createIntrospectionVerifier({
    endpoint: "https://issuer.example/introspect",
    clientId: "api",
    clientSecret: "s3cret",
    issuer: ISSUER,
    audience: AUDIENCE,
    fetch,
    ...options,
  });
  return { verify, fetch };
}

const saying = (body: unknown, options?: Partial<IntrospectionOptions>) =>
  start(() => Response.json(body), options);

async function reasonOf(body: unknown, options?: Partial<IntrospectionOptions>) {
  const result = await saying(body, options).verify(TOKEN);
  return result.ok ? "ok" : result.reason;
}

describe("an accepted token", () => {
  it("has the claims of the answer, and the issuer that was asked", async () => {
    const answer = active({ org: 7 });
    expect(await saying(answer).verify(TOKEN)).toEqual({
      ok: true,
      subject: "user-1",
      scopes: ["read", "write"],
      claims: { ...answer, iss: ISSUER },
    });
  });

  it.each<[string, object, Partial<IntrospectionOptions>?]>([
    ["names its issuer", { iss: ISSUER }],
    ["names several audiences", { aud: ["https://other.example", AUDIENCE] }],
    ["has no exp", { exp: undefined }],
    ["is a bearer token by its word", { token_type: "Bearer" }],
    [
      "is of a known client",
      { aud: undefined, client_id: "a" },
      { audience: undefined, clientIds: ["b", "a"] },
    ],
    ["expired within the tolerance", { exp: now() - 10 }, { clockToleranceSeconds: 60 }],
  ])("%s", async (_, changes, options) => {
    expect(await reasonOf(active(changes), options)).toBe("ok");
  });
});

describe("a refused token", () => {
  it.each<[string, string, object, Partial<IntrospectionOptions>?]>([
    ["is inactive", "inactive", { active: false }],
    ["has no active", "inactive", { active: undefined }],
    ["has an active that is text", "inactive", { active: "true" }],
    ["has expired", "expired", { exp: now() - 1 }],
    ["has an exp that is text", "claims", { exp: String(now() + 300) }],
    ["is not valid yet", "premature", { nbf: now() + 60 }],
    ["is of another issuer", "issuer", { iss: "https://evil.example" }],
    ["has no sub", "claims", { sub: undefined }],
    ["has an empty sub", "claims", { sub: "" }],
    ["names no audience", "audience", { aud: undefined }],
    ["is for another audience", "audience", { aud: "https://api.example/mcp/other" }],
    ["is a refresh token", "type", { token_type: "refresh_token" }],
    [
      "is of another client",
      "audience",
      { client_id: "c" },
      { audience: undefined, clientIds: ["a"] },
    ],
    ["is of no client", "audience", {}, { clientIds: ["a"] }],
    [
      "is of a known client, for another audience",
      "audience",
      { aud: "x", client_id: "a" },
      { clientIds: ["a"] },
    ],
  ])("%s: %s", async (_, reason, changes, options) => {
    expect(await reasonOf(active(changes), options)).toBe(reason);
  });

  it("costs no request when it is none", async () => {
    const { verify, fetch } = saying(active());
    for (const token of ["", "a".repeat(16_385)]) {
      expect(await verify(token)).toMatchObject({ reason: "malformed" });
    }
    expect(fetch).not.toHaveBeenCalled();
  });
});

describe("the question", () => {
  it("is a form, with the client in a header", async () => {
    const { verify, fetch } = saying(active(), { clientId: "my:api", clientSecret: "p w+ü" });
    await verify("a+b/c==");
    const [[request]] = fetch.mock.calls as [[Request]];
    expect(request.method).toBe("POST");
    expect(request.url).toBe("https://issuer.example/introspect");
    expect(request.redirect).toBe("manual");
    expect(await request.text()).toBe("token=a%2Bb%2Fc%3D%3D&token_type_hint=access_token");
    expect(request.headers.get("Content-Type")).toBe("application/x-www-form-urlencoded");
    // RFC 6749 section 2.3.1: encoded as a form first.
    expect(atob(request.headers.get("Authorization")!.slice("Basic ".length))).toBe(
      "my%3Aapi:p+w%2B%C3%BC",
    );
  });

  it("has the client in the form where it is told to", async () => {
    const { verify, fetch } = saying(active(), { clientAuthentication: "post" });
    await verify(TOKEN);
    const [[request]] = fetch.mock.calls as [[Request]];
    expect(request.headers.get("Authorization")).toBeNull();
    const form = new URLSearchParams(await request.text());
    expect(Object.fromEntries(form)).toMatchObject({ client_id: "api", client_secret: "s3cret" });
  });
});

describe("a token that could not be judged", () => {
  const broken: readonly [string, (request: Request) => Response | Promise<Response>][] = [
    ["the server refuses us", () => new Response("no", { status: 401 })],
    ["the server fails", () => new Response("no", { status: 500 })],
    ["the server redirects", () => new Response(null, { status: 302, headers: { Location: "/" } })],
    ["the answer is no JSON", () => new Response("<html>")],
    ["the answer is empty", () => new Response(null)],
    ["the answer is a list", () => Response.json([active()])],
    ["the answer is true", () => Response.json(true)],
    ["the answer is endless", () => new Response(" ".repeat(70_000) + JSON.stringify(active()))],
    ["the answer is no text", () => new Response(new Uint8Array([0xff, 0xfe]))],
    ["nobody answers", () => Promise.reject(new TypeError("fetch failed"))],
  ];

  it.each(broken)("because %s", async (_, answer) => {
    const result = await start(answer).verify(TOKEN);
    expect(result).toMatchObject({ ok: false, reason: "keys", error: "temporarily_unavailable" });
    expect(JSON.stringify(result)).not.toContain(TOKEN);
    expect(String((result as { cause?: unknown }).cause)).not.toContain(TOKEN);
  });

  // As that of Convex.
  it("because it takes too long, and fetch knows no signal", async () => {
    const endless = new ReadableStream({ start: (body) => body.enqueue(new Uint8Array([123])) });
    for (const answer of [new Promise<Response>(() => {}), new Response(endless)]) {
      const { verify } = start(async () => answer, { timeoutMs: 20 });
      expect(await verify(TOKEN)).toMatchObject({ error: "temporarily_unavailable" });
    }
  });

  it("because it takes too long", async () => {
    const { verify } = start(
      ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason as Error));
        }),
      { timeoutMs: 20 },
    );
    expect(await verify(TOKEN)).toMatchObject({ error: "temporarily_unavailable" });
  });
});

it("says beside the request that no redirect is followed: Convex looks for it nowhere else", async () => {
  const { verify, fetch } = saying(active());
  await verify(TOKEN);
  expect(fetch.mock.calls[0]).toMatchObject([expect.any(Request), { redirect: "manual" }]);
});

describe("the cache", () => {
  it("is off by default", async () => {
    const { verify, fetch } = saying(active());
    await verify(TOKEN);
    await verify(TOKEN);
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it("keeps what it is told to, for as long as it is told to, and each token's own", async () => {
    vi.useFakeTimers();
    const cache = { acceptedSeconds: 60, refusedSeconds: 5 };
    const { verify, fetch } = start(
      async (request) => {
        const token = new URLSearchParams(await request.text()).get("token");
        return Response.json(token === "bad" ? { active: false } : active({ sub: token }));
      },
      { cache },
    );
    const subjects = async (...tokens: string[]) => {
      const results = [];
      for (const token of tokens) results.push(await verify(token));
      return results.map((result) => (result.ok ? result.subject : result.reason));
    };
    expect(await subjects("a", "b", "a", "bad", "bad")).toEqual([
      "a",
      "b",
      "a",
      "inactive",
      "inactive",
    ]);
    expect(fetch).toHaveBeenCalledTimes(3);
    vi.advanceTimersByTime(6000);
    await subjects("a", "bad");
    expect(fetch).toHaveBeenCalledTimes(4);
    vi.advanceTimersByTime(60_000);
    await subjects("a");
    expect(fetch).toHaveBeenCalledTimes(5);
    vi.useRealTimers();
  });

  it("keeps nothing beyond the token's own end", async () => {
    vi.useFakeTimers();
    const { verify } = saying(active({ exp: now() + 2 }), { cache: { acceptedSeconds: 60 } });
    expect(await verify(TOKEN)).toMatchObject({ ok: true });
    vi.advanceTimersByTime(3000);
    expect(await verify(TOKEN)).toMatchObject({ reason: "expired" });
    vi.useRealTimers();
  });

  it("keeps nothing of a server that could not be asked", async () => {
    let up = false;
    const { verify } = start(() => (up ? Response.json(active()) : Response.error()), {
      cache: { acceptedSeconds: 60, refusedSeconds: 60 },
    });
    expect(await verify(TOKEN)).toMatchObject({ error: "temporarily_unavailable" });
    up = true;
    expect(await verify(TOKEN)).toMatchObject({ ok: true });
  });

  it("forgets the oldest beyond its size", async () => {
    const cache = { acceptedSeconds: 60, maxEntries: 2 };
    const { verify, fetch } = saying(active(), { cache });
    for (const token of ["a", "b", "c", "b", "c"]) await verify(token);
    expect(fetch).toHaveBeenCalledTimes(3);
    await verify("a");
    expect(fetch).toHaveBeenCalledTimes(4);
  });
});

describe("options", () => {
  it.each<[RegExp, object]>([
    [/^endpoint: expected an https/, { endpoint: "http://issuer.example/introspect" }],
    [/^clientId: expected/, { clientId: "" }],
    [/^clientSecret: expected/, { clientSecret: undefined }],
    [/^issuer: expected/, { issuer: "" }],
    [/^audience: expected/, { audience: undefined }],
    [/^audience: expected/, { audience: [] }],
    [/^clientIds: expected/, { clientIds: [] }],
    [/^timeoutMs: expected/, { timeoutMs: 0 }],
    [/^clockToleranceSeconds: expected/, { clockToleranceSeconds: 61 }],
    [/^clientAuthentication: expected/, { clientAuthentication: "none" }],
    [/^cache.acceptedSeconds: expected/, { cache: { acceptedSeconds: 301 } }],
    [/^cache.maxEntries: expected/, { cache: { maxEntries: 0 } }],
  ])("%s", (message, changes) => {
    expect(() => saying({}, changes)).toThrow(message);
  });

  it("keep secrets out of what is thrown", () => {
    expect(() => saying({}, { clientSecret: 12345 as never })).not.toThrow(/12345/);
  });
});
