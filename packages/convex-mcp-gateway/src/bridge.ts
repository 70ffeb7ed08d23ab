import {
  type BridgeEvent,
  createBridge,
  createGrantReader,
  type GrantReader,
  type ProxyOptions,
} from "@convex-mcp/auth/bridge";
import {
  type BridgeAdmin,
  type BridgeAudit,
  type BridgeTables,
  checkProxyHeader,
  countBridgeRefusal,
  createBridgeAdmin,
  createBridgeRecorder,
  createBridgeStore,
  requestMetadata,
  statedAddress,
} from "@convex-mcp/convex-adapter";
import {
  type GenericActionCtx,
  type GenericDataModel,
  httpActionGeneric,
  type HttpRouter,
} from "convex/server";
import { sitePath, siteUrl } from "./site.ts";

/** The platform gives functions their environment and nothing else of `process`. */
declare const process: { readonly env: Readonly<Record<string, string | undefined>> };

/** The identity provider, and the one client that the bridge is there. */
export interface McpBridgeUpstream extends Omit<ProxyOptions["upstream"], "clientId"> {
  /** Default: the environment variable `MCP_BRIDGE_CLIENT_ID`. */
  readonly clientId?: string | undefined;
  /** Default: the environment variable `MCP_BRIDGE_CLIENT_SECRET`; without one the bridge is a public client. */
  readonly clientSecret?: string | undefined;
}

/** Options of {@link mcpBridge}. What is not here, `@convex-mcp/auth/bridge` describes. */
export interface McpBridgeOptions extends Omit<
  ProxyOptions,
  "issuer" | "mode" | "now" | "resources" | "secrets" | "store" | "upstream"
> {
  /** The provider, and how to sign people in there. */
  readonly upstream: McpBridgeUpstream;
  /** Where its endpoints are: `/oauth/authorize`, … Default `/oauth`. */
  readonly path?: string | undefined;
  /**
   * Random texts of 32 characters or more; the first seals, all open. Default: the environment variable `MCP_BRIDGE_SECRET`, which
   * may hold several, the newest first, with spaces between them.
   */
  readonly secrets?: readonly string[] | undefined;
  /**
   * The header that the proxy in front of the deployment sets to the caller's address, as that of `mcpRateLimits`: only where
   * nobody can reach the deployment past the proxy. Default: the address that the platform tells.
   */
  readonly trustedProxyHeader?: string | undefined;
  /** `passthrough` stores nothing, and is safe with few providers: see `PassthroughOptions` of `@convex-mcp/auth/bridge`. Default `proxy`. */
  readonly mode?: "proxy" | "passthrough" | undefined;
}

/** The endpoint that the bridge gives tokens for. */
export interface BridgeMount {
  /** Default `/mcp`. */
  readonly path?: string | undefined;
  /** Default: `CONVEX_SITE_URL`. */
  readonly siteUrl?: string | undefined;
  /** How what happens is recorded: a gateway says it. Default: entries are kept for 90 days, and refusals not counted. */
  readonly audit?: BridgeAudit | undefined;
}

/** An authorization server of the app's own, and what its functions can do with what it remembers. */
export interface McpBridge extends BridgeAdmin {
  /** What clients may ask for. */
  readonly scopes: readonly string[];
  /** Its URL on a site. */
  issuer(siteUrl: string): string;
  /**
   * Serves it for an endpoint; call it again for each further one. The `registerRoutes` of a gateway with `oauth: { bridge }` does.
   *
   * @throws Error when the app has a route of its own at one of the endpoints; TypeError for a mount on another site than the first.
   */
  registerRoutes(http: HttpRouter, mount?: BridgeMount): void;
}

type Ctx = GenericActionCtx<GenericDataModel>;

/** Where options are judged before the site is known. */
const NOWHERE = "https://localhost";
/** A router without a route answers 404, and the right answer is 405. */
const METHODS = ["GET", "POST", "OPTIONS"] as const;
const DAY = 24 * 60 * 60_000;
/** Of a bridge that remembers nothing. */
const NO_GRANTS: GrantReader = { ownersOf: async () => [], read: async () => undefined };
const ORIGIN_DOCUMENT = "/.well-known/oauth-authorization-server";

/**
 * An OAuth authorization server in front of an identity provider that cannot register MCP clients: it registers them, asks each
 * user for consent, signs them in at the provider, and hands out the provider's own access tokens, so that
 * `auth.config.ts` and `ctx.auth` stay as they are.
 *
 * Register `https://<your deployment>.convex.site/oauth/callback` at the provider, and set the environment variables
 * `MCP_BRIDGE_CLIENT_ID`, `MCP_BRIDGE_CLIENT_SECRET` and `MCP_BRIDGE_SECRET`.
 *
 * @example
 * export const bridge: McpBridge = mcpBridge(components.mcpGateway, {
 *   upstream: {
 *     issuer: "https://id.example.com",
 *     authorizationEndpoint: "https://id.example.com/authorize",
 *     tokenEndpoint: "https://id.example.com/token",
 *     scopes: ["invoices:read"],
 *     extraScopes: ["openid", "offline_access"],
 *   },
 * });
 * export const mcp: McpGateway = new McpGateway(components.mcpGateway, { ..., oauth: { bridge } });
 * @throws TypeError that names the option or the environment variable, when one is missing or wrong.
 */
export function mcpBridge(component: BridgeTables, options: McpBridgeOptions): McpBridge {
  const { path = "/oauth", mode = "proxy", trustedProxyHeader } = options;
  if (!/^(?:\/[\w.~-]+)+$/.test(path)) {
    throw new TypeError(
      `mcpBridge: path: expected one such as "/oauth", got ${JSON.stringify(path)}.`,
    );
  }
  checkProxyHeader("mcpBridge", trustedProxyHeader);
  const secrets = mode === "proxy" ? secretsOf(options, path) : [];
  const upstream = upstreamOf(options.upstream);
  const at = (site: string, resources: readonly string[], request: Partial<ProxyOptions> = {}) =>
    createBridge({
      store: {},
      ...options,
      ...request,
      mode,
      upstream,
      secrets,
      issuer: site + path,
      resources,
    } as ProxyOptions);
  judged(() => at(NOWHERE, [NOWHERE]));
  /** What is served on each router: the endpoints in the order in which they were mounted. */
  const mounted = new WeakMap<HttpRouter, Served>();
  const answerFor =
    (mount: BridgeMount, endpoints: ReadonlySet<string>): Answer =>
    async (ctx, request, path) => {
      const { audit = { retentionMs: 90 * DAY } } = mount;
      const site = siteUrl(mount);
      const metadata = await requestMetadata(ctx);
      const recorder = createBridgeRecorder(audit, upstream.issuer, metadata);
      const store = createBridgeStore(ctx, component, recorder);
      const events: BridgeEvent[] = [];
      const onEvent = (event: BridgeEvent) => {
        events.push(event);
        (options.onEvent ?? report)(event);
      };
      const address = statedAddress(trustedProxyHeader, request.headers, metadata.ip);
      const resources = [...endpoints].map((it) => site + it);
      const bridge = at(site, resources, { store, onEvent });
      const response = await bridge.handle(request, { address, path });
      // A request is refused once, whatever was noticed on the way there.
      const last = events.at(-1);
      if (last !== undefined) await countBridgeRefusal(component, ctx, audit, last);
      return response ?? new Response(null, { status: 404 });
    };

  return {
    ...createBridgeAdmin(component, upstream.issuer, () =>
      mode === "proxy" ? createGrantReader(secrets) : NO_GRANTS,
    ),
    scopes: [...upstream.scopes, ...(upstream.extraScopes ?? [])],
    issuer: (site) => site + path,
    registerRoutes: (http, mount = {}) => {
      const endpoint = mount.path ?? "/mcp";
      const site = mount.siteUrl === undefined ? undefined : siteUrl(mount);
      const known = mounted.get(http);
      if (known !== undefined) {
        requireSameSite(known.site, site);
        known.endpoints.add(endpoint);
        return;
      }
      const endpoints = new Set([endpoint]);
      mounted.set(http, { site, endpoints });
      if (site !== undefined) judged(() => at(site, [NOWHERE]));
      const answer = answerFor(mount, endpoints);
      const bare = at(NOWHERE, [NOWHERE]).paths;
      for (const [index, full] of at(NOWHERE + sitePath(mount), [NOWHERE]).paths.entries()) {
        serve(http, full, bare[index] ?? full, answer);
      }
    },
  };
}

/** @param path - as the client asked for it. */
type Answer = (ctx: Ctx, request: Request, path: string) => Promise<Response>;

interface Served {
  /** Undefined: `CONVEX_SITE_URL`. */
  readonly site: string | undefined;
  readonly endpoints: Set<string>;
}

/** Its issuer is of one site: the documents of a gateway on another would name one that is not served. */
function requireSameSite(one: string | undefined, other: string | undefined): void {
  if (one === other) return;
  const name = (site = "CONVEX_SITE_URL") => site;
  throw new TypeError(
    `mcpBridge: expected one siteUrl for all that it serves, got ${name(one)} and ${name(other)}.`,
  );
}

/** With and without what a proxy takes away, as the gateway's own discovery documents are. */
function serve(http: HttpRouter, full: string, bare: string, answer: Answer): void {
  const handler = httpActionGeneric((ctx, request) => answer(ctx, request, full));
  for (const path of new Set([full, bare])) {
    // An app that is an authorization server itself has its document there.
    if (path === ORIGIN_DOCUMENT && http.exactRoutes.has(path)) continue;
    for (const method of METHODS) http.route({ path, method, handler });
  }
}

function upstreamOf(upstream: McpBridgeUpstream | undefined) {
  const { MCP_BRIDGE_CLIENT_ID: id = "", MCP_BRIDGE_CLIENT_SECRET: secret } = process.env;
  const clientId = upstream?.clientId ?? id;
  if (clientId === "") throw missing("MCP_BRIDGE_CLIENT_ID", "the id of your client there");
  // Set to nothing is how a variable is taken away in some shells.
  const clientSecret = upstream?.clientSecret ?? (secret === "" ? undefined : secret);
  return { ...upstream, clientId, clientSecret } as ProxyOptions["upstream"];
}

/** With the path, so that what one bridge of an app has sealed means nothing to another. */
function secretsOf({ secrets }: McpBridgeOptions, path: string): readonly string[] {
  const text = process.env["MCP_BRIDGE_SECRET"] ?? "";
  const all = secrets ?? text.split(/\s+/).filter((secret) => secret !== "");
  if (all.length > 0 && all.every((secret) => secret.length >= 32)) {
    return all.map((secret) => `${secret} ${path}`);
  }
  throw missing("MCP_BRIDGE_SECRET", '"$(openssl rand -base64 32)"');
}

function missing(variable: string, value: string): TypeError {
  return new TypeError(
    `mcpBridge: ${variable} is not set, or too short: run \`npx convex env set ${variable} ${value}\`.`,
  );
}

function judged(make: () => unknown): void {
  try {
    make();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TypeError(`mcpBridge: ${why}`, { cause: error });
  }
}

/** Of what was refused only what somebody has to mend: strangers can have anything else refused as often as they like. */
const report: NonNullable<ProxyOptions["onEvent"]> = ({ endpoint, error, description, cause }) => {
  if (error !== "server_error" || cause === undefined) return;
  console.error(`MCP bridge, ${endpoint}: ${description}`, cause);
};
