import { createServer, type Server } from "node:http";

import { createBridge, memoryBridgeStore } from "../../src/bridge/index.ts";
import type { UpstreamOptions } from "../../src/bridge/options.ts";
import { createGuard, protectedResourceMetadata } from "../../src/index.ts";
import { createJwtVerifier } from "../../src/jwt.ts";
import { CLIENT_ID, close, listen, startProvider, type ClientMetadata } from "./provider.ts";

/** Where the agents of the tests come back to. */
export const REDIRECT = "http://127.0.0.1:33418/callback";
/** The client id of one that describes itself. */
export const DOCUMENT = "https://agent.example.com/client.json";

/** How the bridge and the provider know each other. */
export interface Proof {
  readonly client: ClientMetadata;
  readonly upstream: Pick<UpstreamOptions, "clientSecret" | "clientAssertion">;
}

/** A protected resource at `/mcp`, a bridge in front of a real provider, and what the bridge reported. */
export async function startWorld({ client, upstream }: Proof) {
  const server = createServer();
  const origin = `http://localhost:${await listen(server)}`;
  const provider = await startProvider(`${origin}/oauth/callback`, client);
  const { issuer } = provider;
  const resource = `${origin}/mcp`;
  const events: unknown[] = [];
  const bridge = createBridge({
    issuer: `${origin}/oauth`,
    resources: resource,
    store: memoryBridgeStore(),
    secrets: ["a secret of the test, 32 characters or more"],
    onEvent: (event) => events.push(event),
    documents: { fetch: async () => Response.json(clientDocument()) },
    upstream: {
      ...upstream,
      issuer,
      authorizationEndpoint: `${issuer}/auth`,
      tokenEndpoint: `${issuer}/token`,
      revocationEndpoint: `${issuer}/token/revocation`,
      clientId: CLIENT_ID,
      scopes: ["notes:read"],
      extraScopes: ["openid", "offline_access"],
      forwardResource: true,
      requireIss: true,
    },
  });
  const jwks = new URL(`${issuer}/jwks`);
  const verify = createJwtVerifier({ issuer, audience: resource, jwks });
  const guard = createGuard({ verify, resource, scopes: ["notes:read"] });
  const metadata = protectedResourceMetadata({
    resource,
    authorizationServers: [`${origin}/oauth`],
    scopesSupported: ["notes:read"],
  });
  serve(server, origin, async (request) => {
    const answer = await bridge.handle(request, { address: "127.0.0.1" });
    if (answer !== undefined) return answer;
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/.well-known/oauth-protected-resource"))
      return Response.json(metadata);
    const result = await guard(request);
    return result.ok ? Response.json({ hello: result.principal.subject }) : result.response;
  });
  return {
    origin,
    events,
    close: async () => {
      await close(server);
      await provider.close();
    },
  };
}

function clientDocument() {
  return { client_id: DOCUMENT, client_name: "Documented agent", redirect_uris: [REDIRECT] };
}

function serve(
  http: Server,
  origin: string,
  handle: (request: Request) => Promise<Response>,
): void {
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
