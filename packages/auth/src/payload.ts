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
  try {
    const value: unknown = JSON.parse(decodeUtf8(binary));
    return isObject(value) ? value : undefined;
  } catch {
    // Not UTF-8 or not JSON: to the caller both are "no object".
    return undefined;
  }
}

/** The bytes, as a string of Latin-1 characters, of canonical base64url without padding. */
export function decodeBase64url(segment: string): string | undefined {
  return isBase64url(segment) ? atob(segment.replaceAll("-", "+").replaceAll("_", "/")) : undefined;
}

/**
 * Whether a text is canonical base64url, without padding, of at least one byte: where bits beyond the last byte could be
 * set (RFC 4648 section 3.5), several spellings would be one token.
 */
export function isBase64url(text: string): boolean {
  if (!/^[\w-]+$/.test(text)) return false;
  const last = text.slice(-1);
  switch (text.length % 4) {
    case 0:
      return true;
    case 2:
      return "AQgw".includes(last);
    case 3:
      return "AEIMQUYcgkosw048".includes(last);
    default:
      return false;
  }
}

/** @throws TypeError for what is no UTF-8. */
function decodeUtf8(binary: string): string {
  // Most tokens are ASCII, and are read as they are.
  if (/^[\0-\x7f]*$/.test(binary)) return binary;
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
