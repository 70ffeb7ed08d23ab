/** A person who can sign in, and what an app may be allowed to do in their name. */
export interface ProviderUser {
  readonly name: string;
  readonly email: string;
  /** The scopes this user can hand out. What an app asks for beyond them is left out silently. */
  readonly scopes: readonly string[];
  /** Further claims of the access token, for instance `{ role: "admin" }`. */
  readonly claims?: Readonly<Record<string, string | number | boolean>>;
}

/** Which resources (RFC 8707) tokens are issued for. */
export interface ResourceRules {
  /** The resources allowed, compared without a trailing slash. Default: any of `defaultResource`'s origin. */
  readonly resources?: readonly string[];
  /** The resource of a request that names none. */
  readonly defaultResource?: string;
}

/** The scopes of a space separated list, as a set. */
export function parseScopes(scope: unknown): Set<string> {
  return new Set(typeof scope === "string" ? scope.split(" ").filter((name) => name !== "") : []);
}

/** What `user` can grant of what was asked, in the order it was asked. */
export function narrowScopes(asked: Iterable<string>, user: ProviderUser): string[] {
  return [...asked].filter((scope) => user.scopes.includes(scope));
}

/** The claims about `user` that their tokens carry. */
export function userClaims(user: ProviderUser): Record<string, string | number | boolean> {
  return { ...user.claims, name: user.name, email: user.email, email_verified: true };
}

/**
 * Finds the account a `login_hint` means: an account id, or an email address.
 * OpenID Connect Core 3.1.2.1 leaves the form of the hint to the provider.
 */
export function accountFromHint(
  users: ReadonlyMap<string, ProviderUser>,
  hint: unknown,
): string | undefined {
  if (typeof hint !== "string") return undefined;
  if (users.has(hint)) return hint;
  for (const [account, user] of users) if (user.email === hint) return account;
  return undefined;
}

/**
 * True for a resource that tokens may be issued for. With neither `resources` nor `defaultResource` set, any http
 * resource on a loopback host will do, which suits tests whose server picks its port later.
 */
export function acceptsResource(resource: string, rules: ResourceRules): boolean {
  const url = URL.parse(resource);
  if (url === null) return false;
  if (rules.resources !== undefined) {
    return rules.resources.some((allowed) => withoutSlash(allowed) === withoutSlash(resource));
  }
  if (rules.defaultResource !== undefined) {
    return url.origin === new URL(rules.defaultResource).origin;
  }
  return url.protocol === "http:" && LOOPBACK.has(url.hostname);
}

const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

function withoutSlash(url: string): string {
  return url.endsWith("/") ? url.slice(0, -1) : url;
}
