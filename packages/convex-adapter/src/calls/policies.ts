import { missingScopes } from "@convex-mcp/auth";
import {
  allow,
  type Authorize,
  type AuthorizeRequest,
  type Decision,
  deny,
  needScopes,
  scopesIn,
  signIn,
  toDecision,
} from "./decision.ts";

/**
 * The policy of scopes: what has `metadata.public` is everybody's, all else needs a user whose token has every
 * scope of `metadata.scopes`.
 *
 * @param options.implies - scopes that include others: `{ "invoices:write": ["invoices:read"] }`. Default: none.
 * @param options.showLocked - lists to users what their token lacks the scopes for, so that a call of it has the client ask
 * for them. Default false: it is not listed.
 */
export function requireScopes(
  options: {
    readonly implies?: Readonly<Record<string, readonly string[]>>;
    readonly showLocked?: boolean;
  } = {},
): Authorize {
  return (_ctx, { mode, toolMetadata, identity, scopes }) => {
    if (toolMetadata.public === true) return allow("public");
    const needed = toolMetadata.scopes ?? [];
    if (identity === null) return signIn(...needed);
    if (missingScopes(scopes, needed, options).length === 0) return allow();
    return mode === "list" && options.showLocked === true ? allow("locked") : needScopes(...needed);
  };
}

/** Where {@link requireRoles} finds a caller's roles. */
export type RolesOf = (request: AuthorizeRequest) => readonly string[] | Promise<readonly string[]>;

/**
 * The policy of roles: what has `metadata.public` is everybody's, all else needs a user with one of `roles`.
 *
 * @param roles - Default: those of `metadata.roles`; what names none needs a user alone.
 * @param options.of - the caller's roles: from `loaded`, or from a claim. What is absent is none, and what is no list denies.
 * Default: the claim `roles`, a list of strings.
 *
 * @example
 * requireRoles(["admin"], { of: ({ loaded }) => (loaded as Member | null)?.roles ?? [] });
 */
export function requireRoles(
  roles?: readonly string[],
  { of = claimedRoles }: { readonly of?: RolesOf } = {},
): Authorize {
  if (roles?.length === 0) throw new TypeError("requireRoles: expected at least one role, got []");
  return async (_ctx, request) => {
    const { toolMetadata, identity } = request;
    if (toolMetadata.public === true) return allow("public");
    if (identity === null) return signIn();
    const needed = roles ?? toolMetadata.roles;
    if (needed === undefined) return allow();
    const held = rolesIn(await of(request));
    const role = needed.find((it) => held.includes(it));
    return role === undefined
      ? deny(`needs one of the roles ${needed.join(", ")}`)
      : allow(`role ${role}`);
  };
}

/** The policy that nothing is changed: queries, resources and prompts are everybody's, mutations and actions nobody's. */
export function readOnly(): Authorize {
  return (_ctx, { kind }) =>
    kind === "mutation" || kind === "action" ? deny(`read only, and this is a ${kind}`) : allow();
}

/**
 * The policy that holds where all of `policies` do. They are asked in order, up to the first that denies; the scopes of all that
 * miss some are asked for together.
 *
 * @throws TypeError when there is none: nothing would be denied.
 */
export function allOf(...policies: readonly Authorize[]): Authorize {
  requirePolicies("allOf", policies);
  return async (ctx, request) => {
    const decisions: Decision[] = [];
    for (const policy of policies) {
      const decision = toDecision(await policy(ctx, request), request.identity !== null);
      if (decision.kind === "deny") return decision;
      decisions.push(decision);
    }
    const open = decisions.filter(({ kind }) => kind !== "allow");
    if (open.length === 0) return allow(reasonsOf(decisions));
    const scopes = new Set(open.flatMap(scopesIn));
    return request.identity === null ? signIn(...scopes) : needScopes(...scopes);
  };
}

/**
 * The policy that holds where one of `policies` does. They are asked in order, up to the first that allows; where none does, what
 * the caller can do about it comes before a denial: scopes to ask for, then signing in.
 *
 * @throws TypeError when there is none.
 */
export function anyOf(...policies: readonly Authorize[]): Authorize {
  requirePolicies("anyOf", policies);
  return async (ctx, request) => {
    const decisions: Decision[] = [];
    for (const policy of policies) {
      const decision = toDecision(await policy(ctx, request), request.identity !== null);
      if (decision.kind === "allow") return decision;
      decisions.push(decision);
    }
    return decisions.find(({ kind }) => kind !== "deny") ?? deny(reasonsOf(decisions) ?? "");
  };
}

function requirePolicies(name: string, policies: readonly Authorize[]): void {
  if (policies.length > 0 && policies.every((policy) => typeof policy === "function")) return;
  throw new TypeError(
    `${name}: expected policies such as requireScopes(), got none or another thing.`,
  );
}

/** Who has no such claim has no roles. A text would be searched for a part of it: `"not-an-admin"` includes `"admin"`. */
function rolesIn(found: unknown): readonly unknown[] {
  const roles = found ?? [];
  if (Array.isArray(roles)) return roles;
  throw new TypeError(`requireRoles: expected a list of roles from \`of\`, got ${typeof found}.`);
}

function claimedRoles({ identity }: AuthorizeRequest): readonly string[] {
  const roles: unknown = identity?.["roles"];
  return Array.isArray(roles) ? roles.filter((role) => typeof role === "string") : [];
}

function reasonsOf(decisions: readonly Decision[]): string | undefined {
  const reasons = decisions.flatMap((it) => ("reason" in it ? [it.reason] : []));
  return reasons.length === 0 ? undefined : reasons.join("; ");
}
