import type { UserIdentity } from "convex/server";

/** Who makes a request. Decided once, from the bearer token that came with it. */
export type Principal =
  | { readonly kind: "anonymous" }
  | {
      readonly kind: "user";
      readonly identity: UserIdentity;
      readonly scopes: readonly string[];
    };

/** Owns what strangers make on a mount that gives them sessions; no user has this `tokenIdentifier` (it lacks an issuer). */
const ANONYMOUS_OWNER = "anonymous";

/** Whom a session belongs to: issuer and subject, as Convex joins them. */
export function ownerOf(principal: Principal): string {
  return ownerOfIdentity(identityOf(principal));
}

/** The same of an identity as `ctx.auth` gives it. */
export function ownerOfIdentity(identity: UserIdentity | null): string {
  return identity?.tokenIdentifier ?? ANONYMOUS_OWNER;
}

/** The identity, or `null` for a stranger. */
export function identityOf(principal: Principal): UserIdentity | null {
  return principal.kind === "user" ? principal.identity : null;
}

/** What the token grants. */
export function scopesOf(principal: Principal): readonly string[] {
  return principal.kind === "user" ? principal.scopes : [];
}
