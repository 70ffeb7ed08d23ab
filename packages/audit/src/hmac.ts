import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { KeyedHash } from "./treatment.ts";

/** 128 bits tell values apart as well as 256, in half the log. */
const SHOWN_BYTES = 16;
/** NIST SP 800-107r1, 5.3.2: a key of less than 112 bits is not acceptable. */
const LEAST_KEY = 16;

/**
 * HMAC-SHA-256 (RFC 2104) as the hash of redaction rules: `hmac:` and the first 128 bits in hexadecimal. Equal values
 * have equal hashes under one key; without the key nobody can try out what the value was. It needs no asynchronous
 * WebCrypto, and so works inside Convex mutations.
 *
 * @param key A secret of at least 16 bytes, UTF-8 if it is a text. Another key makes hashes that compare with none of the old.
 * @throws TypeError when the key is too short.
 * @example createRedactor({ hash: ["user.id"] }, { hash: hmacSha256(process.env.AUDIT_HASH_KEY) });
 */
export function hmacSha256(key: string | Uint8Array | undefined): KeyedHash {
  const bytes = typeof key === "string" ? utf8ToBytes(key) : key;
  if (bytes === undefined || bytes.length < LEAST_KEY) {
    throw new TypeError(
      `hmacSha256: expected a key of at least ${LEAST_KEY} bytes, got ${bytes?.length ?? "none"}.`,
    );
  }
  const keyed = hmac.create(sha256, bytes);
  return (text) => {
    const digest = keyed.clone().update(utf8ToBytes(text)).digest();
    return `hmac:${bytesToHex(digest.subarray(0, SHOWN_BYTES))}`;
  };
}
