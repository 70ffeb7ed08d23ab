import { createPayloadWriter } from "@convex-mcp/audit";
import { type Denial, errorCodes, type Meta, type RequestId } from "@convex-mcp/protocol";
import type { End, Entry } from "../component/shared.ts";
import type { Config } from "../config.ts";
import { sessionCheck, sessionHolds } from "../sessions.ts";
import { originOf } from "./entry.ts";
import { errorCode, errorText, spokenText } from "./failure.ts";
import type { Who } from "./guard.ts";
import { NOT_FOUND, writeEntry } from "./record.ts";

/** What was read, or why it is not told. */
export type Reading<T> = { readonly kind: "value"; readonly value: T } | Denial;

/**
 * Reads for a caller who may, and checks their session meanwhile: a query has no effect, so it need not wait to hear
 * whether its result may be told.
 *
 * With `entry` how it went is recorded, in the mutation that checks the session; without a session that is one call more.
 *
 * @param what - what is read, for messages: `Resource "recent"`.
 */
export async function readBesideSession<T>(
  config: Config,
  caller: Who,
  what: string,
  read: () => Promise<T>,
  entry?: ReadEntry,
): Promise<Reading<T>> {
  const started = performance.now();
  const settled = async () =>
    read().then(
      (value): Settled<T> => ({ ok: true, value }),
      (error: unknown): Settled<T> => ({ ok: false, error }),
    );
  let holds: boolean;
  let reading: Settled<T>;
  if (entry === undefined || config.audit.reads !== true) {
    [holds, reading] = await Promise.all([sessionHolds(config, caller), settled()]);
  } else {
    reading = await settled();
    const { outcome, ...about } = entry;
    const end = endOf(reading, performance.now() - started);
    holds = await recordRead(config, caller, about, outcome === undefined ? end : { outcome });
  }
  if (!holds) return { kind: "sessionNotFound" };
  return reading.ok
    ? { kind: "value", value: reading.value }
    : failed(what, reading.error, caller.context.metadata.requestId);
}

/** What is known of a read before it is made. Arguments are told of what there is alone: a URI says anything. */
export type ReadEntry = Pick<
  Entry,
  "kind" | "name" | "args" | "argsBytes" | "cut" | "errorCode"
> & {
  readonly id: RequestId;
  readonly meta: Meta | undefined;
  /** How it ended, where nothing had to be read to know. */
  readonly outcome?: "invalid";
};

/** The arguments of a read, as far as they are recorded. */
export function readArgs(config: Config, args: unknown): Pick<Entry, "args" | "argsBytes" | "cut"> {
  if (config.audit.reads !== true) return {};
  const { json, bytes, cut } = createPayloadWriter(undefined, config.audit.limits)(args);
  return {
    ...(json === undefined ? {} : { args: json }),
    argsBytes: bytes,
    ...(cut ? { cut } : {}),
  };
}

/** Writes the entry of a read that was made, or declined. False: the caller's session does not hold. */
export function recordRead(
  config: Config,
  caller: Who,
  { id, meta, ...about }: ReadEntry,
  end: End & Pick<Entry, "decision">,
  anyway = false,
): Promise<boolean> {
  const requestId = JSON.stringify(id);
  const entry = { ...about, ...originOf(caller, meta), requestId, ...end };
  const session = sessionCheck(config, caller);
  const check = session === undefined ? undefined : { ...session, anyway };
  return writeEntry(config, caller.context.ctx, entry, check);
}

function endOf<T>(reading: Settled<T>, durationMs: number): End {
  if (!reading.ok) {
    const { error } = reading;
    return { outcome: "failed", errorCode: errorCode(error), error: errorText(error), durationMs };
  }
  return reading.value === undefined
    ? { outcome: "denied", errorCode: NOT_FOUND, durationMs }
    : { outcome: "ok", durationMs };
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
