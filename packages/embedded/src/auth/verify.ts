import { decodeJwt, decodeProtectedHeader, errors, jwtVerify, type JWTPayload } from "jose";
import { messageOf } from "../errors.ts";
import { type Identity, toJwtIdentity, toOidcIdentity } from "./identity.ts";
import type { KeyStore } from "./keys.ts";
import type { AuthProvider, JwtProvider, OidcProvider } from "./providers.ts";

/** What the `Authorization` header amounts to. */
export type Authentication =
  | { readonly kind: "anonymous" }
  | { readonly kind: "valid"; readonly token: string; readonly identity: Identity }
  | { readonly kind: "invalid"; readonly problem: string };

/** Judges an `Authorization` header. Never throws: a bad token is a value. */
export type Authenticator = (header: string | undefined) => Promise<Authentication>;

/** convex-backend `authentication/src/lib.rs`: leeway for `nbf`, and none for `exp`. */
const NOT_BEFORE_LEEWAY_S = 5;

function sameIssuer(a: string, b: string): boolean {
  return a.replace(/\/+$/, "") === b.replace(/\/+$/, "");
}

function domainUrl(domain: string): string {
  return /^https?:\/\//.test(domain) ? domain : `https://${domain}`;
}

function audiencesOf({ aud }: JWTPayload): readonly string[] {
  if (aud === undefined) return [];
  return Array.isArray(aud) ? aud : [aud];
}

function matches(provider: AuthProvider, claims: JWTPayload): boolean {
  const issuer = claims.iss ?? "";
  const audiences = audiencesOf(claims);
  if (provider.type === "oidc") {
    return (
      sameIssuer(domainUrl(provider.domain), issuer) && audiences.includes(provider.applicationID)
    );
  }
  const { applicationID } = provider;
  return (
    sameIssuer(provider.issuer, issuer) &&
    (applicationID === null || audiences.includes(applicationID))
  );
}

async function verifyOidc(
  token: string,
  provider: OidcProvider,
  claims: JWTPayload,
  keys: KeyStore,
): Promise<Identity> {
  if (audiencesOf(claims).length !== 1) {
    throw new Error(
      `Expected a token for the audience "${provider.applicationID}" alone, got several audiences`,
    );
  }
  const { payload } = await jwtVerify(token, await keys.discovered(claims.iss ?? ""), {
    algorithms: ["RS256", "EdDSA"],
    requiredClaims: ["iss", "sub", "aud", "exp", "iat"],
  });
  return toOidcIdentity(payload);
}

async function verifyJwt(token: string, provider: JwtProvider, keys: KeyStore): Promise<Identity> {
  if (decodeProtectedHeader(token).kid === undefined) {
    throw new Error('Expected a "kid" in the header of a custom JWT');
  }
  const { payload } = await jwtVerify(token, await keys.named(provider.jwks), {
    algorithms: [provider.algorithm],
    requiredClaims: ["iss", "sub", "exp"],
    clockTolerance: NOT_BEFORE_LEEWAY_S,
  });
  // Not `Date.now`, which is the engine's clock in this thread.
  if ((payload.exp ?? 0) * 1000 <= new Date().valueOf()) throw new Error("The token has expired");
  return toJwtIdentity(payload);
}

async function verify(
  token: string,
  providers: readonly AuthProvider[],
  keys: KeyStore,
): Promise<Identity> {
  const claims = decodeJwt(token);
  const provider = providers.find((candidate) => matches(candidate, claims));
  if (provider === undefined) {
    throw new Error(
      `No auth provider found matching the given token (iss ${JSON.stringify(claims.iss)}, aud ${JSON.stringify(claims.aud)})`,
    );
  }
  if (provider.type === "oidc") return verifyOidc(token, provider, claims, keys);
  return verifyJwt(token, provider, keys);
}

/** What jose says when the issuer, and not the token, is at fault. */
const ISSUER_FAULTS = new Set(["ERR_JOSE_GENERIC", "ERR_JWKS_TIMEOUT", "ERR_JWKS_INVALID"]);

/** Failures of the token itself; all others are worth a log line. */
function isTokenProblem(thrown: unknown): boolean {
  return thrown instanceof errors.JOSEError && !ISSUER_FAULTS.has(thrown.code);
}

/**
 * Verifies bearer tokens as the platform does (see README for what it does not copy).
 * Tokens are judged by the real clock, because their issuer lives by it.
 */
export function createAuthenticator(
  providers: readonly AuthProvider[],
  keys: KeyStore,
  log: (line: string) => void,
): Authenticator {
  return async (header) => {
    const [, token] = /^bearer\s+(.+)$/i.exec(header?.trim() ?? "") ?? [];
    if (token === undefined) return { kind: "anonymous" };
    try {
      return { kind: "valid", token, identity: await verify(token, providers, keys) };
    } catch (thrown) {
      const problem = messageOf(thrown);
      if (!isTokenProblem(thrown)) log(`[auth] A token could not be verified: ${problem}`);
      return { kind: "invalid", problem: `Could not verify the token: ${problem}` };
    }
  };
}
