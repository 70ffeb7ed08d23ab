/**
 * RFC 4648 section 4: standard alphabet, padding required. `atob` alone accepts white space and missing padding. Groups
 * of four are counted outside: matching them takes stack, and megabytes of them overflow it.
 */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** `String.fromCharCode` takes its input as arguments, whose number the engine bounds. */
const CHUNK = 0x8000;

/** Base64 text of some bytes, with padding. */
export function toBase64(buffer: ArrayBuffer): string {
  const bytes = new Uint8Array(buffer);
  let binary = "";
  for (let at = 0; at < bytes.length; at += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return btoa(binary);
}

/** The bytes of strict base64 text, or `undefined` when it is not. */
export function fromBase64(text: string): ArrayBuffer | undefined {
  if (text.length % 4 !== 0 || !BASE64.test(text)) return undefined;
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes.buffer;
}
