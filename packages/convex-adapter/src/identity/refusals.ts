import { challenge } from "@convex-mcp/auth";
import type { Refusal } from "@convex-mcp/protocol";

/** Where a refused client starts to sign in. */
export interface Resource {
  /** The URL of this server as the client was given it, exact to the slash. */
  readonly url: string;
  /** Its RFC 9728 document; absent where the server names no authorization server. */
  readonly metadataUrl: string | undefined;
}

/** JSON-RPC has no code for it; -32000 is what the session revisions' SDKs use for refusals of the transport. */
const REFUSED = -32000;

/** 401 for a caller without a token: no `error` attribute (RFC 6750 section 3.1). */
export function signInRequired(resource: Resource): Refusal {
  return unauthorized(
    resource,
    challenge({ ...metadata(resource) }),
    "Sign in first: expected an Authorization header with a bearer token, got none.",
  );
}

/** 401 for a token that is expired, garbled, or not for this server. */
export function invalidToken(resource: Resource, description: string): Refusal {
  const header = challenge({
    ...metadata(resource),
    error: "invalid_token",
    errorDescription: description,
  });
  return unauthorized(resource, header, description);
}

/** 400 for an Authorization header that is no bearer token at all (RFC 6750 section 3.1). */
export function invalidRequest(resource: Resource, description: string): Refusal {
  const header = challenge({
    ...metadata(resource),
    error: "invalid_request",
    errorDescription: description,
  });
  return { ...unauthorized(resource, header, description), status: 400 };
}

/** 403 naming every scope that the call needs. */
export function insufficientScope(resource: Resource, scopes: readonly string[]): Refusal {
  const description = `This call needs the scopes: ${scopes.join(" ")}. Ask the user for them and send a new token.`;
  const header = challenge({
    ...metadata(resource),
    error: "insufficient_scope",
    scope: scopes,
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

function metadata({ metadataUrl }: Resource): { resourceMetadata?: string } {
  return metadataUrl === undefined ? {} : { resourceMetadata: metadataUrl };
}
