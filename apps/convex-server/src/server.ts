import { fileURLToPath } from "node:url";
import { startEmbedded } from "@convex-mcp/embedded";

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

/** Pushes the fixture app to an engine of its own and serves it at `/mcp`. Rejects with an `EmbeddedError`. */
export async function startConvexServer(options: ConvexServerOptions): Promise<ConvexServer> {
  const projectDir = fileURLToPath(new URL("..", import.meta.url));
  const engine = await startEmbedded({ projectDir, ...options });
  return { url: `${engine.url}/mcp`, close: () => engine.close() };
}
