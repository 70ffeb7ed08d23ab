import { challenge } from "@convex-mcp/auth";
import type { Refusal } from "@convex-mcp/protocol";

/** Where a refused client starts to sign in. */
export interface Resource {
  /** The URL of this server as the client was given it, exact to the slash. */
  readonly url: string;
  /** Its RFC 9728 document; absent where the server names no authorization server. */
  readonly metadataUrl: string | undefined;
  /** The few scopes to start with, which each 401 names. Default: none, and clients ask for all that the document lists. */
  readonly initialScopes?: readonly string[] | undefined;
}

/** JSON-RPC has no code for it; -32000 is what the session revisions' SDKs use for refusals of the transport. */
const REFUSED = -32000;

/** What the scopes of a challenge may take: Node's clients refuse a response whose headers have more than 16 KiB. */
const MAX_SCOPE = 4096;

/**
 * 401 for a caller without a token: no `error` attribute (RFC 6750 section 3.1).
 *
 * @param scopes - what the operation needs, where it is known.
 */
export function signInRequired(resource: Resource, scopes: readonly string[] = []): Refusal {
  return unauthorized(
    resource,
    challenge({ ...start(resource), scope: join(resource.initialScopes ?? [], scopes) }),
    "Sign in first: expected an Authorization header with a bearer token, got none.",
  );
}

/** 503 for a token that could not be judged, which is no fault of the caller. */
export function unavailable(description: string): Refusal {
  return { status: 503, code: REFUSED, message: description, headers: { "Retry-After": "5" } };
}

/** 401 for a token that is expired, garbled, or not for this server. */
export function invalidToken(resource: Resource, description: string): Refusal {
  const header = challenge({
    ...start(resource),
    error: "invalid_token",
    scope: resource.initialScopes,
    errorDescription: description,
  });
  return unauthorized(resource, header, description);
}

/** 400 for an Authorization header that is no bearer token at all (RFC 6750 section 3.1). */
export function invalidRequest(resource: Resource, description: string): Refusal {
  const header = challenge({
    ...start(resource),
    error: "invalid_request",
    errorDescription: description,
  });
  return { ...unauthorized(resource, header, description), status: 400 };
}

/**
 * 403 naming every scope that the call needs, and those that the token has: some clients ask for just what the challenge
 * names, and would lose the others (MCP 2025-11-25, authorization, "Scope Challenge Handling").
 */
export function insufficientScope(
  resource: Resource,
  scopes: readonly string[],
  granted: readonly string[],
): Refusal {
  const description = `This call needs the scopes: ${scopes.join(" ")}. Ask the user for them and send a new token.`;
  // Sorted: a client that sees the same challenge twice gives up, and an issuer may order them anew.
  const all = join(scopes, granted.toSorted());
  const header = challenge({
    ...start(resource),
    error: "insufficient_scope",
    scope: all.join(" ").length > MAX_SCOPE ? scopes : all,
    errorDescription: description,
  });
  return {
    status: 403,
    code: REFUSED,
    message: description,
    headers: { "WWW-Authenticate": header },
  };
}

function unauthorized(resource: Resource, header: string, message: string): Refusal {
  const hint =
    resource.metadataUrl === undefined ? "" : ` Where to sign in: ${resource.metadataUrl}`;
  return {
    status: 401,
    code: REFUSED,
    message: message + hint,
    headers: { "WWW-Authenticate": header },
  };
}

function start({ metadataUrl }: Resource): { resourceMetadata?: string } {
  return metadataUrl === undefined ? {} : { resourceMetadata: metadataUrl };
}

function join(first: readonly string[], then: readonly string[]): readonly string[] {
  return [...new Set([...first, ...then])];
}
