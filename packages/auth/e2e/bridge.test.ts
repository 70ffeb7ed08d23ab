import { createServer, type Server } from "node:http";

import { auth as authV2 } from "@modelcontextprotocol/client";
import { auth as authV1 } from "@modelcontextprotocol/sdk/client/auth.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createGuard, protectedResourceMetadata } from "../src/index.ts";
import { createBridge, memoryBridgeStore, type Bridge } from "../src/bridge/index.ts";
import { createJwtVerifier } from "../src/jwt.ts";
import { createAgent } from "./support/agent.ts";
import { CLIENT, close, listen, startProvider } from "./support/provider.ts";

const REDIRECT = "http://127.0.0.1:33418/callback";
const DOCUMENT = "https://agent.example.com/client.json";
const events: unknown[] = [];
let server: Server;
let origin: string;
let provider: Awaited<ReturnType<typeof startProvider>>;

beforeAll(async () => {
  server = createServer();
  origin = `http://localhost:${await listen(server)}`;
  provider = await startProvider(`${origin}/oauth/callback`);
  const resource = `${origin}/mcp`;
  const bridge = createTheBridge(resource);
  const jwks = new URL(`${provider.issuer}/jwks`);
  const verify = createJwtVerifier({ issuer: provider.issuer, audience: resource, jwks });
  const guard = createGuard({ verify, resource, scopes: ["notes:read"] });
  const metadata = protectedResourceMetadata({
    resource,
    authorizationServers: [`${origin}/oauth`],
    scopesSupported: ["notes:read"],
  });
  serve(server, async (request) => {
    const answer = await bridge.handle(request, { address: "127.0.0.1" });
    if (answer !== undefined) return answer;
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/.well-known/oauth-protected-resource"))
      return Response.json(metadata);
    const result = await guard(request);
    return result.ok ? Response.json({ hello: result.principal.subject }) : result.response;
  });
});

afterAll(async () => {
  await close(server);
  await provider.close();
});

describe.each([
  ["v1", authV1],
  ["v2", authV2],
])("the official client %s", (_name, auth) => {
  it("registers, signs in, refreshes and is revoked", async () => {
    const agent = createAgent(REDIRECT);
    await flow(auth, agent);
    expect(agent.state.client).toMatchObject({ client_name: "Official agent" });

    const before = agent.state.tokens;
    expect(await auth(agent.provider, { serverUrl: `${origin}/mcp` })).toBe("AUTHORIZED");
    expect(agent.state.tokens?.access_token).not.toBe(before?.access_token);
    expect(agent.state.tokens?.refresh_token).not.toBe(before?.refresh_token);
    expect(await hello(agent.state.tokens?.access_token)).toEqual({ hello: "ann" });

    const form = new URLSearchParams({
      client_id: agent.state.client?.client_id ?? "",
      token: agent.state.tokens?.refresh_token ?? "",
    });
    const revoked = await fetch(`${origin}/oauth/revoke`, { method: "POST", body: form });
    expect(revoked.status).toBe(200);
    // The refresh fails, so the client starts over and has its user sign in.
    delete agent.state.back;
    const tokens = agent.state.tokens;
    agent.provider.invalidateCredentials = () => void delete agent.state.tokens;
    expect(await auth(agent.provider, { serverUrl: `${origin}/mcp` })).toBe("REDIRECT");
    expect(agent.state.tokens).toBeUndefined();
    expect(agent.state.back).toBeDefined();
    expect(tokens).toBeDefined();
    expect(events).toEqual([expect.objectContaining({ error: "invalid_grant" })]);
    events.length = 0;
  });

  it("signs in with a client ID metadata document", async () => {
    const agent = createAgent(REDIRECT, DOCUMENT);
    await flow(auth, agent);
    expect(agent.state.client).toMatchObject({ client_id: DOCUMENT });
    expect(await auth(agent.provider, { serverUrl: `${origin}/mcp` })).toBe("AUTHORIZED");
    expect(events).toEqual([]);
  });
});

async function flow(auth: typeof authV1, agent: ReturnType<typeof createAgent>): Promise<void> {
  const serverUrl = `${origin}/mcp`;
  expect(await auth(agent.provider, { serverUrl })).toBe("REDIRECT");
  const back = agent.state.back?.searchParams;
  expect(back?.get("state")).toBe("of the agent");
  // v1 does not look at iss; v2 refuses another issuer's.
  const answer = { authorizationCode: back?.get("code") ?? "", iss: back?.get("iss") ?? "" };
  expect(await auth(agent.provider, { serverUrl, ...answer })).toBe("AUTHORIZED");
  expect(await hello(agent.state.tokens?.access_token)).toEqual({ hello: "ann" });
}

async function hello(token: string | undefined): Promise<unknown> {
  const response = await fetch(`${origin}/mcp`, { headers: { authorization: `Bearer ${token}` } });
  return response.json();
}

function createTheBridge(resource: string): Bridge {
  const { issuer } = provider;
  return createBridge({
    issuer: `${origin}/oauth`,
    resources: resource,
    store: memoryBridgeStore(),
    secrets: ["a secret of the test, 32 characters or more"],
    onEvent: (event) => events.push(event),
    documents: { fetch: async () => Response.json(clientDocument()) },
    upstream: {
      issuer,
      authorizationEndpoint: `${issuer}/auth`,
      tokenEndpoint: `${issuer}/token`,
      revocationEndpoint: `${issuer}/token/revocation`,
      clientId: CLIENT.id,
      clientSecret: CLIENT.secret,
      scopes: ["notes:read"],
      extraScopes: ["openid", "offline_access"],
      forwardResource: true,
      requireIss: true,
    },
  });
}

function clientDocument() {
  return { client_id: DOCUMENT, client_name: "Documented agent", redirect_uris: [REDIRECT] };
}

function serve(http: Server, handle: (request: Request) => Promise<Response>): void {
  http.on("request", (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const { method = "GET", url = "/" } = incoming;
      const headers = new Headers();
      for (const [name, value] of Object.entries(incoming.headers)) {
        if (typeof value === "string") headers.set(name, value);
      }
      const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) };
      void handle(new Request(origin + url, { method, headers, ...body })).then(
        async (response) => {
          outgoing.writeHead(response.status, [...response.headers].flat());
          outgoing.end(Buffer.from(await response.arrayBuffer()));
        },
      );
    });
  });
}
