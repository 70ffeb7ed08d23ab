import { isScopeToken } from "./scopes.ts";

/** Error codes of RFC 6750 section 3.1. */
export type BearerError = "invalid_request" | "invalid_token" | "insufficient_scope";

/** What a bearer challenge says; every part may be left out. */
export interface ChallengeParams {
  /** Absolute URL of the protected resource metadata (RFC 9728 section 5.1). */
  readonly resourceMetadata?: string | undefined;
  /** Leave it out when the request carried no token (RFC 6750 section 3.1). */
  readonly error?: BearerError | undefined;
  /** A sentence for the client's developer; never put a token or a thrown message here. */
  readonly errorDescription?: string | undefined;
  /** All scopes that the operation needs. What is no RFC 6749 scope-token is left out, and so is `offline_access`. */
  readonly scope?: readonly string[] | undefined;
  readonly realm?: string | undefined;
}

/**
 * Builds the value of a `WWW-Authenticate` header with one `Bearer` challenge
 * (RFC 6750 section 3, RFC 9110 section 11.6.1).
 *
 * Values are quoted strings, with `"` and `\` escaped; in a description both become `'`. What is not
 * printable ASCII becomes `?`, so no input can break out of its value or start another header. Without
 * any parameter the challenge has an empty realm, as RFC 6750 asks for at least one. Never throws.
 *
 * @example
 * challenge({ resourceMetadata: protectedResourceMetadataUrl(resource), error: "invalid_token" });
 */
export function challenge(params: ChallengeParams): string {
  const scope = params.scope?.filter(isOfResource).join(" ");
  // The description is last: clients that search the header with a regular expression take the
  // first match, and only the description may hold text that somebody else chose.
  const attributes: readonly (readonly [string, string | undefined])[] = [
    ["realm", params.realm],
    ["resource_metadata", params.resourceMetadata],
    ["error", params.error],
    ["scope", scope === "" ? undefined : scope],
    // RFC 6750 section 3 has neither in a description, not even escaped.
    ["error_description", params.errorDescription?.replace(/["\\]/g, "'")],
  ];
  const present = attributes.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${quote(value)}`],
  );
  return `Bearer ${present.length === 0 ? 'realm=""' : present.join(", ")}`;
}

/** `offline_access` is between the client and the authorization server (SEP-2207). */
function isOfResource(scope: string): boolean {
  return isScopeToken(scope) && scope !== "offline_access";
}

function quote(value: string): string {
  return `"${value.replace(/[^\x20-\x7e]/gu, "?").replace(/["\\]/g, "\\$&")}"`;
}
