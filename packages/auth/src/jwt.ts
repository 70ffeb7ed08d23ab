import {
  compactVerify,
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type CryptoKey,
  type JSONWebKeySet,
  type JWK,
} from "jose";

import { judgeClaims, readDraft, toType, type Draft, type Requirements } from "./accesstoken.ts";
import { requireNames, toRecipients } from "./recipients.ts";
import { requireSecureUrl, show } from "./url.ts";
import { invalidToken, unverifiedToken, type VerifyResult } from "./verdict.ts";

export type {
  InvalidReason,
  InvalidToken,
  UnverifiedToken,
  VerifiedToken,
  VerifyResult,
} from "./verdict.ts";
export type { CryptoKey, JSONWebKeySet, JWK } from "jose";

/** Options of {@link createJwtVerifier}. */
export interface JwtVerifierOptions {
  /** The issuer, exactly as it stands in `iss`. */
  readonly issuer: string;
  /**
   * What `aud` may name, compared by `audienceMatches`; usually the URL of the resource. It may only be absent where
   * `clientIds` is given.
   */
  readonly audience?: string | readonly string[] | undefined;
  /**
   * What `client_id` may be (RFC 9068 section 2.2), for issuers whose access tokens name no audience, such as Cognito.
   * Default: any.
   */
  readonly clientIds?: readonly string[] | undefined;
  /**
   * Where the public keys are: the URL of a key set (https, or http on localhost), a key set, or one
   * key. A URL is fetched at first need, kept for 10 minutes, and fetched anew for an unknown `kid` at
   * most every 30 seconds; give it from configuration, never from a token.
   */
  readonly jwks: URL | JSONWebKeySet | JWK | CryptoKey;
  /** Default: RS256, ES256, EdDSA. Only algorithms with a public key can be listed. */
  readonly algorithms?: readonly string[] | undefined;
  /** How far the issuer's clock may be off, for `exp` and `nbf`. Default and maximum: 60. */
  readonly clockToleranceSeconds?: number | undefined;
  /**
   * Values of the header `typ` to insist on, such as `["at+jwt"]` (RFC 9068), which issuers that set
   * it deserve. Default: none, `JWT` and `at+jwt` are accepted.
   */
  readonly types?: readonly string[] | undefined;
}

type KeyLookup =
  | { readonly ok: true; readonly keys: readonly CryptoKey[] }
  | { readonly ok: false; readonly result: VerifyResult };

type KeySource = (header: { alg: string; kid?: string }) => Promise<CryptoKey>;

const DEFAULT_ALGORITHMS: readonly string[] = ["RS256", "ES256", "EdDSA"];
const PUBLIC_KEY_ALGORITHM = /^(?:(?:RS|PS)(?:256|384|512)|ES(?:256|384|512)|EdDSA|Ed25519)$/;
const MAX_CLOCK_TOLERANCE_SECONDS = 60;

/**
 * Creates a function that verifies access tokens in JWT form (RFC 7519, RFC 8725, RFC 9068).
 *
 * It resolves to a value and never rejects. `exp` and `sub` are required, `iss` is compared exactly,
 * and ID tokens are refused where they can be told apart. Whatever can be refused without a key is,
 * before any key is fetched or imported. A `reason` of `keys` (key set not to be had) is no fault of
 * the token: answer 503. The key cache lives as long as the function: create it once.
 *
 * @throws TypeError that names the option, when one is missing or wrong
 *
 * @example
 * const verify = createJwtVerifier({
 *   issuer: "https://issuer.example.com",
 *   audience: "https://api.example.com/mcp",
 *   jwks: new URL("https://issuer.example.com/.well-known/jwks.json"),
 * });
 * const result = await verify(token);
 * if (result.ok) console.log(result.subject, result.scopes);
 */
export function createJwtVerifier(
  options: JwtVerifierOptions,
): (token: string) => Promise<VerifyResult> {
  const required = toRequirements(options);
  const source = toKeySource(options.jwks);
  return async (token) => {
    const draft = readDraft(token, required);
    if (typeof draft === "string") return invalidToken(draft);
    const lookup = await findKeys(source, draft);
    if (!lookup.ok) return lookup.result;
    const refusal = await refuseSignature(token, lookup.keys, draft.alg);
    return refusal ?? judgeClaims(draft, required, Math.floor(Date.now() / 1000));
  };
}

async function findKeys(source: KeySource, { alg, kid }: Draft): Promise<KeyLookup> {
  try {
    return { ok: true, keys: [await source(kid === undefined ? { alg } : { alg, kid })] };
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) {
      return { ok: false, result: invalidToken("key") };
    }
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) {
      return { ok: false, result: unverifiedToken(error) };
    }
    const keys: CryptoKey[] = [];
    for await (const key of error) keys.push(key);
    return { ok: true, keys };
  }
}

async function refuseSignature(
  token: string,
  keys: readonly CryptoKey[],
  alg: string,
): Promise<VerifyResult | undefined> {
  for (const key of keys) {
    try {
      await compactVerify(token, key, { algorithms: [alg] });
      return undefined;
    } catch (error) {
      if (error instanceof errors.JWSInvalid) return invalidToken("malformed");
      // jose's word for a key of another kind than the algorithm asks for.
      if (error instanceof TypeError) return invalidToken("algorithm");
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) return unverifiedToken(error);
    }
  }
  return invalidToken("signature");
}

function toRequirements(options: JwtVerifierOptions): Requirements {
  const { issuer, clockToleranceSeconds = MAX_CLOCK_TOLERANCE_SECONDS } = options;
  if (typeof issuer !== "string" || issuer === "") {
    throw new TypeError(`issuer: expected the value of "iss", got ${show(issuer)}`);
  }
  if (!(clockToleranceSeconds >= 0 && clockToleranceSeconds <= MAX_CLOCK_TOLERANCE_SECONDS)) {
    throw new TypeError("clockToleranceSeconds: expected a number from 0 to 60");
  }
  const algorithms = requireNames(options.algorithms ?? DEFAULT_ALGORITHMS, "algorithms");
  const refused = algorithms.find((algorithm) => !PUBLIC_KEY_ALGORITHM.test(algorithm));
  if (refused !== undefined) {
    throw new TypeError(
      `algorithms: expected signatures with a public key (RS*, PS*, ES*, EdDSA), got ${show(refused)}`,
    );
  }
  return {
    issuer,
    ...toRecipients(options),
    algorithms,
    types: options.types && requireNames(options.types, "types").map(toType),
    clockToleranceSeconds,
  };
}

function toKeySource(jwks: JwtVerifierOptions["jwks"]): KeySource {
  if (jwks instanceof URL) {
    return createRemoteJWKSet(requireSecureUrl(jwks.href, "jwks"));
  }
  if (typeof jwks === "object" && jwks !== null) {
    if ("keys" in jwks) return localKeySource(jwks);
    if ("kty" in jwks) return singleKeySource(jwks);
    if ("type" in jwks && jwks.type === "public") return async () => jwks;
  }
  throw new TypeError(
    `jwks: expected a URL, a JSON Web Key Set, a public JWK or a public CryptoKey, got ${show(jwks)}`,
  );
}

function singleKeySource(jwk: JWK): KeySource {
  const find = localKeySource({ keys: [jwk] });
  // A key that was configured without a name answers to any name.
  return ({ alg, kid }) =>
    find(kid === undefined || jwk.kid === undefined ? { alg } : { alg, kid });
}

function localKeySource(jwks: JSONWebKeySet): KeySource {
  const keys: unknown = jwks.keys;
  if (!Array.isArray(keys) || keys.length === 0 || !keys.every(isPublicJwk)) {
    throw new TypeError(
      "jwks: expected public keys only, each a JWK without private or shared parts",
    );
  }
  return createLocalJWKSet(jwks);
}

function isPublicJwk(jwk: unknown): boolean {
  if (typeof jwk !== "object" || jwk === null || !("kty" in jwk)) return false;
  return typeof jwk.kty === "string" && jwk.kty !== "oct" && !("d" in jwk) && !("k" in jwk);
}
