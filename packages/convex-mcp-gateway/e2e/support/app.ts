import { fileURLToPath } from "node:url";
import { type Embedded, startEmbedded } from "@convex-mcp/embedded";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

const ISSUER = "https://issuer.test";

/** The fixture app's real bundles on the embedded engine, and tokens of its issuer. */
export interface App {
  readonly embedded: Embedded;
  /** A JWT that `auth.config.ts` accepts, for an hour unless `exp` says otherwise. */
  token(subject: string, claims?: Record<string, unknown>): Promise<string>;
  /** POSTs one message to an endpoint. */
  send(message: unknown, options?: SendOptions): Promise<Response>;
  /** The function calls that one request made. */
  cost(request: () => Promise<Response>): Promise<number>;
}

export interface SendOptions {
  readonly path?: string;
  readonly token?: string;
  readonly session?: string;
  /** Default: JSON and event streams. */
  readonly accept?: string;
  /** Default 2025-11-25. Of 2026-07-28 also the headers that mirror the body are sent. */
  readonly version?: string;
  /** What `Mcp-Name` mirrors. */
  readonly name?: string | undefined;
  /** Further headers. */
  readonly headers?: Record<string, string>;
}

export async function startApp(): Promise<App> {
  const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: "test", alg: "RS256", use: "sig" };
  const jwks = `data:application/json;base64,${btoa(JSON.stringify({ keys: [jwk] }))}`;
  const embedded = await startEmbedded({
    projectDir: fileURLToPath(new URL("../..", import.meta.url)),
    port: 0,
    env: { TEST_ISSUER: ISSUER, TEST_JWKS: jwks },
  });
  const send: App["send"] = (message, options = {}) => {
    const {
      path = "/mcp",
      token,
      session,
      accept = "application/json, text/event-stream",
      version = "2025-11-25",
      name,
      headers,
    } = options;
    const { method = "" } = message as { method?: string };
    return fetch(embedded.url + path, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: accept,
        "MCP-Protocol-Version": version,
        ...(version < "2026" ? {} : { "Mcp-Method": method }),
        ...(name === undefined ? {} : { "Mcp-Name": name }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(session === undefined ? {} : { "Mcp-Session-Id": session }),
        ...headers,
      },
      body: JSON.stringify(message),
    });
  };
  return {
    embedded,
    send,
    token: (subject, claims = {}) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: "RS256", kid: "test", typ: "JWT" })
        .setIssuer(ISSUER)
        .setAudience("test-app")
        .setSubject(subject)
        .setIssuedAt()
        .setExpirationTime(typeof claims["exp"] === "number" ? claims["exp"] : "1h")
        .sign(privateKey),
    cost: async (request) => {
      embedded.resetCalls();
      await (await request()).text();
      return embedded.calls().length;
    },
  };
}

export const request = (method: string, params: unknown = {}) => ({
  jsonrpc: "2.0",
  id: 1,
  method,
  params,
});

export const call = (name: string, args: unknown = {}) =>
  request("tools/call", { name, arguments: args });

export const initialize = request("initialize", {
  protocolVersion: "2025-11-25",
  capabilities: {},
  clientInfo: { name: "budget", version: "1" },
});
