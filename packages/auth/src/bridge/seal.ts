import { decodeBase64url } from "../payload.ts";
import { encodeBase64url } from "./pkce.ts";

/** What a sealed text is for; a text sealed for one purpose does not open for another. */
export type Purpose =
  | "code"
  | "refresh"
  | "consent"
  | "consented"
  | "state"
  | "transaction"
  | "grant";

/** Seals values into texts that nobody else can read, change or make. */
export interface Sealer {
  /** `context` is not part of the text, and must be the same when it is opened. */
  seal(purpose: Purpose, value: unknown, context?: string): Promise<string>;
  /** The value, or undefined for anything that we did not seal for that purpose and context. */
  open(purpose: Purpose, sealed: string, context?: string): Promise<unknown>;
}

const IV_BYTES = 12;

// A sealed transaction is the longest that comes from outside; no header or body carries more.
const MAX_SEALED = 32_768;

/**
 * AES-256-GCM, with a key for each purpose derived from the secret by HMAC-SHA-256 (a runtime that has
 * no HKDF has HMAC). The first secret seals, all of them open: put a new one in front, and drop the old
 * one when what it sealed has expired.
 */
export function createSealer(secrets: readonly string[]): Sealer {
  const keys = new Map<string, Promise<CryptoKey>>();
  const keyOf = (index: number, purpose: Purpose) => {
    const name = `${index} ${purpose}`;
    const known = keys.get(name) ?? deriveKey(secrets[index] ?? "", purpose);
    keys.set(name, known);
    return known;
  };
  return {
    async seal(purpose, value, context = "") {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const plain = new TextEncoder().encode(JSON.stringify(value));
      const key = await keyOf(0, purpose);
      const sealed = new Uint8Array(await crypto.subtle.encrypt(params(iv, context), key, plain));
      const joined = new Uint8Array(IV_BYTES + sealed.length);
      joined.set(iv);
      joined.set(sealed, IV_BYTES);
      return encodeBase64url(joined);
    },
    async open(purpose, sealed, context = "") {
      const bytes = decode(sealed);
      if (bytes === undefined || bytes.length <= IV_BYTES) return undefined;
      const algorithm = params(bytes.slice(0, IV_BYTES), context);
      for (const index of secrets.keys()) {
        const key = await keyOf(index, purpose);
        const plain = await decrypt(algorithm, key, bytes.slice(IV_BYTES));
        if (plain !== undefined) return JSON.parse(new TextDecoder().decode(plain)) as unknown;
      }
      return undefined;
    },
  };
}

async function deriveKey(secret: string, purpose: Purpose): Promise<CryptoKey> {
  const bytes = new TextEncoder();
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const root = await crypto.subtle.importKey("raw", bytes.encode(secret), hmac, false, ["sign"]);
  const key = await crypto.subtle.sign("HMAC", root, bytes.encode(`oauth bridge: ${purpose}`));
  return crypto.subtle.importKey("raw", key, { name: "AES-GCM" }, false, ["encrypt", "decrypt"]);
}

function params(iv: Uint8Array<ArrayBuffer>, context: string): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(context) };
}

async function decrypt(
  algorithm: AesGcmParams,
  key: CryptoKey,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<ArrayBuffer | undefined> {
  try {
    return await crypto.subtle.decrypt(algorithm, key, bytes);
  } catch {
    // WebCrypto says "operation failed" for whatever is wrong, and so do we.
    return undefined;
  }
}

function decode(text: string): Uint8Array<ArrayBuffer> | undefined {
  const binary = text.length > MAX_SEALED ? undefined : decodeBase64url(text);
  if (binary === undefined) return undefined;
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
