import { errorCodes } from "../wire/errors.ts";
import type { Refusal } from "../wire/errors.ts";
import type { Outcome } from "./exchange.ts";

/** A request's parameters are not what its method asks for: answered in-band. */
export function invalidParams(message: string): Outcome {
  return { kind: "error", error: { code: errorCodes.invalidParams, message } };
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
  message:
    "Session not found. Send an initialize request without Mcp-Session-Id to start a new one.",
};
