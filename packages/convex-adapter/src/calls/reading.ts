import { type Denial, errorCodes, isInterruption } from "@convex-mcp/protocol";
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
  const [holds, reading] = await Promise.all([held ?? sessionHolds(config, caller), settled(read)]);
  return holds ? told(caller, what, reading) : SESSION_NOT_FOUND;
}

/**
 * The same for code of the app that may talk to the client: it runs once the session is known to hold. An interruption is
 * thrown on.
 *
 * @param what - as of `readBesideSession`.
 */
export async function readInSession<T>(
  config: Config,
  caller: Who,
  what: string,
  read: () => Promise<T>,
): Promise<Reading<T>> {
  const limiting = limitingOf(config, caller);
  const holds = limiting
    ? await countedAndHolds(config, caller, limiting)
    : await sessionHolds(config, caller);
  if (!holds) return SESSION_NOT_FOUND;
  const reading = await settled(read);
  if (!reading.ok && isInterruption(reading.error)) throw reading.error;
  return told(caller, what, reading);
}

const SESSION_NOT_FOUND: Denial = { kind: "sessionNotFound" };

async function countedAndHolds(config: Config, caller: Who, limiting: Limiting): Promise<boolean> {
  if (caller.sessionId !== undefined) {
    return sessionHolds(config, caller, limiting.before("check"));
  }
  await limiting.take();
  return true;
}

type Settled<T> = { ok: true; value: T } | { ok: false; error: unknown };

function settled<T>(read: () => Promise<T>): Promise<Settled<T>> {
  return read().then(
    (value) => ({ ok: true, value }),
    (error: unknown) => ({ ok: false, error }),
  );
}

function told<T>({ context }: Who, what: string, reading: Settled<T>): Reading<T> {
  return reading.ok
    ? { kind: "value", value: reading.value }
    : failed(what, reading.error, context.metadata.requestId);
}

/** Only what the app says to its callers reaches them; anything else stays in the log. */
function failed(what: string, error: unknown, requestId: string | null): Denial {
  const said = spokenText(error);
  if (said === undefined) console.error(`${what} failed.`, error);
  const reference = requestId === null ? "" : ` (request ${requestId})`;
  const message = said ?? `${what} failed. The details are in the server's log${reference}.`;
  return { kind: "error", code: errorCodes.internalError, message };
}
