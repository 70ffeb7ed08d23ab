import { converse, type McpFeature, serveStreaming } from "@convex-mcp/convex-adapter";

/** The platform gives functions their environment and nothing else of `process`. */
declare const process: { readonly env: Readonly<Record<string, string | undefined>> };

/** Options of {@link mcpStreaming}. */
export interface McpStreamingOptions {
  /**
   * Lets clients of 2025-11-25 that lost a stream fetch the rest of it, for 5 minutes: each message is kept before it is
   * sent, which is a function call. Default false.
   */
  readonly resumable?: boolean;
  /** How long a client has for an answer to a question. Default 5 minutes, at most a day. */
  readonly answerMs?: number;
  /**
   * Seals what clients of 2026-07-28 bring back with their answers; 32 characters or more of chance. Of several the first
   * seals, all open. Default: the environment variable `MCP_GATEWAY_SECRET`, else one that the component makes and keeps.
   */
  readonly secret?: string | readonly string[];
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const SECRET = "MCP_GATEWAY_SECRET";

/**
 * Lets tools tell their caller how far they are, send lines of log, ask the user, and be cancelled: inline handlers
 * through their third argument, actions through `mcpCall`.
 *
 * @example
 * new McpGateway(components.mcpGateway, { ..., features: [mcpStreaming()] });
 * @throws TypeError when a secret is too short or `answerMs` is no time.
 */
export function mcpStreaming(options: McpStreamingOptions = {}): McpFeature {
  const { resumable = false, answerMs = 5 * MINUTE } = options;
  const secret = checkedSecret(options.secret);
  if (!(answerMs >= 1 && answerMs <= DAY)) {
    const expected = `expected answerMs to be 1 to ${DAY} milliseconds`;
    throw new TypeError(`mcpStreaming: ${expected}, got ${String(answerMs)}.`);
  }
  return {
    scopes: [],
    serve: (config) => [serveStreaming(config, { resumable, answerMs, secret })],
    converse,
  };
}

function checkedSecret(option: McpStreamingOptions["secret"]) {
  // Set to nothing is how a variable is taken away in some shells.
  const variable = process.env[SECRET] === "" ? undefined : process.env[SECRET];
  const secret = option ?? variable;
  if (secret === undefined) return undefined;
  const all = typeof secret === "string" ? [secret] : secret;
  if (all.length > 0 && all.every(({ length }) => length >= 32)) return secret;
  const name = option === undefined ? `the variable ${SECRET}` : "secret";
  throw new TypeError(`mcpStreaming: expected ${name} to have at least 32 characters.`);
}
