import { type McpBridge, mcpBridge, type OAuthOptions } from "convex-mcp-gateway";
import { components } from "./_generated/api.js";

declare const process: { env: Record<string, string | undefined> };

const issuer = process.env.OIDC_ISSUER ?? "";

/** Between clients and a provider that registers none. Your app has one of the two; this one shows both. */
export const bridge: McpBridge | undefined =
  process.env.MCP_BRIDGE_CLIENT_ID === undefined
    ? undefined
    : mcpBridge(components.mcpGateway, {
        upstream: {
          issuer,
          authorizationEndpoint: `${issuer}/auth`,
          tokenEndpoint: `${issuer}/token`,
          revocationEndpoint: `${issuer}/token/revocation`,
          scopes: ["invoices:read", "invoices:write"],
          extraScopes: ["openid", "profile", "offline_access"],
          forwardResource: true,
          requireIss: true,
        },
      });

export const oauth: OAuthOptions =
  bridge === undefined ? { authorizationServers: [issuer] } : { bridge };
