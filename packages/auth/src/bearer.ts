/** What an `Authorization` header holds, as {@link parseBearer} reads it. */
export type BearerResult =
  | { readonly kind: "none" }
  | { readonly kind: "bearer"; readonly token: string }
  | {
      readonly kind: "invalid";
      readonly error: "invalid_request" | "invalid_token";
      readonly description: string;
    };

// RFC 9110 section 11.2 and RFC 6750 section 2.1 (b64token is token68).
const SCHEME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const TOKEN68 = /^[A-Za-z0-9\-._~+/]+=*$/;
const SECOND_BEARER = /,[ \t]*bearer[ \t]/i;

/**
 * Reads the bearer token of an `Authorization` header (RFC 6750 section 2.1, RFC 9110 section 11.4).
 *
 * Only a header that is absent (`null`) is `none`. Whatever else is not exactly one bearer token is
 * `invalid`, so that a caller who tried to sign in is never taken for an anonymous one:
 * `invalid_request` (answer 400) for a header that breaks the grammar, has no token or holds two
 * credentials; `invalid_token` (answer 401) for another scheme, or a token with characters that no
 * token has. The descriptions are constants and may be sent to the caller. Never throws.
 *
 * @example
 * const bearer = parseBearer(request.headers.get("authorization"));
 * if (bearer.kind === "bearer") await verify(bearer.token);
 */
export function parseBearer(header: string | null): BearerResult {
  if (header === null) return { kind: "none" };
  const credentials = trimWhitespace(header);
  const space = credentials.indexOf(" ");
  const scheme = space === -1 ? credentials : credentials.slice(0, space);
  if (credentials === "") return badRequest("The Authorization header is empty.");
  if (SECOND_BEARER.test(credentials)) return twoCredentials();
  if (!SCHEME.test(scheme)) return badRequest("The Authorization header has no valid scheme.");
  if (scheme.toLowerCase() !== "bearer") {
    return badToken("The Authorization header uses another scheme than Bearer.");
  }
  return parseToken(trimWhitespace(credentials.slice(scheme.length)));
}

function parseToken(token: string): BearerResult {
  if (token === "") return badRequest("The Authorization header has no token after Bearer.");
  if (/[ ,]/.test(token)) return twoCredentials();
  if (!TOKEN68.test(token)) return badToken("The access token has characters that no token has.");
  return { kind: "bearer", token };
}

function twoCredentials(): BearerResult {
  return badRequest("The Authorization header holds more than one token; send exactly one.");
}

function badRequest(description: string): BearerResult {
  return { kind: "invalid", error: "invalid_request", description };
}

function badToken(description: string): BearerResult {
  return { kind: "invalid", error: "invalid_token", description };
}

// By hand: `trim` also removes U+00A0, which is a garbled header, and an anchored
// expression at the end costs quadratic time on a header of spaces.
function trimWhitespace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isWhitespace(text, start)) start += 1;
  while (end > start && isWhitespace(text, end - 1)) end -= 1;
  return text.slice(start, end);
}

function isWhitespace(text: string, index: number): boolean {
  const character = text[index];
  return character === " " || character === "\t";
}
