import {
  type Denial,
  errorCodes,
  isInterruption,
  type ListRequest,
  type RequestMark,
} from "@convex-mcp/protocol";
import type { End, Entry } from "../component/shared.ts";
import type { Config } from "../config.ts";
import type { RunMutationCtx } from "../ctx.ts";
import type { Who } from "../identity/who.ts";
import { countingCtx, limitingOf } from "./counting.ts";
import { failed, interrupted } from "./end.ts";
import { originOf } from "./entry.ts";
import { failureText, spokenText } from "./failure.ts";
import { toPayload } from "./payload.ts";
import { present } from "./present.ts";
import { NOT_FOUND, writeEntry } from "./record.ts";
import { sessionCheck, sessionHolds } from "./session.ts";

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
  // Who asks too often has nothing read: this is the one case in which the query waits.
  const held = await limitingOf(config, caller)?.holds();
  if (held === false) return refusedInSession(config, caller, entry);
  if (isRecorded(config, entry)) {
    const { reading, end } = await measured(config, read);
    const known = await recordRead(config, caller, entry, end);
    return known ? told(caller, what, reading) : SESSION_NOT_FOUND;
  }
  const [holds, reading] = await Promise.all([held ?? sessionHolds(config, caller), settled(read)]);
  return holds ? told(caller, what, reading) : SESSION_NOT_FOUND;
}

/**
 * The same for code of the app that may talk to the client: it runs once the session is known to hold, and with `entry` it is
 * one call more. An interruption is thrown on.
 *
 * @param what - as of `readBesideSession`.
 */
export async function readInSession<T>(
  config: Config,
  caller: Who,
  what: string,
  read: () => Promise<T>,
  entry?: ReadEntry,
): Promise<Reading<T>> {
  const holds = await (limitingOf(config, caller)?.holds() ?? sessionHolds(config, caller));
  if (!holds) return refusedInSession(config, caller, entry);
  const { reading, end } = await measured(config, read);
  // The session held when it began; should it have ended meanwhile, what was done is recorded all the same.
  if (isRecorded(config, entry)) await recordRead(config, caller, entry, end, { anyway: true });
  if (!reading.ok && isInterruption(reading.error)) throw reading.error;
  return told(caller, what, reading);
}

const SESSION_NOT_FOUND: Denial = { kind: "sessionNotFound" };

/** Nothing was read in a session that does not hold; whoever is known and asked is recorded. */
async function refusedInSession(
  config: Config,
  caller: Who,
  entry: ReadEntry | undefined,
): Promise<Denial> {
  const isKnown = caller.principal.kind === "user";
  if (isKnown && isRecorded(config, entry)) {
    await recordRead(config, caller, entry, { outcome: "denied" });
  }
  return SESSION_NOT_FOUND;
}

/**
 * Makes a list, and where reads are recorded its entry: one call, which counts against limits. The error of a cursor that is none
 * is recorded as one. A stranger's has no entry, as nothing would limit how many they make.
 *
 * @param name - the method.
 */
export async function recordedList<T>(
  config: Config,
  caller: Who,
  name: string,
  { isFoundIn, ...request }: ListRequest<T>,
  list: () => Promise<readonly T[]>,
): Promise<readonly T[]> {
  if (config.audit.reads !== true || caller.principal.kind === "anonymous") return list();
  const { reading, end } = await measured(config, list);
  const ctx = countingCtx(config, caller, "record");
  const isWrong = reading.ok && !isFoundIn(reading.value);
  const entry = { kind: "list", name, ...request, ...(isWrong && INVALID) } as const;
  await recordRead(config, caller, entry, end, { anyway: true, ctx });
  if (!reading.ok) throw reading.error;
  return reading.value;
}

/** The client's mistake: nothing had to be read to know it. */
export const INVALID = {
  outcome: "invalid",
  errorCode: String(errorCodes.invalidParams),
} as const;

/** What is known of a read before it is made. Arguments are told of what there is alone: a URI says anything. */
export type ReadEntry = Pick<
  Entry,
  "kind" | "name" | "args" | "argsBytes" | "cut" | "decision" | "errorCode"
> &
  RequestMark & {
    readonly outcome?: (typeof INVALID)["outcome"];
  };

/** The arguments of a read, as far as they are recorded. */
export function readArgs(config: Config, args: unknown): Pick<Entry, "args" | "argsBytes" | "cut"> {
  if (config.audit.reads !== true) return {};
  const { json, bytes, cut } = toPayload(config, undefined, args);
  return { argsBytes: bytes, ...present({ args: json, cut: cut || undefined }) };
}

/** How the entry of a read is written. */
export interface Recording {
  /** Where the answer does not depend on the session: without it, where it does not exist. */
  readonly anyway?: boolean;
  /** One that counts first, for what has not been counted. */
  readonly ctx?: RunMutationCtx;
}

/** Writes the entry of a read that was made, or declined. False: the caller's session does not hold. */
export function recordRead(
  config: Config,
  caller: Who,
  { id, meta, outcome, ...about }: ReadEntry,
  end: End & Pick<Entry, "decision">,
  { anyway = false, ctx = caller.context.ctx }: Recording = {},
): Promise<boolean> {
  const requestId = JSON.stringify(id);
  const how = outcome ? { outcome } : end;
  const entry = { ...about, ...originOf(caller, meta), requestId, ...how };
  const session = sessionCheck(config, caller);
  const check = session && { ...session, anyway };
  return writeEntry(config, ctx, entry, check);
}

function isRecorded(config: Config, entry: ReadEntry | undefined): entry is ReadEntry {
  return entry !== undefined && config.audit.reads === true;
}

async function measured<T>(
  config: Config,
  read: () => Promise<T>,
): Promise<{ readonly reading: Settled<T>; readonly end: End }> {
  const started = performance.now();
  const reading = await settled(read);
  return { reading, end: endOf(config, reading, performance.now() - started) };
}

function endOf<T>(config: Config, reading: Settled<T>, durationMs: number): End {
  if (!reading.ok) {
    const { error } = reading;
    return isInterruption(error) ? interrupted(error, durationMs) : failed(error, durationMs);
  }
  if (reading.value === undefined) return { outcome: "denied", errorCode: NOT_FOUND, durationMs };
  const { bytes: resultBytes } = toPayload(config, "drop", reading.value);
  return { outcome: "ok", resultBytes, durationMs };
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
    : failure(what, reading.error, context.metadata.requestId);
}

/** Only what the app says to its callers reaches them; anything else stays in the log. */
function failure(what: string, error: unknown, requestId: string | null): Denial {
  if (spokenText(error) === undefined) console.error(`${what} failed.`, error);
  const message = failureText(what, error, requestId, "log");
  return { kind: "error", code: errorCodes.internalError, message };
}
