// Longer tokens are not read: no header that servers commonly accept is longer.
const MAX_TOKEN_LENGTH = 65_536;

/** The parts of a JWT in compact form, still encoded. */
export interface TokenParts {
  readonly header: string;
  readonly payload: string;
  /** Empty for a token without a signature. */
  readonly signature: string;
}

/**
 * The claims of a JWT, WITHOUT verification: only for a token that the platform has verified already.
 *
 * The token must have three parts (the signature may be empty) and at most 65,536 characters; its
 * payload must be base64url without padding, UTF-8, and a JSON object. Anything else gives
 * `undefined`. Never throws.
 */
export function decodeJwtPayload(token: string): Record<string, unknown> | undefined {
  const parts = splitToken(token);
  return parts === undefined ? undefined : decodeJsonObject(parts.payload);
}

/** The three parts of a token; `undefined` when there are not three, or it is too long. */
export function splitToken(token: unknown): TokenParts | undefined {
  if (typeof token !== "string" || token.length > MAX_TOKEN_LENGTH) return undefined;
  const [header, payload, signature, ...rest] = token.split(".", 4);
  if (!header || !payload || signature === undefined || rest.length > 0) return undefined;
  return { header, payload, signature };
}

/** Base64url of UTF-8 of a JSON object, strictly; `undefined` for anything else. */
export function decodeJsonObject(segment: string): Record<string, unknown> | undefined {
  const binary = decodeBase64url(segment);
  if (binary === undefined) return undefined;
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  try {
    const value: unknown = JSON.parse(
      new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes),
    );
    return isObject(value) ? value : undefined;
  } catch {
    // Not UTF-8 or not JSON: to the caller both are "no object".
    return undefined;
  }
}

/** The bytes, as a string of Latin-1 characters, of canonical base64url without padding. */
export function decodeBase64url(segment: string): string | undefined {
  try {
    const binary = atob(segment.replaceAll("-", "+").replaceAll("_", "/"));
    // `atob` drops spaces, padding and bits beyond the last byte (RFC 4648 section 3.5): several spellings, one token.
    const canonical = btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    return binary !== "" && canonical === segment ? binary : undefined;
  } catch {
    // It throws for what no number of bytes has, and for other characters.
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
