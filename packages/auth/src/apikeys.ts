/** A new key. The text is shown to its owner once, and kept by nobody; the rest is stored. */
export interface NewApiKey {
  /** What a client sends as its bearer token. */
  readonly key: string;
  /** What is stored instead: SHA-256, in base64url. */
  readonly hash: string;
  /** The first letters, by which its owner tells it from others. */
  readonly start: string;
}

/** 256 bits in base64url. */
const SECRET = /^[A-Za-z0-9_-]{43}$/;
const PREFIX = /^[A-Za-z0-9]{1,32}$/;
/** Letters of the secret that may be shown: 24 of its 256 bits. */
const SHOWN = 4;

/**
 * Makes a key of 256 random bits: `mcp_…`. It is too long to be guessed, so that a plain hash at rest is enough, and it is
 * found by that hash: what is compared is not the secret, and how long it takes tells nothing of it.
 *
 * @param prefix - tells keys from other tokens, and scanners of leaked secrets whose they are. 1 to 32 letters and digits.
 * @throws TypeError when the prefix is none
 */
export async function createApiKey(prefix = "mcp"): Promise<NewApiKey> {
  const secret = toBase64url(crypto.getRandomValues(new Uint8Array(32)));
  const key = `${requirePrefix(prefix)}_${secret}`;
  const start = `${prefix}_${secret.slice(0, SHOWN)}`;
  return { key, hash: await hashApiKey(key), start };
}

/** What is stored of a key, and by what it is found. */
export async function hashApiKey(key: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key));
  return toBase64url(new Uint8Array(bytes));
}

/**
 * Whether a token is such a key by its form. Another kind of token costs nothing more.
 *
 * @throws TypeError when the prefix is none
 */
export function isApiKey(token: string, prefix = "mcp"): boolean {
  const begin = `${requirePrefix(prefix)}_`;
  return token.startsWith(begin) && SECRET.test(token.slice(begin.length));
}

function requirePrefix(prefix: string): string {
  if (PREFIX.test(prefix)) return prefix;
  throw new TypeError("prefix: expected 1 to 32 letters and digits");
}

function toBase64url(bytes: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...bytes));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
