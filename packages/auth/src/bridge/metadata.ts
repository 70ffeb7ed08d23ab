import type { CommonSettings, Settings } from "./settings.ts";

const OAUTH = "/.well-known/oauth-authorization-server";
const OPENID = "/.well-known/openid-configuration";

/**
 * Where the metadata is: between host and path (RFC 8414 section 3.1), behind the path (OpenID Connect
 * Discovery section 4), and at the origin, where clients of MCP 2025-03-26 look. The OpenID document at the
 * origin is left to the app when the bridge has a path: others sign tokens there.
 */
export function metadataPaths(path: string): readonly string[] {
  return [...new Set([OAUTH, `${OAUTH}${path}`, `${OPENID}${path}`, `${path}${OPENID}`])];
}

/** The document of RFC 8414 section 2 for a bridge that is the authorization server. */
export function proxyMetadata(settings: Settings) {
  const { issuer, upstream, documents, registration } = settings;
  return {
    ...common(issuer),
    ...(registration.enabled ? { registration_endpoint: `${issuer}/register` } : {}),
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    revocation_endpoint: `${issuer}/revoke`,
    token_endpoint_auth_methods_supported: ["none", "client_secret_basic", "client_secret_post"],
    revocation_endpoint_auth_methods_supported: [
      "none",
      "client_secret_basic",
      "client_secret_post",
    ],
    scopes_supported: upstream.scopes,
    client_id_metadata_document_supported: documents.enabled,
    // RFC 9207 section 3.
    authorization_response_iss_parameter_supported: true,
  };
}

/** The document for a bridge that only registers: clients go to the provider itself. */
export function passthroughMetadata(settings: CommonSettings) {
  const { issuer, upstream } = settings;
  return {
    ...common(issuer),
    registration_endpoint: `${issuer}/register`,
    authorization_endpoint: upstream.authorizationEndpoint,
    token_endpoint: upstream.tokenEndpoint,
    ...(upstream.revocationEndpoint === undefined
      ? {}
      : { revocation_endpoint: upstream.revocationEndpoint }),
    token_endpoint_auth_methods_supported: ["none"],
    scopes_supported: [...new Set([...upstream.scopes, ...upstream.extraScopes])],
  };
}

function common(issuer: string) {
  return {
    issuer,
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    grant_types_supported: ["authorization_code", "refresh_token"],
    code_challenge_methods_supported: ["S256"],
  };
}
