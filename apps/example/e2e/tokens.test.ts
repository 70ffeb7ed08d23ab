import { verifies } from "@convex-mcp/spec";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Embedded, startEmbedded } from "@convex-mcp/embedded";
import { auth, extractWWWAuthenticateParams } from "@modelcontextprotocol/sdk/client/auth.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningProvider, startProvider } from "../server/provider.ts";
import type { Example } from "../server/serve.ts";
import { connect, flavours, open, untilSignIn } from "./support/agents.ts";
import { startExample } from "./support/app.ts";
import { type Issuer, signWithSecret, startIssuer, unsigned } from "./support/issuer.ts";
import { call, end, message, post } from "./support/post.ts";
import { exchange } from "./support/raw.ts";
import { openSession } from "./support/sessions.ts";
import { signInAs } from "./support/signin.ts";

const HOUR = 3600;
const now = () => Math.floor(Date.now() / 1000);

let example: Example;
let otherProvider: RunningProvider;
/** The same app, with an issuer that signs whatever a test wants. */
let issuer: Issuer;
let app: Embedded;
let endpoint: string;

beforeAll(async () => {
  issuer = await startIssuer();
  const projectDir = fileURLToPath(new URL("..", import.meta.url));
  app = await startEmbedded({ projectDir, port: 0, env: { OIDC_ISSUER: issuer.issuer } });
  endpoint = `${app.url}/mcp`;
  example = await startExample();
  otherProvider = await startProvider({
    port: 0,
    users: { alice: { name: "A", email: "a@example.com", scopes: ["invoices:read"] } },
    scopes: { "invoices:read": "Read" },
    defaultResource: example.endpoint,
  });
});

afterAll(() => Promise.all([example.close(), otherProvider.close(), app.close(), issuer.close()]));

/** The claims of a good access token. */
function claims(changes: object = {}): object {
  return {
    iss: issuer.issuer,
    sub: "alice",
    aud: endpoint,
    iat: now(),
    exp: now() + HOUR,
    scope: "invoices:read invoices:write",
    client_id: "test",
    ...changes,
  };
}

const good = () => issuer.sign(claims());

/** Changes one character in the middle of a part of a token. */
function garble(token: string, part: 0 | 1 | 2): string {
  const parts = token.split(".");
  const text = parts[part] ?? "";
  const at = Math.floor(text.length / 2);
  parts[part] = text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);
  return parts.join(".");
}

/** Everything that can be sent; each has to be refused alike for a bad token. `session` is one that exists. */
const requests: readonly (readonly [
  string,
  (authorization: string | undefined, session: string) => Promise<Response>,
])[] = [
  ["a public tool", (authorization) => post(endpoint, call("invoices_stats"), { authorization })],
  ["a user's tool", (authorization) => post(endpoint, call("whoami"), { authorization })],
  ["a list", (authorization) => post(endpoint, message("tools/list", {}, 1), { authorization })],
  [
    "initialize",
    (authorization) =>
      post(
        endpoint,
        message(
          "initialize",
          {
            protocolVersion: "2025-11-25",
            capabilities: {},
            clientInfo: { name: "a", version: "1" },
          },
          1,
        ),
        { authorization },
      ),
  ],
  [
    "a notification",
    (authorization, session) =>
      post(endpoint, message("notifications/initialized"), { authorization, session }),
  ],
  [
    "a batch",
    (authorization) =>
      post(endpoint, [message("ping", {}, 1), call("invoices_stats")], { authorization }),
  ],
  [
    "a call in a session",
    (authorization, session) => post(endpoint, call("whoami"), { authorization, session }),
  ],
  ["garbage", (authorization) => post(endpoint, "{", { authorization })],
  ["DELETE", (authorization, session) => end(endpoint, { authorization, session })],
  [
    "the other spelling",
    (authorization) => post(`${endpoint}/`, call("invoices_stats"), { authorization }),
  ],
];

/** The parts of the one challenge of an answer. */
async function challengeOf(response: Response) {
  const header = response.headers.get("www-authenticate") ?? "";
  // One challenge of quoted strings in printable ASCII (RFC 6750 section 3, RFC 9110 section 11.6.1).
  expect
    .soft(header)
    .toMatch(
      /^Bearer [a-z_]+="(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"(?:, [a-z_]+="(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*")*$/,
    );
  const { resourceMetadataUrl, scope, error } = extractWWWAuthenticateParams(response);
  const text = await response.text();
  const type = response.headers.get("content-type");
  expect.soft(type).toBe("application/json");
  const body = JSON.parse(text) as { error: { code: number; message: string } };
  expect.soft(body).toEqual({
    jsonrpc: "2.0",
    error: { code: -32000, message: expect.any(String) },
    ...(Object.hasOwn(body, "id") ? { id: 1 } : {}),
  });
  return {
    status: response.status,
    metadata: resourceMetadataUrl?.href,
    error,
    scope,
    description: /error_description="([^"]*)"/.exec(header)?.[1],
    says: body.error.message,
  };
}

const metadataOf = (url: string) => {
  const { origin, pathname } = new URL(url);
  return `${origin}/.well-known/oauth-protected-resource${pathname}`;
};

describe("a bad token is refused wherever it is sent, and its bearer is never a stranger", () => {
  const tokens: readonly (readonly [string, () => Promise<string> | string])[] = [
    ["expired", () => issuer.sign(claims({ exp: now() - 1 }))],
    ["expired a year ago", () => issuer.sign(claims({ iat: 1, exp: now() - 365 * 24 * HOUR }))],
    ["not yet valid", () => issuer.sign(claims({ nbf: now() + HOUR }))],
    ["without exp", () => issuer.sign(claims({ exp: undefined }))],
    ["with an exp that is text", () => issuer.sign(claims({ exp: String(now() + HOUR) }))],
    ["without sub", () => issuer.sign(claims({ sub: undefined }))],
    ["without an audience", () => issuer.sign(claims({ aud: undefined }))],
    ["with an empty list of audiences", () => issuer.sign(claims({ aud: [] }))],
    ["for another audience", () => issuer.sign(claims({ aud: "https://other.example/mcp" }))],
    ["for another path here", () => issuer.sign(claims({ aud: `${endpoint}/tenant` }))],
    ["for the origin alone", () => issuer.sign(claims({ aud: app.url }))],
    ["for two slashes more", () => issuer.sign(claims({ aud: `${endpoint}//` }))],
    [
      "for several audiences",
      () => issuer.sign(claims({ aud: [endpoint, "https://other.example/mcp"] })),
    ],
    [
      "for a client, like an ID token",
      () => issuer.sign(claims({ aud: "client", nonce: "n" }), { typ: "JWT" }),
    ],
    [
      "of another issuer by its own word",
      () => issuer.sign(claims({ iss: "https://other.example" })),
    ],
    ["of the issuer with a slash", () => issuer.sign(claims({ iss: `${issuer.issuer}/` }))],
    ["without an issuer", () => issuer.sign(claims({ iss: undefined }))],
    ["signed by a stranger", () => issuer.signAsStranger(claims())],
    ["that brings its own key", () => issuer.signAsStranger(claims(), { embedKey: true })],
    ["with a key that is not published", () => issuer.sign(claims(), { kid: "other" })],
    ["garbled in its header", async () => garble(await good(), 0)],
    ["garbled in its claims", async () => garble(await good(), 1)],
    ["garbled in its signature", async () => garble(await good(), 2)],
    ["truncated", async () => (await good()).slice(0, -20)],
    ["without its signature", async () => (await good()).replace(/[^.]*$/, "")],
    ["of two parts", async () => (await good()).replace(/\.[^.]*$/, "")],
    ["with a fourth part", async () => `${await good()}.x`],
    ["of the algorithm none", () => unsigned(claims())],
    ["of the algorithm NonE", () => unsigned(claims(), "NonE")],
    [
      "signed with the public key as a secret",
      () => signWithSecret(claims(), issuer.pem, issuer.jwk.kid ?? ""),
    ],
    [
      "signed with the public JWK as a secret",
      () => signWithSecret(claims(), JSON.stringify(issuer.jwk), issuer.jwk.kid ?? ""),
    ],
    ["that is opaque", () => "opaque"],
    ["of 12 KB", () => "a".repeat(12_000)],
    ["of characters that no token has", () => "{token}"],
    ["that is not ASCII", () => "t\u00f6ken"],
  ];

  it.each(tokens)("%s", async (_name, make) => {
    verifies(
      "token.refused",
      "token.everywhere",
      "token.not-told",
      "challenge.form",
      "challenge.no-error",
      "token.before-body",
    );
    const session = await openSession(endpoint, await good());
    const token = await make();
    for (const [, send] of requests) {
      const refused = await challengeOf(await send(`Bearer ${token}`, session));
      expect.soft(refused).toMatchObject({ status: 401, error: "invalid_token", scope: undefined });
      expect
        .soft(refused.metadata)
        .toMatch(/^http:\/\/localhost:\d+\/\.well-known\/oauth-protected-resource\/mcp\/?$/);
      expect.soft(refused.description).toMatch(/The access token (?:is|has) /);
      expect.soft(refused.says).toContain(refused.description);
      expect.soft(JSON.stringify(refused)).not.toContain(token);
    }
    const still = await post(endpoint, call("whoami"), {
      authorization: `Bearer ${await good()}`,
      session,
    });
    expect(still.status, "the session outlives who tried it").toBe(200);
  });
});

describe("an Authorization header that is no single bearer token", () => {
  const headers: readonly (readonly [string, number, string, () => Promise<string> | string])[] = [
    ["Basic", 401, "invalid_token", () => `Basic ${btoa("alice:secret")}`],
    ["another scheme", 401, "invalid_token", () => "DPoP abc"],
    ["Bearer without a token", 400, "invalid_request", () => "Bearer"],
    ["a token without Bearer", 400, "invalid_request", async () => `${await good()},`],
    ["a token and a word", 400, "invalid_request", async () => `Bearer ${await good()} more`],
    [
      "two tokens in one line",
      400,
      "invalid_request",
      async () => `Bearer ${await good()}, Bearer ${await good()}`,
    ],
  ];

  it.each(headers)("%s", async (_name, status, error, make) => {
    verifies("token.malformed");
    const session = await openSession(endpoint, await good());
    const authorization = await make();
    for (const [, send] of requests) {
      const refused = await challengeOf(await send(authorization, session));
      expect.soft(refused).toMatchObject({ status, error, scope: undefined });
    }
  });

  it.each([
    ["good and good", async () => [`Bearer ${await good()}`, `Bearer ${await good()}`]],
    ["good and bad", async () => [`Bearer ${await good()}`, "Bearer bad"]],
    ["bad and good", async () => ["Bearer bad", `Bearer ${await good()}`]],
    ["good and Basic", async () => [`Bearer ${await good()}`, "Basic YTpi"]],
    ["good and empty", async () => [`Bearer ${await good()}`, ""]],
    ["empty", async () => [""]],
  ])("two headers: %s", async (_name, make) => {
    verifies("token.malformed");
    const body = JSON.stringify(call("invoices_stats"));
    const lines = (await make()).map((value) => `Authorization: ${value}\r\n`).join("");
    const { host, port } = new URL(endpoint);
    const head = `POST /mcp HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n${lines}Content-Length: ${body.length}\r\n\r\n`;
    const [reply] = await exchange(Number(port), [Buffer.from(head + body)]);
    const challenge = reply?.headers.find(([name]) => name === "www-authenticate")?.[1];
    expect(reply?.status).toBe(400);
    expect(challenge).toMatch(/error="invalid_request"/);
  });
});

describe("a good token", () => {
  const whoami = async (response: Response) => {
    const body = (await response.json()) as { result?: { content: { text: string }[] } };
    return JSON.parse(body.result?.content[0]?.text ?? "{}") as { subject?: string };
  };

  it.each(["bearer", "BEARER", "bEaReR", "Bearer  ", "  Bearer"])(
    "may be sent as %j",
    async (scheme) => {
      const response = await post(endpoint, call("whoami"), {
        authorization: `${scheme} ${await good()}`,
      });
      expect(await whoami(response)).toMatchObject({ subject: "alice" });
    },
  );

  it.each([
    ["", ""],
    ["", "/"],
    ["/", ""],
    ["/", "/"],
  ])("for /mcp%s is good at /mcp%s", async (audience, path) => {
    verifies("token.audience", "url.trailing-slash");
    const token = await issuer.sign(claims({ aud: endpoint + audience }));
    const response = await post(endpoint + path, call("whoami"), {
      authorization: `Bearer ${token}`,
    });
    expect(await whoami(response)).toMatchObject({ subject: "alice" });
  });

  it("may name its one audience in a list", async () => {
    const token = await issuer.sign(claims({ aud: [endpoint] }));
    const response = await post(endpoint, call("whoami"), { authorization: `Bearer ${token}` });
    expect(await whoami(response)).toMatchObject({ subject: "alice" });
  });

  it("has no right that it does not name, whatever it says instead", async () => {
    for (const scope of [undefined, 1, null, {}, "invoices:writer", "INVOICES:WRITE"]) {
      const authorization = `Bearer ${await issuer.sign(claims({ scope }))}`;
      const refused = await challengeOf(
        await post(endpoint, call("invoices_create"), { authorization }),
      );
      expect.soft(refused).toMatchObject({ status: 403, error: "insufficient_scope" });
    }
  });
});

describe("without a token", () => {
  it("what needs a user is 401 with no error, and what is public works", async () => {
    verifies("challenge.no-error", "challenge.form");
    for (const spelling of [endpoint, `${endpoint}/`]) {
      const refused = await challengeOf(await post(spelling, call("whoami")));
      expect(refused).toMatchObject({ status: 401, error: undefined, description: undefined });
      expect(refused.metadata).toBe(metadataOf(spelling));
      expect(refused.says).toContain(metadataOf(spelling));
    }
    expect((await post(endpoint, call("invoices_stats"))).status).toBe(200);
  });

  it("a token elsewhere is no token", async () => {
    verifies("token.header-only");
    const token = await good();
    for (const [url, headers] of [
      [`${endpoint}?access_token=${token}`, {}],
      [`${endpoint}?authorization=Bearer%20${token}`, {}],
      [endpoint, { cookie: `access_token=${token}` }],
      [
        endpoint,
        { "x-authorization": `Bearer ${token}`, "proxy-authorization": `Bearer ${token}` },
      ],
    ] as const) {
      const refused = await challengeOf(await post(url, call("whoami"), { headers }));
      expect
        .soft(refused)
        .toMatchObject({ status: 401, error: undefined, metadata: metadataOf(endpoint) });
    }
  });

  it("GET is 405 for whoever may come in, and 401 with a bad token", async () => {
    const accept = "text/event-stream";
    const authorization = `Bearer ${await good()}`;
    expect((await fetch(endpoint, { headers: { accept } })).status).toBe(405);
    expect((await fetch(endpoint, { headers: { accept, authorization } })).status).toBe(405);
    const bad = { accept, authorization: "Bearer bad" };
    expect((await fetch(endpoint, { headers: bad })).status).toBe(401);
  });
});

describe("the real provider", () => {
  it("lets in no token of another provider for the same resource and user", async () => {
    const token = await otherProvider.issue("alice");
    const refused = await challengeOf(
      await post(example.endpoint, call("invoices_stats"), { authorization: `Bearer ${token}` }),
    );
    expect(refused).toMatchObject({
      status: 401,
      error: "invalid_token",
      metadata: metadataOf(example.endpoint),
    });
  });

  it("lets in no ID token, nor an expired one, nor one for another resource", async () => {
    const signIn = signInAs("alice");
    const serverUrl = example.endpoint;
    expect(await auth(signIn.provider, { serverUrl, scope: "openid invoices:read" })).toBe(
      "REDIRECT",
    );
    const authorizationCode = signIn.callback().get("code") ?? "";
    await auth(signIn.provider, { serverUrl, authorizationCode });
    const { access_token: access, id_token: id } = signIn.tokens() ?? {};
    expect(id).toMatch(/^ey/);
    const { provider } = example;
    const resource = example.endpoint.replace("/mcp", "/other");
    const bad = [
      id,
      await provider.issue("alice", { expiresIn: -1 }),
      await provider.issue("alice", { resource }),
    ];
    for (const token of bad) {
      const refused = await challengeOf(
        await post(serverUrl, call("invoices_stats"), { authorization: `Bearer ${token}` }),
      );
      expect.soft(refused).toMatchObject({ status: 401, error: "invalid_token" });
    }
    expect(
      (await post(serverUrl, call("whoami"), { authorization: `Bearer ${access}` })).status,
    ).toBe(200);
  });

  it("403 tells bob which scopes he lacks", async () => {
    verifies("scope.challenge");
    const authorization = `Bearer ${await example.provider.issue("bob")}`;
    const args = { customer: "ACME", amountCents: 1 };
    const refused = await challengeOf(
      await post(example.endpoint, call("invoices_create", args), { authorization }),
    );
    expect(refused).toMatchObject({
      status: 403,
      error: "insufficient_scope",
      scope: "invoices:write invoices:read",
      metadata: metadataOf(example.endpoint),
      description:
        "This call needs the scopes: invoices:write. Ask the user for them and send a new token.",
    });
  });
});

describe.each(flavours.slice(0, 2))("$name", (flavour) => {
  it("steps up when a call needs more than the user was asked for at first", async () => {
    verifies("flow.step-up");
    const signIn = signInAs("alice");
    const serverUrl = example.endpoint;
    await auth(signIn.provider, { serverUrl, scope: "invoices:read" });
    await auth(signIn.provider, {
      serverUrl,
      authorizationCode: signIn.callback().get("code") ?? "",
    });
    expect(signIn.tokens()?.scope).toBe("invoices:read");
    const { refresh_token: _, ...tokens } = signIn.tokens() ?? { access_token: "", token_type: "" };
    // SDK v1 redeems a refresh token before anything else, which widens nothing (RFC 6749 section 6), and gives up.
    if (flavour.sdk === "v1") signIn.setTokens(tokens);

    const agent = await open(flavour, serverUrl, signIn);
    const session = agent.sessionId();
    expect((await agent.call("invoices_list")).isError).not.toBe(true);
    const create = () => agent.call("invoices_create", { customer: flavour.name, amountCents: 5 });
    await untilSignIn(create());
    expect(signIn.count()).toBe(2);
    await agent.finishSignIn();
    // Both, though v1 asks for just what the challenge names.
    const scopes = signIn.tokens()?.scope?.split(" ");
    expect(scopes?.toSorted()).toEqual(["invoices:read", "invoices:write"]);
    const created = await create();
    expect(JSON.parse(created.content[0]?.text ?? "")).toMatchObject({ owner: "alice" });
    expect((await agent.call("invoices_list")).isError).not.toBe(true);
    expect(agent.sessionId()).toBe(session);
    await agent.close();
  });

  it("goes on in its session when the token expires in the middle of it", async () => {
    verifies("flow.refresh");
    const brief = await startExample({ accessTokenTtl: 2 });
    try {
      const agent = await connect(flavour, brief.endpoint, "alice");
      const session = agent.sessionId();
      const first = agent.signIn?.tokens()?.access_token;
      await agent.call("whoami");
      await sleep(2500);
      const late = await post(brief.endpoint, call("whoami"), {
        authorization: `Bearer ${first}`,
        session,
      });
      expect(await challengeOf(late)).toMatchObject({ status: 401, error: "invalid_token" });
      const { content } = await agent.call("whoami");
      expect(content[0]?.text).toContain('"subject":"alice"');
      expect(agent.signIn?.tokens()?.access_token).not.toBe(first);
      expect(agent.signIn?.count()).toBe(1);
      expect(agent.sessionId()).toBe(session);
      await agent.close();
    } finally {
      await brief.close();
    }
  });
});

describe("somebody else's session", () => {
  const initialize = message(
    "initialize",
    { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "a", version: "1" } },
    1,
  );
  const attempts: readonly (readonly [string, object])[] = [
    ["ping", message("ping", {}, 1)],
    ["tools/list", message("tools/list", {}, 1)],
    ["tools/list with a bad cursor", message("tools/list", { cursor: "x" }, 1)],
    ["a public tool", call("invoices_stats")],
    ["a tool with bad arguments", call("invoices_stats", { a: 1 })],
    ["a user's tool", call("whoami")],
    ["a tool beyond their scopes", call("invoices_create")],
    ["an action", call("invoices_send", { id: "x" })],
    ["an unknown tool", call("nothing")],
    ["an unknown method", message("resources/list", {}, 1)],
    ["params of the wrong type", message("tools/call", [], 1)],
    ["a notification", message("notifications/initialized")],
    ["a response", { jsonrpc: "2.0", id: 1, result: {} }],
    ["a batch", [message("ping", {}, 1), call("invoices_stats")]],
  ];

  /** Who may not call a tool at all is told so first; a session that is not theirs changes nothing about it. */
  const sooner = {
    bob: new Map([
      ["a tool beyond their scopes", 403],
      ["an action", 403],
    ]),
    stranger: new Map([
      ["a user's tool", 401],
      ["a tool beyond their scopes", 401],
      ["an action", 401],
    ]),
  };

  const seen = async (response: Response) => {
    const { status, headers } = response;
    const shown = [...headers].filter(([name]) => name !== "date");
    return { status, headers: shown, body: await response.text() };
  };

  it.each(["bob", "stranger"] as const)("looks to %s as one that does not exist", async (who) => {
    verifies("session.foreign", "session.user-bound", "session.minted-anew");
    const alice = `Bearer ${await example.provider.issue("alice")}`;
    const session = await openSession(example.endpoint, alice.slice("Bearer ".length));
    const authorization =
      who === "bob" ? `Bearer ${await example.provider.issue("bob")}` : undefined;
    const both = async (send: (session: string) => Promise<Response>) =>
      [await seen(await send(session)), await seen(await send(crypto.randomUUID()))] as const;

    const refusals: ReadonlyMap<string, number> = sooner[who];
    for (const [name, body] of attempts) {
      const [hers, nobodys] = await both((session) =>
        post(example.endpoint, body, { authorization, session }),
      );
      expect.soft(hers, name).toEqual(nobodys);
      expect.soft(hers.status, name).toBe(refusals.get(name) ?? 404);
    }
    const [hers, nobodys] = await both((session) =>
      end(example.endpoint, { authorization, session }),
    );
    expect(hers).toEqual(nobodys);
    expect(hers.status).toBe(404);
    expect(JSON.parse(hers.body)).toMatchObject({ error: { code: -32001 } });

    const opened = await post(example.endpoint, initialize, { authorization, session });
    expect(opened.headers.get("mcp-session-id")).not.toBe(session);
    expect(
      (await post(example.endpoint, call("whoami"), { authorization: alice, session })).status,
    ).toBe(200);
  });

  it("once ended is gone for its owner as well", async () => {
    const token = await example.provider.issue("alice");
    const session = await openSession(example.endpoint, token);
    const extras = { authorization: `Bearer ${token}`, session };
    expect((await end(example.endpoint, extras)).status).toBe(204);
    expect((await end(example.endpoint, extras)).status).toBe(404);
    for (const [name, body] of attempts) {
      const { status } = await post(example.endpoint, body, extras);
      expect.soft(status, name).toBe(404);
    }
  });
});
