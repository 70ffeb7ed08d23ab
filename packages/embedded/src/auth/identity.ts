/** Claims of a verified token. */
export type Claims = Readonly<Record<string, unknown>>;

/** What `ctx.auth.getUserIdentity()` returns. */
export interface Identity {
  readonly tokenIdentifier: string;
  readonly subject: string;
  readonly issuer: string;
  readonly [claim: string]: unknown;
}

/** The platform keeps these to itself. */
const REGISTERED = new Set(["iss", "sub", "aud", "exp", "iat", "nbf", "jti"]);

/** OpenID Connect Core 1.0, section 5.1, as `UserIdentity` spells it. */
const STANDARD: ReadonlyMap<string, string> = new Map([
  ["name", "name"],
  ["given_name", "givenName"],
  ["family_name", "familyName"],
  ["nickname", "nickname"],
  ["preferred_username", "preferredUsername"],
  ["profile", "profileUrl"],
  ["picture", "pictureUrl"],
  ["website", "websiteUrl"],
  ["email", "email"],
  ["email_verified", "emailVerified"],
  ["gender", "gender"],
  ["birthdate", "birthday"],
  ["zoneinfo", "timezone"],
  ["locale", "language"],
  ["phone_number", "phoneNumber"],
  ["phone_number_verified", "phoneNumberVerified"],
  ["address", "address"],
  ["updated_at", "updatedAt"],
]);

function base(claims: Claims): Identity {
  const issuer = String(claims.iss);
  const subject = String(claims.sub);
  return { tokenIdentifier: `${issuer}|${subject}`, subject, issuer };
}

function customClaims(claims: Claims): [string, unknown][] {
  return Object.entries(claims).filter(([name]) => !REGISTERED.has(name));
}

function standardClaim(name: string, value: unknown): [string, unknown] {
  const attribute = STANDARD.get(name);
  if (attribute === undefined) return [name, value];
  // `UserIdentity` has these two as strings.
  if (name === "address" && typeof value === "object" && value !== null && "formatted" in value) {
    return [attribute, value.formatted];
  }
  if (name === "updated_at" && typeof value === "number") {
    return [attribute, new Date(value * 1000).toISOString()];
  }
  return [attribute, value];
}

/** The identity of an OpenID token: standard claims camelCased, all others under their own names. */
export function toOidcIdentity(claims: Claims): Identity {
  const entries = customClaims(claims).map(([name, value]) => standardClaim(name, value));
  return { ...Object.fromEntries(entries), ...base(claims) };
}

function flatten(prefix: string, value: unknown): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[prefix, value]];
  return Object.entries(value).flatMap(([name, nested]) => flatten(`${prefix}.${name}`, nested));
}

/** The identity of a custom JWT: raw names, and objects flattened to "a.b". */
export function toJwtIdentity(claims: Claims): Identity {
  const entries = customClaims(claims).flatMap(([name, value]) => flatten(name, value));
  return { ...Object.fromEntries(entries), ...base(claims) };
}
