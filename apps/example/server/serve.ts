import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { type Embedded, startEmbedded } from "@convex-mcp/embedded";
import type { ProviderClient } from "./openid/configuration.ts";
import { type RunningProvider, startProvider } from "./provider.ts";

/** The people of the example, and what each may do. */
const USERS = {
  alice: {
    name: "Alice",
    email: "alice@example.com",
    scopes: ["invoices:read", "invoices:write"],
  },
  bob: { name: "Bob", email: "bob@example.com", scopes: ["invoices:read"] },
  carol: {
    name: "Carol",
    email: "carol@example.com",
    scopes: ["invoices:read", "invoices:write"],
    claims: { role: "admin" },
  },
};

const SCOPES = {
  "invoices:read": "Read your invoices",
  "invoices:write": "Create and send invoices",
};

/** Where the example listens. */
export interface ServeOptions {
  /** Port of the app. It is a part of the URL that tokens are for, so it has to be known before. */
  readonly port: number;
  /** Port of the OpenID provider. */
  readonly providerPort: number;
  readonly accessTokenTtl?: number;
  /** Whether the provider registers no clients, so that the app's bridge does. Default: false. */
  readonly bridge?: boolean;
  /** Whether those who have not signed in see anything. Default: true. */
  readonly strangers?: boolean;
  readonly log?: (line: string) => void;
}

/** The running example. */
export interface Example {
  readonly app: Embedded;
  readonly provider: RunningProvider;
  /** The MCP endpoint: what a client is given. */
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Starts the OpenID provider, then pushes and serves the app with that provider in its `auth.config.ts`. */
export async function serve(options: ServeOptions): Promise<Example> {
  const { port, providerPort, accessTokenTtl, bridge = false, strangers = true, log } = options;
  const endpoint = `http://localhost:${port}/mcp`;
  const client = bridge ? bridgeClient(port) : undefined;
  const provider = await startProvider({
    port: providerPort,
    users: USERS,
    scopes: SCOPES,
    defaultResource: endpoint,
    ...(accessTokenTtl === undefined ? {} : { accessTokenTtl }),
    ...(client === undefined ? {} : { client }),
  });
  try {
    const app = await startEmbedded({
      projectDir: fileURLToPath(new URL("..", import.meta.url)),
      port,
      env: {
        OIDC_ISSUER: provider.issuer,
        ...(strangers ? {} : { STRANGERS: "no" }),
        ...(client === undefined ? {} : bridgeEnv(client)),
      },
      ...(log === undefined ? {} : { log }),
    });
    const close = async () => {
      await Promise.all([app.close(), provider.close()]);
    };
    return { app, provider, endpoint, close };
  } catch (error) {
    await provider.close();
    throw error;
  }
}

/** What somebody would register at a provider by hand: one client, whose users come back to the bridge. */
function bridgeClient(port: number): ProviderClient {
  const redirectUri = `http://localhost:${port}/oauth/callback`;
  return { id: "invoices", secret: randomText(), redirectUri };
}

/** What they would then set with `npx convex env set`. */
function bridgeEnv({ id, secret }: ProviderClient): Record<string, string> {
  return {
    MCP_BRIDGE_CLIENT_ID: id,
    MCP_BRIDGE_CLIENT_SECRET: secret,
    MCP_BRIDGE_SECRET: randomText(),
  };
}

function randomText(): string {
  return randomBytes(32).toString("base64url");
}
