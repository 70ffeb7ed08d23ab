import { type Denial, errorCodes } from "@convex-mcp/protocol";
import type { Config } from "../config.ts";
import { sessionHolds } from "../sessions.ts";
import { spokenText } from "./failure.ts";
import type { Who } from "./guard.ts";
import { type Limiting, limitingOf } from "./limiting.ts";

/** What was read, or why it is not told. */
export type Reading<T> = { readonly kind: "value"; readonly value: T } | Denial;

/**
 * Reads for a caller who may, and checks their session meanwhile: a query has no effect, so it need not wait to hear
 * whether its result may be told.
 *
 * @param what - what is read, for messages: `Resource "recent"`.
 */
export async function readBesideSession<T>(
  config: Config,
  caller: Who,
  what: string,
  read: () => Promise<T>,
): Promise<Reading<T>> {
  const limiting = limitingOf(config, caller);
  // Who asks too often has nothing read: this is the one case in which the query waits.
  const held = limiting && (await countedAndHolds(config, caller, limiting));
  const [holds, reading] = await Promise.all([
    held ?? sessionHolds(config, caller),
    read().then(
      (value): Settled<T> => ({ ok: true, value }),
      (error: unknown): Settled<T> => ({ ok: false, error }),
    ),
  ]);
  if (!holds) return { kind: "sessionNotFound" };
  return reading.ok
    ? { kind: "value", value: reading.value }
    : failed(what, reading.error, caller.context.metadata.requestId);
}

async function countedAndHolds(config: Config, caller: Who, limiting: Limiting): Promise<boolean> {
  if (caller.sessionId !== undefined) {
    return sessionHolds(config, caller, limiting.before("check"));
  }
  await limiting.take();
  return true;
}

type Settled<T> = { ok: true; value: T } | { ok: false; error: unknown };

/** Only what the app says to its callers reaches them; anything else stays in the log. */
function failed(what: string, error: unknown, requestId: string | null): Denial {
  const said = spokenText(error);
  if (said === undefined) console.error(`${what} failed.`, error);
  const reference = requestId === null ? "" : ` (request ${requestId})`;
  const message = said ?? `${what} failed. The details are in the server's log${reference}.`;
  return { kind: "error", code: errorCodes.internalError, message };
}
