import { importJWK, SignJWT, type JWK } from "jose";

import type { ClientAssertion } from "./bridge/options.ts";
import { show } from "./url.ts";

export type { ClientAssertion } from "./bridge/options.ts";
export type { JWK } from "jose";

/** Options of {@link createClientAssertion}. */
export interface ClientAssertionOptions {
  /**
   * A private JWK with its `alg`, whose public half the provider knows. Its `kid`, `x5t` and `x5t#S256`, by which providers find
   * that, are sent along.
   */
  readonly privateKey: JWK;
  /** What the provider wants as `aud`. Default: its issuer. */
  readonly audience?: string | undefined;
}

const PRIVATE_KEY_ALGORITHM = /^(?:(?:RS|PS)(?:256|384|512)|ES(?:256|384|512)|EdDSA|Ed25519)$/;
/** It is used at once. */
const LIFETIME_SECONDS = 60;

/**
 * How a bridge proves itself to a provider with a key instead of a secret (`private_key_jwt`, RFC 7523 section 2.2, OpenID Connect
 * Core section 9): what is sent is good once, for a minute, and the key stays here.
 *
 * @throws TypeError when the key is none that signs, or has no `alg`
 *
 * @example
 * upstream: { …, clientAssertion: createClientAssertion({ privateKey: JSON.parse(process.env.BRIDGE_KEY) }) }
 */
export function createClientAssertion({
  privateKey,
  audience,
}: ClientAssertionOptions): ClientAssertion {
  const { alg, kid, x5t, "x5t#S256": x5tS256, d } = privateKey ?? {};
  // Not shown: it is a secret.
  if (d === undefined) throw new TypeError("privateKey: expected a private JWK");
  if (alg === undefined || !PRIVATE_KEY_ALGORITHM.test(alg)) {
    throw new TypeError(`privateKey.alg: expected one such as "ES256", got ${show(alg)}`);
  }
  const header = Object.entries({ alg, kid, x5t, "x5t#S256": x5tS256 });
  const protectedHeader = Object.fromEntries(header.filter(([, value]) => value !== undefined));
  return async ({ clientId, issuer }) => {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ jti: crypto.randomUUID() })
      .setProtectedHeader({ ...protectedHeader, alg })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(audience ?? issuer)
      .setIssuedAt(now)
      .setExpirationTime(now + LIFETIME_SECONDS)
      .sign(await importJWK(privateKey, alg));
  };
}
