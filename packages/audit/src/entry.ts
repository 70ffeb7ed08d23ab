import { cutText } from "./text.ts";

/**
 * How a call ended. `failed`: the tool threw or returned `isError`. `denied`: authorization said no,
 * or the caller knows no such tool. `invalid`: the arguments were refused. `running`: written before
 * an action starts. `lost`: a running entry whose deadline passed. `interrupted`: the run ended at a
 * question to the client, who was asked (and calls again with the answer) or cannot be.
 * `replayed`: the call had happened under its idempotency key, and was answered without running again.
 * `cancelled`: it was called off before it began, and nothing ran.
 * `aborted`: the dispatch failed and nothing was committed. `unknown`: it failed, and whether it was
 * committed is not known.
 */
export type AuditOutcome =
  | "ok"
  | "failed"
  | "denied"
  | "invalid"
  | "running"
  | "lost"
  | "interrupted"
  | "replayed"
  | "cancelled"
  | "aborted"
  | "unknown";

/**
 * What an entry is about: a tool that was called, a list, a resource that was read, a prompt, a completion, a step of a task, a
 * request that its caller no longer wants, the start or the end of a session, a sign-in, the registration of a client, a user's consent.
 */
export type AuditKind =
  | "tool"
  | "list"
  | "resource"
  | "prompt"
  | "completion"
  | "task"
  | "cancellation"
  | "session"
  | "auth"
  | "registration"
  | "consent";

/** One call, or what else happened, as it is recorded. */
export interface AuditEntry {
  /** When the call came, in milliseconds since 1970. */
  readonly at: number;
  readonly kind: AuditKind;
  /** Of `"tool"`: the name that was called, known or not. Of `"task"`: what runs. */
  readonly tool?: string;
  /**
   * Of every other kind: the name of the resource or prompt, the method of a list, `"start"` or `"end"` of a session, the reason
   * of a refusal; of a task `"start"`, `"input"` (its questions were answered), `"cancel"`, `"end"` or `"expire"`.
   */
  readonly name?: string;
  readonly outcome: AuditOutcome;
  /** Who called, as their issuer names them: unique together with `issuer`. Absent for strangers. */
  readonly subject?: string;
  readonly issuer?: string;
  readonly clientName?: string;
  readonly clientVersion?: string;
  readonly sessionId?: string;
  /** The task that a call became, or whose step it is. */
  readonly taskId?: string;
  /** The JSON-RPC id as JSON text, which keeps its type: `7` is not `"7"`. Of a cancellation that of the request. */
  readonly requestId?: string;
  readonly platformRequestId?: string;
  readonly ip?: string;
  readonly userAgent?: string;
  /** The arguments as a payload writer wrote them: JSON text. */
  readonly args?: string;
  /** The result as a payload writer wrote it: JSON text. */
  readonly result?: string;
  /** The size of the whole arguments, before redaction and cut. */
  readonly argsBytes?: number;
  /** The size of the whole result, before redaction and cut. */
  readonly resultBytes?: number;
  /** True when arguments, result or a text of the entry were cut to their limits. */
  readonly cut?: boolean;
  readonly durationMs?: number;
  readonly errorCode?: string;
  readonly error?: string;
  /** What authorization said. */
  readonly decision?: string;
  /** The caller's trace (W3C Trace Context), as `parseTraceparent` read it. Whatever the caller wrote: it proves nothing. */
  readonly traceparent?: string;
  /** How often it happened, where one entry stands for several. Absent: once. */
  readonly count?: number;
}

/** How many characters (UTF-16 units) each text of an entry may have. */
export interface EntryLimits {
  readonly tool: number;
  readonly name: number;
  readonly subject: number;
  readonly issuer: number;
  readonly clientName: number;
  readonly clientVersion: number;
  readonly sessionId: number;
  readonly taskId: number;
  readonly requestId: number;
  readonly platformRequestId: number;
  readonly ip: number;
  readonly userAgent: number;
  readonly errorCode: number;
  readonly error: number;
  readonly decision: number;
  readonly traceparent: number;
  /** JSON text: one that is longer is replaced by a marker, since half of it would not parse. At least 32. */
  readonly args: number;
  /** As `args`. */
  readonly result: number;
}

/** The limits of {@link fitEntry}: an entry within them stays below 512 KiB, whatever its letters. */
export const ENTRY_LIMITS: EntryLimits = {
  tool: 256,
  name: 256,
  subject: 1024,
  issuer: 1024,
  clientName: 256,
  clientVersion: 128,
  sessionId: 256,
  taskId: 64,
  requestId: 256,
  platformRequestId: 256,
  ip: 64,
  userAgent: 512,
  errorCode: 128,
  error: 2048,
  decision: 2048,
  traceparent: 55,
  args: 65_536,
  result: 65_536,
};

const NUMBERS = ["argsBytes", "resultBytes", "durationMs", "count"] as const;
const TEXTS = Object.keys(ENTRY_LIMITS) as readonly (keyof EntryLimits)[];

/**
 * The entry with every text within its limit and in well-formed Unicode, and with no field that an
 * entry does not have, so that a store that accepts entries accepts this one. Longer texts end in
 * `…[+N chars]`; then `cut` is true.
 *
 * @param limits Other limits than {@link ENTRY_LIMITS}, field by field.
 */
export function fitEntry(entry: AuditEntry, limits: Partial<EntryLimits> = {}): AuditEntry {
  const texts: Partial<Record<keyof EntryLimits, string>> = {};
  let cut = entry.cut;
  for (const field of TEXTS) {
    const text = entry[field];
    if (typeof text !== "string") continue;
    const fitted = fitText(field, text, limits[field] ?? ENTRY_LIMITS[field]);
    if (fitted.length !== text.length) cut = true;
    texts[field] = fitted;
  }
  const numbers: Partial<Record<(typeof NUMBERS)[number], number>> = {};
  for (const field of NUMBERS) {
    const number = entry[field];
    if (typeof number === "number") numbers[field] = number;
  }
  const { at, kind, outcome } = entry;
  const fitted = { at, kind, outcome, ...numbers, ...texts };
  return cut === undefined ? fitted : { ...fitted, cut };
}

function fitText(field: keyof EntryLimits, text: string, limit: number): string {
  // A lone surrogate is no Unicode text: Convex and most databases refuse it.
  const whole = text.replace(/\p{Surrogate}/gu, "\ufffd");
  if (whole.length <= limit) return whole;
  if (field === "args" || field === "result") return `"[cut: ${whole.length} chars]"`;
  return cutText(whole, limit);
}

/** How long an entry may say `running` when no deadline is given: an action's 10 minutes and one more. */
export const RUNNING_DEADLINE_MS = 660_000;

/**
 * The outcome as it is at `now`: a running entry whose deadline passed reads `lost`.
 *
 * @param deadline In milliseconds since 1970. Default: `entry.at` + 660,000.
 */
export function outcomeAt(
  entry: Pick<AuditEntry, "at" | "outcome">,
  now: number,
  deadline: number = entry.at + RUNNING_DEADLINE_MS,
): AuditOutcome {
  return entry.outcome === "running" && now >= deadline ? "lost" : entry.outcome;
}
