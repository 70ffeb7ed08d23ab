import { protectedResourceMetadata, protectedResourceMetadataUrl } from "@convex-mcp/auth";
import type { Config, Resource } from "@convex-mcp/convex-adapter";
import { corsHeaders, type OriginPolicy, preflight } from "@convex-mcp/protocol";
import type { McpGatewayOptions, OAuthOptions } from "./options.ts";

/** The platform gives functions their environment and nothing else of `process`. */
declare const process: { readonly env: Readonly<Record<string, string | undefined>> };

/** Convex answers HEAD wherever there is a route for GET. */
const DOCUMENT_METHODS = "GET, HEAD, OPTIONS";

/** Of a gateway or a bridge. */
interface SiteOptions {
  readonly siteUrl?: string | undefined;
}

/**
 * Where the deployment answers HTTP. Not from the request: its Host header is whatever the caller wrote.
 *
 * @throws Error when neither the option nor the platform says.
 */
export function siteUrl(options: SiteOptions): string {
  const url = options.siteUrl ?? process.env["CONVEX_SITE_URL"];
  if (url === undefined || !URL.canParse(url)) {
    throw new Error(
      "CONVEX_SITE_URL is not set: give the option siteUrl, such as https://mcp.example.com.",
    );
  }
  return url.replace(/\/+$/, "");
}

/**
 * The path that a proxy in front of the deployment takes away: that of `siteUrl`, which discovery documents have in theirs.
 * Empty where the site has none, and where it is not known before a request.
 */
export function sitePath({ siteUrl }: SiteOptions): string {
  return siteUrl === undefined ? "" : new URL(siteUrl).pathname.replace(/\/+$/, "");
}

/** The server as a client was told of it: `/mcp` and `/mcp/` are two spellings, and each is answered in its own (RFC 9728 section 3.3). */
export function resourceAt(options: McpGatewayOptions, path: string): Resource {
  const url = siteUrl(options) + path;
  const { oauth } = options;
  return {
    url,
    // Of use to a refusal alone: most requests need no parsed URL for it.
    get metadataUrl() {
      return oauth === undefined ? undefined : protectedResourceMetadataUrl(url);
    },
    initialScopes: oauth?.initialScopes,
  };
}

/** Answers a request for the discovery document: public, cacheable, readable by every page that may call the server. */
export function metadataResponse(
  request: Request,
  resource: Resource,
  oauth: OAuthOptions | undefined,
  about: {
    readonly name: string;
    readonly config: Config;
    readonly site: string;
    readonly allowedOrigins: OriginPolicy["allowed"];
  },
): Response {
  const origins = { canonical: about.site, allowed: about.allowedOrigins };
  if (request.method === "OPTIONS") return preflight(request, origins, DOCUMENT_METHODS);
  const headers = { ...corsHeaders(request, origins), "X-Content-Type-Options": "nosniff" };
  if (oauth === undefined) {
    return Response.json(
      { error: "This server names no authorization server." },
      { status: 404, headers },
    );
  }
  const { bridge, authorizationServers } = oauth;
  const document = protectedResourceMetadata({
    ...oauth,
    authorizationServers: bridge === undefined ? authorizationServers : [bridge.issuer(about.site)],
    resource: resource.url,
    scopesSupported: scopesSupported(oauth, about.config),
    resourceName: oauth.resourceName ?? about.name,
  });
  return Response.json(document, {
    headers: { ...headers, "Cache-Control": "public, max-age=300" },
  });
}

/** The scopes that the discovery document names. */
export function scopesSupported(
  { scopesSupported }: OAuthOptions,
  { catalog, features }: Config,
): readonly string[] {
  if (scopesSupported !== undefined) return scopesSupported;
  const tools = [...catalog.values()].flatMap(({ metadata }) => metadata.scopes ?? []);
  return [...new Set([...tools, ...features.flatMap(({ scopes }) => scopes)])];
}
