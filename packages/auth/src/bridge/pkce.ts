/** base64url without padding. */
export function encodeBase64url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** 256 random bits as base64url: 43 characters, which also make a PKCE verifier (RFC 7636 section 4.1). */
export function randomToken(): string {
  return encodeBase64url(crypto.getRandomValues(new Uint8Array(32)));
}

/** SHA-256 as base64url; of a verifier it is its S256 challenge (RFC 7636 section 4.2). */
export async function sha256(text: string): Promise<string> {
  return encodeBase64url(
    new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))),
  );
}

/** Whether a text may be a verifier (RFC 7636 section 4.1). */
export function isVerifier(text: string): boolean {
  return /^[A-Za-z0-9._~-]{43,128}$/.test(text);
}

/** Whether a text may be an S256 challenge: base64url of 32 bytes. */
export function isChallenge(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text);
}
