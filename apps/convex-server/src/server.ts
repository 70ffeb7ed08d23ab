import { fileURLToPath } from "node:url";
import { startEmbedded } from "@convex-mcp/embedded";
import { createIssuer } from "./issuer.ts";
import { startProxy } from "./proxy.ts";

/** Options of {@link startConvexServer}. */
export interface ConvexServerOptions {
  /** 0 takes any port that is free. */
  readonly port: number;
  /** Gets a line for each thing that the app says or that goes wrong. Default: nothing is said. */
  readonly log?: (line: string) => void;
}

/** A server that listens. */
export interface ConvexServer {
  /** What MCP clients are given. */
  readonly url: string;
  /** Ends every connection, and the engine. */
  readonly close: () => Promise<void>;
}

/**
 * Pushes the fixture app to an engine of its own and serves it at `/mcp`, to one user: the suite cannot sign in, and
 * strangers are given no tasks. Rejects with an `EmbeddedError`, or when the port is taken.
 */
export async function startConvexServer(options: ConvexServerOptions): Promise<ConvexServer> {
  const { port, ...rest } = options;
  const projectDir = fileURLToPath(new URL("..", import.meta.url));
  const { env, token } = await createIssuer();
  const proxy = await startProxy(port, token);
  try {
    const site = { ...env, CONVEX_SITE_URL: proxy.url };
    const engine = await startEmbedded({ ...rest, projectDir, port: 0, env: site });
    proxy.forward(engine.url);
    return {
      url: `${proxy.url}/mcp`,
      close: async () => {
        await proxy.close();
        await engine.close();
      },
    };
  } catch (error) {
    await proxy.close();
    throw error;
  }
}
