/**
 * Numeric codes of JSON-RPC 2.0 (section 5.1), and those that the session revisions and the official
 * SDKs use beside them.
 */
export const errorCodes = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  /** Any refusal at the HTTP level: origin, media type, size, protocol version. */
  refused: -32000,
  sessionNotFound: -32001,
  /** In the session revisions alone; 2026-07-28 wants `invalidParams`. */
  resourceNotFound: -32002,
} as const;

/**
 * Codes of 2026-07-28. None of them may answer a request of a session revision: a client that probes
 * takes one as proof that the server speaks the modern era (basic/versioning).
 */
export const modernCodes = {
  headerMismatch: -32020,
  missingCapability: -32021,
  unsupportedVersion: -32022,
} as const;

/** The `error` member of a JSON-RPC response. */
export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/**
 * A refusal at the HTTP level, as data. The handler makes it a `Response`: a JSON-RPC error body with
 * the request's id where one is known, the headers given here, and the CORS headers.
 */
export interface Refusal extends RpcError {
  /** 400 to 599. */
  readonly status: number;
  /** Such as `WWW-Authenticate` or `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}
