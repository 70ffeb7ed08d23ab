import { type ChangeKind, type McpFeature, serveStoredChanges } from "@convex-mcp/convex-adapter";

/** Options of {@link mcpChanges}. */
export interface McpChangesOptions {
  /**
   * What is told: changes of the lists of tools, prompts and resources, of single resources, and of tasks, which need no
   * publishing. Clients open streams for what is told, so name what you publish. Default: everything that the gateway offers.
   */
  readonly kinds?: readonly ChangeKind[];
  /**
   * Whether the clients of sessions are told too, on a stream that they GET, and can subscribe to resources. Most clients
   * open that stream at once and hold it. Default false: GET is answered with 405.
   */
  readonly getStream?: boolean;
  /**
   * How long a stream lasts; its client comes back. It ends earlier with its token. From a second to 9 minutes, since HTTP
   * actions of some releases end after 10. Default 5 minutes.
   */
  readonly maxMs?: number;
  /**
   * How many streams a user can have, each of which occupies one of the deployment's actions; all strangers together are
   * one user. A further one ends the oldest. Default 8, at most 100.
   */
  readonly maxStreams?: number;
}

const MINUTE = 60_000;
const LONGEST = 9 * MINUTE;
/** More than all actions that run at a time on most plans. */
const MOST_STREAMS = 100;

/**
 * Tells clients of the changes that the app publishes with `notifyChanged`: those of 2026-07-28 by `subscriptions/listen`,
 * those of sessions with `getStream`. Nobody is told of a resource that they cannot read when it changes.
 *
 * @example
 * new McpGateway(components.mcpGateway, { ..., features: [mcpResources([...]), mcpChanges()] });
 * @throws TypeError when an option is wrong. A kind that the gateway does not offer is one to the gateway.
 */
export function mcpChanges(options: McpChangesOptions = {}): McpFeature {
  const { kinds, getStream = false, maxMs = 5 * MINUTE, maxStreams = 8 } = options;
  if (!(maxMs >= 1_000 && maxMs <= LONGEST)) {
    const expected = `expected maxMs to be 1000 to ${LONGEST} milliseconds`;
    throw new TypeError(`mcpChanges: ${expected}, got ${String(maxMs)}.`);
  }
  if (!(Number.isInteger(maxStreams) && maxStreams >= 1 && maxStreams <= MOST_STREAMS)) {
    throw new TypeError(
      `mcpChanges: expected maxStreams to be 1 to ${MOST_STREAMS}, got ${String(maxStreams)}.`,
    );
  }
  return {
    scopes: [],
    serve: (config) => [serveStoredChanges(config, { kinds, getStream, maxMs, maxStreams })],
  };
}
