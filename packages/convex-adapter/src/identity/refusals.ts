import { challenge, type ChallengeParams } from "@convex-mcp/auth";
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

const NONE = "Sign in first: expected an Authorization header with a bearer token, got none.";
const BAD = "The access token is expired, malformed, or not issued for this server by its issuer.";

/**
 * 401 for a caller without a token: no `error` attribute (RFC 6750 section 3.1).
 *
 * @param scopes - what the operation needs, where it is known.
 */
export function signInRequired(resource: Resource, scopes: readonly string[] = []): Refusal {
  return refusal(401, NONE, resource, { scope: join(resource.initialScopes, scopes) });
}

/** 401 for a token that is expired, garbled, or not for this server. */
export function invalidToken(resource: Resource, description: string = BAD): Refusal {
  const scope = resource.initialScopes;
  return refusal(401, description, resource, { error: "invalid_token", scope });
}

/** 400 for an Authorization header that is no bearer token at all (RFC 6750 section 3.1). */
export function invalidRequest(resource: Resource, description: string): Refusal {
  return refusal(400, description, resource, { error: "invalid_request" });
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
  const message = `This call needs the scopes: ${scopes.join(" ")}. Ask the user for them and send a new token.`;
  // Sorted: a client that sees the same challenge twice gives up, and an issuer may order them anew.
  const all = join(scopes, granted.toSorted());
  const scope = all.join(" ").length > MAX_SCOPE ? scopes : all;
  return refusal(403, message, resource, { error: "insufficient_scope", scope });
}

/** 503 for a token that could not be judged, which is no fault of the caller. */
export function unavailable(description: string): Refusal {
  return { status: 503, code: REFUSED, message: description, headers: { "Retry-After": "5" } };
}

function refusal(
  status: number,
  description: string,
  { metadataUrl }: Resource,
  said: Pick<ChallengeParams, "error" | "scope">,
): Refusal {
  const errorDescription = said.error && description;
  const header = challenge({ ...said, errorDescription, resourceMetadata: metadataUrl });
  const hint = metadataUrl === undefined ? "" : ` Where to sign in: ${metadataUrl}`;
  const headers = { "WWW-Authenticate": header };
  return { status, code: REFUSED, message: description + hint, headers };
}

function join(first: readonly string[] = [], then: readonly string[]): readonly string[] {
  return [...new Set([...first, ...then])];
}
