import {
  Client as ClientV2,
  StreamableHTTPClientTransport as TransportV2,
} from "@modelcontextprotocol/client";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type App, startApp } from "../src/app.ts";
import type { Profile } from "../src/profile.ts";
import { auth0 } from "../src/profiles/auth0.ts";
import { betterauth } from "../src/profiles/betterauth.ts";
import { clerk } from "../src/profiles/clerk.ts";
import { cognito } from "../src/profiles/cognito.ts";
import { customjwt } from "../src/profiles/customjwt.ts";
import { keycloak } from "../src/profiles/keycloak.ts";
import { opaque } from "../src/profiles/opaque.ts";
import { pocketid } from "../src/profiles/pocketid.ts";
import { workos } from "../src/profiles/workos.ts";
import {
  BRIDGE_CLIENT,
  freePort,
  type RunningProvider,
  startProvider,
  USER,
} from "../src/provider.ts";
import { createSignIn, tokenFor } from "../src/signin.ts";

const profiles: readonly Profile[] = [
  auth0,
  betterauth,
  clerk,
  cognito,
  customjwt,
  keycloak,
  opaque,
  pocketid,
  workos,
];

// oidc-provider speaks of what it is not used for here: production.
vi.spyOn(console, "warn").mockImplementation(() => {});
vi.spyOn(console, "info").mockImplementation(() => {});

const info = { name: "providers", version: "1.0.0" };

async function connectV1(endpoint: string, known: { client_id: string } | undefined) {
  const signIn = createSignIn(known);
  const options = { authProvider: signIn.provider };
  const first = new StreamableHTTPClientTransport(new URL(endpoint), options);
  await expect(new Client(info).connect(first)).rejects.toThrow("Unauthorized");
  await first.finishAuth(signIn.callback().get("code") ?? "");
  const client = new Client(info);
  await client.connect(new StreamableHTTPClientTransport(new URL(endpoint), options));
  return client;
}

async function connectV2(endpoint: string, known: { client_id: string } | undefined) {
  const signIn = createSignIn(known);
  const options = { authProvider: signIn.provider };
  const first = new TransportV2(new URL(endpoint), options);
  await expect(new ClientV2(info).connect(first)).rejects.toThrow();
  await first.finishAuth(signIn.callback());
  const client = new ClientV2(info);
  await client.connect(new TransportV2(new URL(endpoint), options));
  return client;
}

/** What a bearer of a token is answered, and by whom the tool was called. */
async function call(endpoint: string, token: string) {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "MCP-Protocol-Version": "2025-11-25",
      Authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name: "whoami" },
    }),
  });
  const body = (await response.json()) as { result?: { structuredContent?: unknown } };
  return {
    status: response.status,
    who: body.result?.structuredContent,
    headers: response.headers,
  };
}

describe.each(profiles)("the page $page", (profile) => {
  let provider: RunningProvider;
  let app: App;
  const who = { subject: USER, platform: profile.platform };
  const known = () => (profile.registration ? undefined : { client_id: provider.clientId });
  const facts = () => ({
    issuer: provider.issuer,
    subject: USER,
    clientId: provider.clientId,
    scopes: profile.toolScopes,
    resource: app.endpoint,
  });

  beforeAll(async () => {
    provider = await startProvider(profile);
    const env = profile.env(provider);
    app = await startApp(profile.page, { ...env, TOOL_SCOPES: profile.toolScopes.join(" ") });
  });

  afterAll(async () => {
    await app?.close();
    await provider?.close();
  });

  it("has code that compiles", async () => {
    expect(await app.compile()).toBe("");
  });

  it("has the official client sign its user in, and call a tool", async () => {
    const client = await connectV1(app.endpoint, known());
    expect(await client.callTool({ name: "whoami" })).toMatchObject({ structuredContent: who });
    await client.close();
  });

  it("has the next official client do so too", async () => {
    const client = await connectV2(app.endpoint, known());
    expect(await client.callTool({ name: "whoami" })).toMatchObject({ structuredContent: who });
    await client.close();
  });

  it.skipIf(profile.opaque === true)(
    "takes a token that is for the provider's own endpoints too",
    async () => {
      const scopes = ["openid", "profile", ...profile.toolScopes];
      const token = await provider.sign(profile.shape({ ...facts(), scopes }));
      expect(await call(app.endpoint, token)).toMatchObject({ status: 200, who });
    },
  );

  it.skipIf(profile.opaque === true)(
    "refuses tokens of the same provider that are for others",
    async () => {
      expect((await call(app.endpoint, await provider.sign(profile.shape(facts())))).status).toBe(
        200,
      );
      for (const [what, shape] of Object.entries(profile.foreign(facts()))) {
        const { status, headers } = await call(app.endpoint, await provider.sign(shape));
        expect.soft(status, what).toBe(401);
        expect.soft(headers.get("WWW-Authenticate"), what).toContain('error="invalid_token"');
      }
    },
  );

  it.runIf(profile.opaque === true)("refuses opaque tokens that are for others", async () => {
    const [scope = ""] = profile.toolScopes;
    const token = (resource: string) =>
      tokenFor(provider.issuer, provider.clientId, scope, resource);
    expect(await call(app.endpoint, await token(app.endpoint))).toMatchObject({ status: 200, who });
    const foreign = await token("https://api.example.com");
    expect(foreign).not.toContain(".");
    expect((await call(app.endpoint, foreign)).status).toBe(401);
  });
});

describe.each(profiles.filter(({ bridge }) => bridge))(
  "the page $page, with its bridge",
  (profile) => {
    let provider: RunningProvider;
    let app: App;
    const who = { subject: USER, platform: profile.platform };
    const facts = () => ({
      issuer: provider.issuer,
      subject: USER,
      clientId: BRIDGE_CLIENT.id,
      scopes: profile.toolScopes,
      resource: app.endpoint,
    });

    beforeAll(async () => {
      const port = await freePort();
      provider = await startProvider(profile, `http://localhost:${port}/oauth/callback`);
      const env = {
        ...profile.env(provider),
        TOOL_SCOPES: profile.toolScopes.join(" "),
        MCP_BRIDGE_CLIENT_ID: BRIDGE_CLIENT.id,
        MCP_BRIDGE_CLIENT_SECRET: BRIDGE_CLIENT.secret,
        MCP_BRIDGE_SECRET: "a secret of the test, 32 characters or more".replaceAll(" ", "-"),
      };
      app = await startApp(profile.page, env, port);
    });

    afterAll(async () => {
      await app?.close();
      await provider?.close();
    });

    it("has code that compiles", async () => {
      expect(await app.compile()).toBe("");
    });

    it.each([
      ["official", connectV1],
      ["next official", connectV2],
    ])("has the %s client register, sign its user in, and call a tool", async (_name, connect) => {
      const client = await connect(app.endpoint, undefined);
      expect(await client.callTool({ name: "whoami" })).toMatchObject({ structuredContent: who });
      await client.close();
    });

    it("refuses tokens of the same provider that are for others", async () => {
      const own = await provider.sign(profile.shape(facts()));
      expect(await call(app.endpoint, own)).toMatchObject({ status: 200, who });
      for (const [what, shape] of Object.entries(profile.foreign(facts()))) {
        const { status } = await call(app.endpoint, await provider.sign(shape));
        expect.soft(status, what).toBe(401);
      }
    });
  },
);

describe("the page convex-auth", () => {
  let app: App;
  const identity = { subject: "user1|session1", issuer: "http://localhost", tokenIdentifier: "x" };

  beforeAll(async () => {
    app = await startApp("convex-auth", { TOOL_SCOPES: "notes:read" });
  });
  afterAll(() => app?.close());

  it("has code that compiles", async () => {
    expect(await app.compile()).toBe("");
  });

  it("has a user make a key, a client call a tool with it, and the user revoke it", async () => {
    const created = app.embedded.run("keys:create", { name: "laptop" }, { identity });
    const { key, id } = (await created) as { key: string; id: string };
    const client = new Client(info);
    const requestInit = { headers: { Authorization: `Bearer ${key}` } };
    const transport = new StreamableHTTPClientTransport(new URL(app.endpoint), { requestInit });
    await client.connect(transport);
    expect(await client.callTool({ name: "whoami" })).toMatchObject({
      structuredContent: { subject: "user1", platform: false },
    });
    await client.close();

    expect(await app.embedded.run("keys:list", {}, { identity })).toMatchObject([
      { id, name: "laptop", lastUsedAt: expect.any(Number) },
    ]);
    const other = { ...identity, subject: "user2|session2" };
    expect(await app.embedded.run("keys:revoke", { id }, { identity: other })).toBe(false);
    expect(await app.embedded.run("keys:revoke", { id }, { identity })).toBe(true);
    expect((await call(app.endpoint, key)).status).toBe(401);
  });

  it("refuses strangers, who can make no key", async () => {
    expect((await call(app.endpoint, "mcp_nonsense")).status).toBe(401);
    await expect(app.embedded.run("keys:create", { name: "x" })).rejects.toThrow(/Sign in first/);
  });
});
