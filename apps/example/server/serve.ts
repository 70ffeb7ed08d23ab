import { fileURLToPath } from "node:url";
import { type Embedded, startEmbedded } from "@convex-mcp/embedded";
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
  const { port, providerPort, accessTokenTtl, log } = options;
  const endpoint = `http://localhost:${port}/mcp`;
  const provider = await startProvider({
    port: providerPort,
    users: USERS,
    scopes: SCOPES,
    defaultResource: endpoint,
    ...(accessTokenTtl === undefined ? {} : { accessTokenTtl }),
  });
  try {
    const app = await startEmbedded({
      projectDir: fileURLToPath(new URL("..", import.meta.url)),
      port,
      env: { OIDC_ISSUER: provider.issuer },
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
