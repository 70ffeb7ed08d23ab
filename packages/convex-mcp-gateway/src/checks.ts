import { createPayloadWriter, ENTRY_LIMITS } from "@convex-mcp/audit";
import { protectedResourceMetadata } from "@convex-mcp/auth";
import {
  checkCache,
  type Config,
  type Principal,
  type RequestScope,
} from "@convex-mcp/convex-adapter";
import { createMcpHandler, type McpHandlerOptions } from "@convex-mcp/protocol";
import type { AuditOptions, McpGatewayOptions, OAuthOptions } from "./options.ts";

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
  if (siteUrl !== undefined && !(/^https?:/i.test(siteUrl) && URL.canParse(siteUrl))) {
    throw new TypeError(
      `siteUrl: expected a URL such as https://mcp.example.com, got ${JSON.stringify(siteUrl)}.`,
    );
  }
  checkCache("McpGateway", cache);
  if (oauth !== undefined) checkOAuth(oauth);
  if (audit?.limits !== undefined) checkLimits(audit.limits);
}

function checkOAuth(oauth: OAuthOptions): void {
  try {
    for (const scopesSupported of [oauth.scopesSupported, oauth.initialScopes]) {
      protectedResourceMetadata({ ...oauth, scopesSupported, resource: "https://localhost" });
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TypeError(`oauth.${why}. Is its environment variable set?`, { cause: error });
  }
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
  const judged: Partial<McpHandlerOptions<RequestScope, Principal>> = {
    serverInfo,
    limits,
    hosts: { allowed: allowedHosts },
    origins: { allowed: allowedOrigins },
    features: config.features.flatMap(({ serve }) => serve(config)),
  };
  // Never asked: the rest of a handler belongs to a mount.
  createMcpHandler(judged as McpHandlerOptions<RequestScope, Principal>);
}
