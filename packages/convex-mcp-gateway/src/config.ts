import {
  type AuditSettings,
  type Catalog,
  type ComponentApi,
  type Config,
  createCatalog,
  taskWorkOf,
} from "@convex-mcp/convex-adapter";
import { checkBridge, checkOptions, checkProtocol } from "./checks.ts";
import type { AuditOptions, McpGatewayOptions } from "./options.ts";

/** What `signInTool` adds. */
const SIGN_IN = "sign_in";
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/**
 * The options as the adapter works with them.
 *
 * @throws TypeError naming the option, or the tool, that is wrong.
 */
export function resolveConfig(component: ComponentApi, options: McpGatewayOptions): Config {
  if (component === undefined || component === null) {
    throw new TypeError(
      "Expected components.mcpGateway. Is app.use(mcpGateway) in convex.config.ts, and has `npx convex dev` run since?",
    );
  }
  checkOptions(options);
  const { sessions, signInTool = false, features = [] } = options;
  const config: Config = {
    component,
    catalog: withoutSignIn(createCatalog(options.tools, options.audit?.hash), signInTool),
    cache: options.cache,
    features,
    authorize: options.authorize,
    loadContext: options.loadContext,
    signInTool,
    sessions: {
      policy: sessions?.policy ?? "authenticated",
      ttlMs: positive("sessions.ttlMs", sessions?.ttlMs, DAY),
      maxPerOwner: positive("sessions.maxPerOwner", sessions?.maxPerOwner, 50),
    },
    audit: resolveAudit(options.audit),
  };
  if (options.tools.some(({ task }) => task)) taskWorkOf(config);
  checkProtocol(options, config);
  checkBridge(options, config);
  return config;
}

function resolveAudit(audit: AuditOptions = {}): AuditSettings {
  const { onFailure = "deny", retentionDays, maxEntries, limits = {}, hash } = audit;
  const keep = maxEntries === undefined ? undefined : positive("audit.maxEntries", maxEntries, 1);
  return {
    onFailure,
    retentionMs: positive("audit.retentionDays", retentionDays, 90) * DAY,
    limits,
    hash,
    keeping: {
      ...(audit.chain === true && { chain: true }),
      ...(keep && { keep }),
    },
    reads: audit.reads === true,
    refusals: audit.refusals === true,
  };
}

/** The tool that strangers are shown would be a second one of that name. */
function withoutSignIn(catalog: Catalog, signInTool: boolean): Catalog {
  if (!signInTool || !catalog.has(SIGN_IN)) return catalog;
  throw new TypeError(`Tool "${SIGN_IN}" is declared twice: signInTool adds one of that name.`);
}

function positive(name: string, value: number | undefined, standard: number): number {
  const number = value ?? standard;
  if (Number.isFinite(number) && number > 0) return number;
  throw new TypeError(`${name}: expected a positive number, got ${String(value)}.`);
}
