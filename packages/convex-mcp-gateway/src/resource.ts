import { protectedResourceMetadata, protectedResourceMetadataUrl } from "@convex-mcp/auth";
import type { Config, Resource } from "@convex-mcp/convex-adapter";
import { corsHeaders, type OriginPolicy, preflight } from "@convex-mcp/protocol";
import type { McpGatewayOptions, OAuthOptions } from "./options.ts";
import { siteUrl } from "./site.ts";

/** Convex answers HEAD wherever there is a route for GET. */
const DOCUMENT_METHODS = "GET, HEAD, OPTIONS";

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
