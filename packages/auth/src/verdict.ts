/**
 * Why a token was refused.
 *
 * - `malformed`: no JWT of three base64url parts, too long, or its parts are no JSON objects
 * - `algorithm`: its `alg` is not allowed, `none` and HS* included, or does not fit the key
 * - `type`: no access token (an ID token, an ID-JAG), or a `typ` that is not allowed
 * - `issuer`: `iss` is another one
 * - `key`: the issuer has no such key
 * - `signature`: the signature is wrong
 * - `expired`: `exp` has passed
 * - `premature`: `nbf` has not come
 * - `audience`: `aud` is absent, or names other resources
 * - `inactive`: the authorization server says that it is not, or no longer, valid
 * - `claims`: `exp` or `sub` is absent, or a claim has the wrong type
 * - `keys`: the keys, or the issuer's answer, could not be had; nothing is known about the token
 */
export type InvalidReason =
  | "malformed"
  | "algorithm"
  | "type"
  | "issuer"
  | "key"
  | "signature"
  | "expired"
  | "premature"
  | "audience"
  | "inactive"
  | "claims";

/** A verified access token. */
export interface VerifiedToken {
  readonly ok: true;
  /** All claims of the token. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** `sub`, never empty. */
  readonly subject: string;
  /** As `scopesOf` reads them. */
  readonly scopes: readonly string[];
}

/** A token that must not be accepted: 401. */
export interface InvalidToken {
  readonly ok: false;
  readonly reason: InvalidReason;
  readonly error: "invalid_token";
  /** A constant per reason, which may be sent to the caller. */
  readonly description: string;
}

/** A token that could not be judged, because the issuer's keys, or its word, could not be had: 503. */
export interface UnverifiedToken {
  readonly ok: false;
  readonly reason: "keys";
  readonly error: "temporarily_unavailable";
  /** A constant, which may be sent to the caller. */
  readonly description: string;
  /** What went wrong, for the log only. */
  readonly cause: unknown;
}

/** What the verifier says about a token. */
export type VerifyResult = VerifiedToken | InvalidToken | UnverifiedToken;

const DESCRIPTIONS: Readonly<Record<InvalidReason, string>> = {
  malformed: "The access token is not a JWT.",
  algorithm: "The access token is signed with an algorithm that is not accepted here.",
  type: "The token is not an access token; send the access token, not an ID token.",
  issuer: "The access token is from an issuer that is not accepted here.",
  key: "The access token is signed with a key that its issuer does not publish.",
  signature: "The signature of the access token is wrong.",
  expired: "The access token has expired; get a new one.",
  premature: "The access token is not valid yet; check the clocks.",
  audience: "The access token is for another resource; ask for one for this resource.",
  inactive: "The access token is not valid, or no longer; get a new one.",
  claims: "The access token lacks a claim that is needed, or has one of the wrong type.",
};

export function invalidToken(reason: InvalidReason): InvalidToken {
  return { ok: false, reason, error: "invalid_token", description: DESCRIPTIONS[reason] };
}

export function unverifiedToken(cause: unknown): UnverifiedToken {
  return {
    ok: false,
    reason: "keys",
    error: "temporarily_unavailable",
    description: "The token's issuer could not be asked; try again later.",
    cause,
  };
}
