import { fromBase64, fromUtf8 } from "./bytes.ts";

const prefix = "=?base64?";
const suffix = "?=";

/**
 * The text that a mirrored header stands for: itself, or what its base64 sentinel holds
 * (2026-07-28, basic/transports/streamable-http). `undefined` for characters that a header must not
 * hold as they are, and for a sentinel that is not strict base64 of UTF-8.
 */
export function decodeHeader(value: string): string | undefined {
  // Headers hands out one character a byte: what is not ASCII here was sent raw.
  if (!/^[\x20-\x7e]*$/.test(value)) return undefined;
  if (!value.startsWith(prefix) || !value.endsWith(suffix)) return value;
  // Shorter than both marks together, they overlap: a literal.
  if (value.length < prefix.length + suffix.length) return value;
  const base64 = value.slice(prefix.length, -suffix.length);
  // atob forgives missing padding and white space; the specification does not.
  if (base64.length % 4 !== 0 || !/^[\d+/A-Za-z]*={0,2}$/.test(base64)) return undefined;
  return fromUtf8(fromBase64(base64));
}
