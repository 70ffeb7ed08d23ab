import type { UserIdentity } from "convex/server";

/** Who makes a request. Decided once, from the bearer token that came with it. */
export type Principal =
  | { readonly kind: "anonymous" }
  | {
      readonly kind: "user";
      readonly identity: UserIdentity;
      readonly scopes: readonly string[];
      /** When a token of `resolveIdentity` ends, in milliseconds since 1970. Absent: nobody knows. The platform's says so itself. */
      readonly expiresAt?: number;
      /** Whose limits they use up, where it is not theirs alone. */
      readonly limitedAs?: string;
      /**
       * Known by `resolveIdentity`: the platform takes their token for a bad one, and tells functions of nobody. Makes what tells
       * a function who they are.
       */
      readonly seal?: () => Promise<string>;
    };

/** Who calls a tool, as its function is told. */
export type McpCaller = Pick<UserIdentity, "tokenIdentifier" | "subject" | "issuer">;

/** Owns what strangers make on a mount that gives them sessions; no user has this `tokenIdentifier` (it lacks an issuer). */
const ANONYMOUS_OWNER = "anonymous";

/** Whom a session belongs to: issuer and subject, as Convex joins them. */
export function ownerOf(principal: Principal): string {
  return ownerOfIdentity(identityOf(principal));
}

/** Whom what an action is handed belongs to, as the action will know it: for the platform, one whom it does not know is a stranger. */
export function platformOwnerOf(principal: Principal): string {
  return sealOf(principal) ? ANONYMOUS_OWNER : ownerOf(principal);
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

/** Of a user whom the platform does not know. */
export function sealOf(principal: Principal): (() => Promise<string>) | undefined {
  return principal.kind === "user" ? principal.seal : undefined;
}
