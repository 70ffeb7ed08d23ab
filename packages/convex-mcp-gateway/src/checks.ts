import { createPayloadWriter, ENTRY_LIMITS } from "@convex-mcp/audit";
import { protectedResourceMetadata } from "@convex-mcp/auth";
import { checkCache, type Config } from "@convex-mcp/convex-adapter";
import { checkMcpOptions } from "@convex-mcp/protocol";
import type { AuditOptions, McpGatewayOptions, OAuthOptions } from "./options.ts";
import { scopesSupported } from "./resource.ts";

/**
 * Has the parts of the gateway judge their options when it is made, at deploy time: they get them again with each
 * request, which would be late for a refusal.
 *
 * @throws TypeError naming the option that is wrong.
 */
export function checkOptions(options: McpGatewayOptions): void {
  const { authorize, tools, features = [], siteUrl, oauth, audit, cache } = options;
  if (typeof authorize !== "function") {
    throw new TypeError(
      "authorize: expected a function, such as requireScopes(). Without it nobody may call anything.",
    );
  }
  if (!Array.isArray(tools)) throw new TypeError(`tools: expected a list, got ${typeof tools}.`);
  if (!Array.isArray(features) || features.some((it) => typeof it?.serve !== "function")) {
    throw new TypeError("features: expected a list of what mcpResources and its like make.");
  }
  if (siteUrl !== undefined && !(/^https?:[^?#@]+$/i.test(siteUrl) && URL.canParse(siteUrl))) {
    throw new TypeError(
      `siteUrl: expected a URL such as https://mcp.example.com, got ${JSON.stringify(siteUrl)}.`,
    );
  }
  checkCache("McpGateway", cache);
  if (oauth !== undefined) checkOAuth(oauth, siteUrl);
  if (audit?.limits !== undefined) checkLimits(audit.limits);
}

/** `resource` is the site, where an option says it: documents and challenges name it, and would throw with each request. */
function checkOAuth(oauth: OAuthOptions, resource = "https://localhost"): void {
  if (oauth.bridge !== undefined && oauth.authorizationServers !== undefined) {
    throw new TypeError("oauth: expected authorizationServers or a bridge, got both.");
  }
  const authorizationServers = oauth.bridge === undefined ? oauth.authorizationServers : [resource];
  for (const option of ["scopesSupported", "initialScopes"] as const) {
    try {
      const scopesSupported = oauth[option];
      protectedResourceMetadata({ ...oauth, authorizationServers, scopesSupported, resource });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const named = why.replace(/^scopesSupported/, option);
      throw new TypeError(`oauth.${named}. Is its environment variable set?`, { cause: error });
    }
  }
}

/**
 * A client asks for what the discovery document names, and the bridge refuses what it does not know.
 *
 * @throws TypeError naming the scope.
 */
export function checkBridge({ oauth }: McpGatewayOptions, config: Config): void {
  if (oauth?.bridge === undefined) return;
  const { scopes } = oauth.bridge;
  const needed = [...scopesSupported(oauth, config), ...(oauth.initialScopes ?? [])];
  const unknown = needed.find((scope) => !scopes.includes(scope));
  if (unknown === undefined) return;
  throw new TypeError(
    `oauth.bridge: expected its upstream.scopes to have ${JSON.stringify(unknown)}, which tools, features or oauth name.`,
  );
}

function checkLimits(limits: NonNullable<AuditOptions["limits"]>): void {
  createPayloadWriter(undefined, limits);
  const most = ENTRY_LIMITS.args;
  if ((limits.bytes ?? 0) <= most) return;
  throw new TypeError(
    `audit.limits.bytes: expected at most ${most}, which an entry has room for, got ${limits.bytes}.`,
  );
}

/**
 * The same for what the protocol judges.
 *
 * @throws TypeError naming the option that is wrong.
 */
export function checkProtocol(
  { serverInfo, limits, allowedHosts, allowedOrigins }: McpGatewayOptions,
  config: Config,
): void {
  checkMcpOptions({
    serverInfo,
    limits,
    hosts: { allowed: allowedHosts },
    origins: { allowed: allowedOrigins },
    features: config.features.flatMap(({ serve }) => serve(config)),
  });
}
