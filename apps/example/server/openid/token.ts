import {
  calculateJwkThumbprint,
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWTPayload,
  SignJWT,
} from "jose";
import type { JWK } from "oidc-provider";

/** The key that signs every token of one provider. */
export interface Signer {
  readonly privateKey: CryptoKey;
  /** The same key for oidc-provider, which publishes its public half. */
  readonly jwk: JWK & { readonly kid: string };
}

/** Makes a new RS256 key: of what OpenID providers use, Convex takes RS256 and EdDSA, and RS256 is known to all. */
export async function createSigner(): Promise<Signer> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { privateKey, jwk: { ...jwk, kty: "RSA", alg: "RS256", use: "sig", kid } };
}

/** Signs an access token as RFC 9068 shapes it, `expiresIn` seconds from now. */
export function signAccessToken(
  { privateKey, jwk }: Signer,
  claims: JWTPayload,
  expiresIn: number,
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ ...claims, jti: crypto.randomUUID(), iat: now, exp: now + expiresIn })
    .setProtectedHeader({ alg: "RS256", typ: "at+jwt", kid: jwk.kid })
    .sign(privateKey);
}
