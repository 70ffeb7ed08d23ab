import type { AuthConfig } from "convex/server";

declare const process: { env: Record<string, string | undefined> };

/** Tokens are for the MCP endpoint: their audience is the URL that the client was given, with or without a slash. */
const endpoint = `${process.env.CONVEX_SITE_URL}/mcp`;
const domain = process.env.OIDC_ISSUER ?? "";

export default {
  providers: [
    { domain, applicationID: endpoint },
    { domain, applicationID: `${endpoint}/` },
  ],
} satisfies AuthConfig;
