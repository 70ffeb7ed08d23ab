import { audienceMatches, audiencesOf } from "./audience.ts";
import { decodeJsonObject, isBase64url, splitToken } from "./payload.ts";
import { scopesOf } from "./scopes.ts";
import {
  invalidToken,
  type InvalidReason,
  type InvalidToken,
  type VerifiedToken,
} from "./verdict.ts";

/** What a token is measured by; each option was validated when the verifier was created. */
export interface Requirements {
  readonly issuer: string;
  /** Undefined: the token need not name one, since `clientIds` says for whom it is. */
  readonly audience: readonly string[] | undefined;
  /** Undefined: any client's. */
  readonly clientIds: readonly string[] | undefined;
  readonly algorithms: readonly string[];
  /** Lower-case header types without `application/`; undefined accepts no type, jwt and at+jwt. */
  readonly types: readonly string[] | undefined;
  readonly clockToleranceSeconds: number;
}

/** A well-formed token whose signature nobody has checked yet. */
export interface Draft {
  readonly alg: string;
  readonly kid: string | undefined;
  /** The header's `typ`, as {@link toType} writes it. */
  readonly type: string | undefined;
  readonly claims: Claims;
}

type Claims = Readonly<Record<string, unknown>>;

/**
 * What can be told without a key, so that garbage and other people's tokens cost no key work. The
 * issuer is among it because it decides whose keys are asked.
 */
export function readDraft(token: string, required: Requirements): Draft | InvalidReason {
  const parts = splitToken(token);
  if (parts === undefined) return "malformed";
  const header = decodeJsonObject(parts.header);
  if (header === undefined) return "malformed";
  const claims = decodeJsonObject(parts.payload);
  if (claims === undefined) return "malformed";
  const { alg } = header;
  // Before the look at the signature, because a token of the algorithm "none" has none.
  if (typeof alg !== "string" || !required.algorithms.includes(alg)) return "algorithm";
  if (!isBase64url(parts.signature)) return "malformed";
  if (!isPlainHeader(header)) return "malformed";
  const type = header.typ === undefined ? undefined : toType(header.typ);
  if (!isAcceptedType(type, required.types)) return "type";
  return claims["iss"] === required.issuer ? { alg, kid: header.kid, type, claims } : "issuer";
}

// `crit` names extensions that must be understood, and we know none (RFC 7515 section 4.1.11);
// `b64` must not be used in a JWT (RFC 7797 section 7).
function isPlainHeader(header: Claims): header is { kid?: string; typ?: string } {
  const { crit, b64, kid, typ } = header;
  return (
    crit === undefined &&
    b64 === undefined &&
    (kid === undefined || typeof kid === "string") &&
    (typ === undefined || typeof typ === "string")
  );
}

/** Judges the claims of a token whose signature is right, at the time `now` (in seconds). */
export function judgeClaims(
  { claims, type }: Draft,
  required: Requirements,
  now: number,
): VerifiedToken | InvalidToken {
  const subject = claims["sub"];
  if (claims["exp"] === undefined) return invalidToken("claims");
  const reason = judgeTime(claims, required.clockToleranceSeconds, now);
  if (reason !== undefined) return invalidToken(reason);
  if (typeof subject !== "string" || subject === "") return invalidToken("claims");
  if (type !== "at+jwt" && isIdToken(claims)) return invalidToken("type");
  if (!isForUs(claims, required)) return invalidToken("audience");
  return { ok: true, claims, subject, scopes: scopesOf(claims) };
}

/** Whether a token names one of the audiences, and comes from one of the clients, as far as these are given. */
export function isForUs(
  claims: Claims,
  { audience, clientIds }: Pick<Requirements, "audience" | "clientIds">,
): boolean {
  if (audience !== undefined && !audienceMatches(audiencesOf(claims), audience)) return false;
  return clientIds === undefined || clientIds.some((id) => id === claims["client_id"]);
}

/** A JWT media type in the short, lower-case form (RFC 7515 section 4.1.9). */
export function toType(typ: string): string {
  return typ.toLowerCase().replace(/^application\//, "");
}

function isAcceptedType(type: string | undefined, types: readonly string[] | undefined): boolean {
  if (types !== undefined) return type !== undefined && types.includes(type);
  return type === undefined || type === "jwt" || type === "at+jwt";
}

/** What `exp` and `nbf` say against a token, where they are there. */
export function judgeTime(
  { exp, nbf }: Claims,
  tolerance: number,
  now: number,
): InvalidReason | undefined {
  if (exp !== undefined && (typeof exp !== "number" || !Number.isFinite(exp))) return "claims";
  if (nbf !== undefined && typeof nbf !== "number") return "claims";
  if (exp !== undefined && exp <= now - tolerance) return "expired";
  return nbf !== undefined && nbf > now + tolerance ? "premature" : undefined;
}

/**
 * Whether the claims are those of an ID token. Issuers that say what a token is are believed: Cognito
 * with `token_use`, Keycloak with `typ`, whose older access tokens also carry a `nonce`. Of the others
 * the claims that only OpenID Connect Core (sections 2 and 3.3.2.11) defines give it away.
 */
function isIdToken(claims: Claims): boolean {
  const declared = claims["token_use"] ?? claims["typ"];
  if (typeof declared === "string") return !/^(?:access|bearer)$/i.test(declared);
  return ["nonce", "at_hash", "c_hash"].some((claim) => Object.hasOwn(claims, claim));
}
