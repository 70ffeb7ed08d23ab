import { fileURLToPath } from "node:url";
import { type Embedded, startEmbedded } from "@convex-mcp/embedded";

/** The app of the flows, running. */
export interface FlowsApp {
  readonly embedded: Embedded;
  /** The URL that a client is given. */
  endpoint(path?: string): string;
  close(): Promise<void>;
}

/** Starts the app in `flows` with its issuer, and the one that its users move to. */
export async function startFlows(issuer: string, nextIssuer = issuer): Promise<FlowsApp> {
  const embedded = await startEmbedded({
    projectDir: fileURLToPath(new URL("../../flows", import.meta.url)),
    port: 0,
    env: { ISSUER: issuer, NEXT_ISSUER: nextIssuer },
  });
  return {
    embedded,
    endpoint: (path = "/mcp") => embedded.url + path,
    close: () => embedded.close(),
  };
}
