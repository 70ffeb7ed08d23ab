import { fromBase64, fromUtf8, toBase64Url, toUtf8 } from "../wire/bytes.ts";

/** An HMAC-SHA-256 over what a client is given to bring back (RFC 2104). Signed, not encrypted. */
const algorithm = { name: "HMAC", hash: "SHA-256" } as const;

// One spelling, so that a seal of another format is refused instead of misread.
const prefix = "v1";

// The last of the 43 characters of a MAC has four bits that say something; with the other two it would
// have a second spelling.
const form = /^v1\.([\w-]*)\.([\w-]{42}[AEIMQUYcgkosw048])$/;

/**
 * Seals a text together with its context, which is not part of the seal: it opens in the same
 * context alone.
 */
export async function seal(secret: string, text: string, context: string): Promise<string> {
  const payload = toBase64Url(toUtf8(text));
  const key = await toKey(secret);
  const mac = await crypto.subtle.sign(algorithm, key, toMessage(payload, context));
  return `${prefix}.${payload}.${toBase64Url(new Uint8Array(mac))}`;
}

/** The text of a seal; `undefined` when it is not ours, was changed, or was made in another context. */
export async function unseal(
  secrets: readonly string[],
  sealed: string,
  context: string,
): Promise<string | undefined> {
  const [, payload, mac] = form.exec(sealed) ?? [];
  if (payload === undefined || mac === undefined) return undefined;
  const signature = fromBase64(mac);
  for (const secret of secrets) {
    const key = await toKey(secret);
    // Takes the same time whatever differs.
    if (await crypto.subtle.verify(algorithm, key, signature, toMessage(payload, context))) {
      // Not before: a payload that somebody made up may be long.
      return fromUtf8(fromBase64(payload));
    }
  }
  return undefined;
}

/** A short text that stands for a longer one: nobody finds another that it stands for (SHA-256, halved). */
export async function digest(text: string): Promise<string> {
  const hash = await crypto.subtle.digest(algorithm.hash, toUtf8(text));
  return toBase64Url(new Uint8Array(hash, 0, 16));
}

async function toKey(secret: string): Promise<CryptoKey> {
  const bytes = toUtf8(secret);
  return await crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign", "verify"]);
}

function toMessage(payload: string, context: string): Uint8Array<ArrayBuffer> {
  return toUtf8(`${prefix}.${payload}.${context}`);
}
