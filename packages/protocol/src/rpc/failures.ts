import { errorCodes, modernCodes } from "../wire/errors.ts";
import type { Refusal, RpcError } from "../wire/errors.ts";
import { printable } from "../wire/printable.ts";
import type { Revision } from "../wire/versions.ts";
import type { MissingCapability } from "./channel.ts";
import type { Outcome } from "./exchange.ts";

/** A request's parameters are not what its method asks for: answered in-band. */
export function invalidParams(message: string, data?: unknown): Outcome {
  return { kind: "error", error: { code: errorCodes.invalidParams, message, data } };
}

/** What the caller learns of a failure on our side: that it was ours. */
export const internalError = { code: errorCodes.internalError, message: "Internal error" } as const;

/**
 * The same for a session that ended, never was, or is somebody else's, so that ids cannot be probed.
 * 404 makes a client initialize anew (2025-11-25, basic/transports).
 */
export const sessionNotFound: Refusal = {
  status: 404,
  code: errorCodes.sessionNotFound,
  message: "Session not found. Send initialize without Mcp-Session-Id for a new one.",
};

/** What is asked for is answered by an event stream alone. */
export const needsStream: Refusal = {
  status: 406,
  code: errorCodes.refused,
  message: "Accept must allow text/event-stream.",
};

/**
 * A method that this server, or this revision, does not have. In-band in a session, where 404 would
 * say that the session is gone; 404 in the modern era (2026-07-28, streamable-http).
 */
export function methodNotFound(method: string, { era }: Revision): Outcome {
  const error = {
    code: errorCodes.methodNotFound,
    message: `Method not found: ${printable(method)}`,
  };
  return era === "session"
    ? { kind: "error", error }
    : { kind: "refused", refusal: { status: 404, ...error } };
}

/** The client cannot do what the request needs of it. */
export function missingCapability(missing: MissingCapability, { era }: Revision): Outcome {
  return era === "session"
    ? { kind: "error", error: { code: errorCodes.refused, message: missing.message } }
    : { kind: "refused", refusal: { status: 400, ...missingCapabilityError(missing) } };
}

/** The same as 2026-07-28 has it. */
export function missingCapabilityError({ message, required }: MissingCapability): RpcError {
  const data = { requiredCapabilities: required };
  return { code: modernCodes.missingCapability, message, data };
}

/** A header does not repeat what the body says (2026-07-28, streamable-http). */
export function headerMismatch(message: string): Refusal {
  return { status: 400, code: modernCodes.headerMismatch, message };
}
