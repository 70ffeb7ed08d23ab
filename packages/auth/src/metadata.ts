import { isScopeToken } from "./scopes.ts";
import { requireSecureUrl, show, toUrl } from "./url.ts";

/** Where the metadata of a resource without a path lives (RFC 9728 section 3). */
export const WELL_KNOWN_PROTECTED_RESOURCE = "/.well-known/oauth-protected-resource";

/** The document of RFC 9728 section 2. */
export interface ProtectedResourceMetadata {
  readonly resource: string;
  readonly authorization_servers: readonly string[];
  /** The only way that OAuth 2.1 recommends. */
  readonly bearer_methods_supported: readonly ["header"];
  readonly scopes_supported?: readonly string[];
  readonly resource_name?: string;
  readonly resource_documentation?: string;
}

/** What {@link protectedResourceMetadata} needs to know. */
export interface ProtectedResourceOptions {
  /** The URL that users give to their client, exact to the slash; https, or http on localhost. */
  readonly resource: string;
  /** Issuer URLs, at least one, spelled as the issuer spells itself. */
  readonly authorizationServers: readonly string[];
  /** The few scopes to start with: a client without other hints asks for all of them. Default: none. */
  readonly scopesSupported?: readonly string[] | undefined;
  /** A name for people. Default: none. */
  readonly resourceName?: string | undefined;
  /** URL of a page for developers. Default: none. */
  readonly resourceDocumentation?: string | undefined;
}

/**
 * The protected resource metadata document (RFC 9728 section 2), to be served as JSON, in public, at
 * {@link protectedResourceMetadataUrl}.
 *
 * `resource` and the issuers are kept as they are spelled, because clients compare them exactly.
 * `offline_access` is left out of the scopes: it is between the client and the authorization server.
 *
 * @throws TypeError that names the option, when one is missing or wrong
 */
export function protectedResourceMetadata(
  options: ProtectedResourceOptions,
): ProtectedResourceMetadata {
  requireSecureUrl(options.resource, "resource");
  const issuers = requireList(options.authorizationServers, "authorizationServers");
  issuers.forEach((issuer, index) => requireIssuer(issuer, `authorizationServers[${index}]`));
  const scopes = requireScopes(options.scopesSupported ?? [], "scopesSupported");
  const advertised = [...new Set(scopes)].filter((scope) => scope !== "offline_access");
  const { resourceName, resourceDocumentation } = options;
  if (resourceName !== undefined && (typeof resourceName !== "string" || resourceName === "")) {
    throw new TypeError(`resourceName: expected a name, got ${show(resourceName)}`);
  }
  if (resourceDocumentation !== undefined) requirePage(resourceDocumentation);
  return {
    resource: options.resource,
    authorization_servers: [...issuers],
    bearer_methods_supported: ["header"],
    ...(advertised.length === 0 ? {} : { scopes_supported: advertised }),
    ...(resourceName === undefined ? {} : { resource_name: resourceName }),
    ...(resourceDocumentation === undefined
      ? {}
      : { resource_documentation: resourceDocumentation }),
  };
}

/**
 * The URL of a resource's metadata: the well-known path goes between host and path (RFC 9728 section
 * 3.1). `https://h/a/mcp/` gives `https://h/.well-known/oauth-protected-resource/a/mcp/`.
 *
 * @throws TypeError when `resource` is no https URL (http on localhost), or has a fragment
 */
export function protectedResourceMetadataUrl(resource: string): string {
  const url = requireSecureUrl(resource, "resource");
  const path = url.pathname === "/" ? "" : url.pathname;
  return `${url.origin}${WELL_KNOWN_PROTECTED_RESOURCE}${path}${url.search}`;
}

/**
 * Checks an option that lists scopes.
 *
 * @throws TypeError that names the option
 */
export function requireScopes(value: readonly string[], option: string): readonly string[] {
  if (!Array.isArray(value)) {
    throw new TypeError(`${option}: expected an array of scopes, got ${show(value)}`);
  }
  value.forEach((scope: unknown, index) => {
    if (typeof scope === "string" && isScopeToken(scope)) return;
    throw new TypeError(
      `${option}[${index}]: expected a scope (RFC 6749 section 3.3), got ${show(scope)}`,
    );
  });
  return value;
}

function requireList(value: readonly string[], option: string): readonly string[] {
  if (Array.isArray(value) && value.length > 0) return value;
  throw new TypeError(`${option}: expected an array with at least one issuer URL`);
}

function requireIssuer(issuer: string, option: string): void {
  if (requireSecureUrl(issuer, option).href.includes("?")) {
    throw new TypeError(`${option}: expected no query, got ${show(issuer)}`);
  }
}

function requirePage(page: string): void {
  if (typeof page === "string" && /^https?:/i.test(page) && toUrl(page) !== undefined) return;
  throw new TypeError(`resourceDocumentation: expected an http(s) URL, got ${show(page)}`);
}
