/** Which scopes another scope stands for, for example `{ admin: ["read", "write"] }`. */
export type ScopeHierarchy = Readonly<Record<string, readonly string[]>>;

/**
 * The scopes that a token's claims grant, deduplicated, in the order in which they appear.
 *
 * Reads `scope` (RFC 8693 section 4.2: separated by spaces; some issuers send an array), `scp`
 * (Microsoft, Okta; string or array) and `permissions` (Auth0; array). What has another type is
 * ignored. The entries of an array are taken whole, so a permission with a space in its name grants
 * nothing else. Never throws.
 */
export function scopesOf(claims: Readonly<Record<string, unknown>>): readonly string[] {
  const granted = [
    ...(typeof claims["scope"] === "string" ? claims["scope"].split(" ") : names(claims["scope"])),
    ...(typeof claims["scp"] === "string" ? claims["scp"].split(" ") : names(claims["scp"])),
    ...names(claims["permissions"]),
  ];
  return [...new Set(granted)].filter((scope) => scope !== "");
}

/**
 * The scopes of `needed` that are not granted, in their order; empty when all are.
 *
 * With `implies`, a granted scope also grants what it implies, transitively; cycles are harmless.
 *
 * @example
 * missingScopes(["admin"], ["read"], { implies: { admin: ["write"], write: ["read"] } }); // []
 */
export function missingScopes(
  granted: readonly string[],
  needed: readonly string[],
  options: { readonly implies?: ScopeHierarchy | undefined } = {},
): readonly string[] {
  const { implies } = options;
  const held = new Set(granted);
  if (implies !== undefined) {
    // A Set also visits what is added to it while it is walked, and each entry once.
    for (const scope of held) {
      if (Object.hasOwn(implies, scope)) implies[scope]?.forEach((implied) => held.add(implied));
    }
  }
  return [...new Set(needed)].filter((scope) => !held.has(scope));
}

/** Whether a text may be a scope (RFC 6749 section 3.3, scope-token). */
export function isScopeToken(scope: string): boolean {
  return /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope);
}

function names(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === "string") : [];
}
