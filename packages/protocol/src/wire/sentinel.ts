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
  try {
    const bytes = Uint8Array.from(atob(base64), (byte) => byte.codePointAt(0) ?? 0);
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // No UTF-8: the header says nothing that could equal a body.
    return undefined;
  }
}
