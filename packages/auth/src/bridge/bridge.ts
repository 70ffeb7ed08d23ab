import { authorize } from "./authorize.ts";
import { callback } from "./callback.ts";
import type { Caller } from "./client.ts";
import { consent } from "./consent.ts";
import { metadataPaths, passthroughMetadata, proxyMetadata } from "./metadata.ts";
import type { BridgeOptions, PassthroughOptions, ProxyOptions } from "./options.ts";
import { errorPage } from "./page.ts";
import { registerShared } from "./passthrough.ts";
import { register } from "./registration.ts";
import { errorResponse } from "./respond.ts";
import { revoke } from "./revoke.ts";
import { commonSettings, proxySettings, type CommonSettings } from "./settings.ts";
import { token } from "./token.ts";

/** What {@link createBridge} makes. */
export interface Bridge {
  /** The paths that it answers, for routers that want to know them. */
  readonly paths: readonly string[];
  /**
   * Answers a request for one of its paths, and gives undefined for any other. Pass the caller's address,
   * as the platform knows it: without one, all callers share the limits. Where a proxy takes away a part
   * of the path, say as `path` what the client asked for. Never rejects.
   */
  handle(
    request: Request,
    caller?: Caller & { readonly path?: string | undefined },
  ): Promise<Response | undefined>;
}

interface Endpoint {
  readonly name: string;
  readonly method: "GET" | "POST";
  /** A page of a browser has no CORS; what scripts of other sites may ask has. */
  readonly kind: "page" | "api";
  answer(request: Request, caller: Caller): Response | Promise<Response>;
}

const ANY_ORIGIN = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "retry-after, www-authenticate",
};
const PREFLIGHT = {
  "access-control-allow-headers": "authorization, content-type, accept, mcp-protocol-version",
  "access-control-max-age": "86400",
};

/**
 * Creates an OAuth authorization server in front of an identity provider that cannot register MCP clients.
 *
 * In proxy mode (the default) it registers clients (RFC 7591) or reads their metadata documents, asks each
 * person for consent for each client, signs them in at the provider with the bridge's one client there, and
 * gives codes and refresh tokens of its own. Access tokens are the provider's, as they are: whoever
 * accepts them verifies them. Everything a stranger can add is bounded, expires, and works once.
 *
 * @throws TypeError that names the option, when one is missing or wrong
 *
 * @example
 * const bridge = createBridge({
 *   issuer: "https://app.example.com",
 *   resources: "https://app.example.com/mcp",
 *   upstream: { issuer, authorizationEndpoint, tokenEndpoint, clientId, clientSecret, scopes: ["openid"] },
 *   store: memoryBridgeStore(),
 *   secrets: [secret],
 * });
 * const response = await bridge.handle(request, { address });
 */
export function createBridge(options: BridgeOptions): Bridge {
  const { endpoints, settings } = isPassthrough(options) ? passthrough(options) : proxy(options);
  return {
    paths: [...endpoints.keys()],
    async handle(request, caller = {}) {
      const endpoint = endpoints.get(caller.path ?? new URL(request.url).pathname);
      if (endpoint === undefined) return undefined;
      const response = await answer(endpoint, request, caller, settings);
      if (endpoint.kind === "page") return response;
      for (const [name, value] of Object.entries(ANY_ORIGIN)) response.headers.set(name, value);
      return response;
    },
  };
}

async function answer(
  endpoint: Endpoint,
  request: Request,
  caller: Caller,
  settings: CommonSettings,
): Promise<Response> {
  const { method } = request;
  if (method === "OPTIONS" && endpoint.kind === "api") {
    const allowed = { "access-control-allow-methods": endpoint.method };
    return new Response(null, { status: 204, headers: { ...PREFLIGHT, ...allowed } });
  }
  // A HEAD of a page would use up what works once.
  const isHead = method === "HEAD" && endpoint.kind === "api" && endpoint.method === "GET";
  if (method !== endpoint.method && !isHead) {
    return new Response(null, { status: 405, headers: { allow: endpoint.method } });
  }
  try {
    return await endpoint.answer(request, caller);
  } catch (cause) {
    const failure = { error: "server_error", description: "Something went wrong; try again." };
    settings.report({ endpoint: endpoint.name, ...failure, cause });
    return endpoint.kind === "page" ? errorPage(failure, { status: 500 }) : errorResponse(failure);
  }
}

function proxy(options: ProxyOptions) {
  const settings = proxySettings(options);
  const { path } = settings;
  const registers = api("register", (request, caller) => register(request, settings, caller));
  const endpoints = new Map<string, Endpoint>([
    ...metadataEndpoints(path, () => proxyMetadata(settings)),
    ...(settings.registration.enabled ? [[`${path}/register`, registers] as const] : []),
    [`${path}/token`, api("token", (request) => token(request, settings))],
    [`${path}/revoke`, api("revoke", (request) => revoke(request, settings))],
    [
      `${path}/authorize`,
      page("authorize", "GET", (request, caller) => authorize(request, settings, caller)),
    ],
    [
      `${path}/consent`,
      page("consent", "POST", (request, caller) => consent(request, settings, caller)),
    ],
    [
      `${path}/callback`,
      page("callback", "GET", (request, caller) => callback(request, settings, caller)),
    ],
  ]);
  return { endpoints, settings };
}

function passthrough(options: PassthroughOptions) {
  const settings = commonSettings(options);
  const { path, upstream } = settings;
  if (upstream.authMethod !== "none") {
    throw new TypeError(
      "upstream.clientSecret: expected none in passthrough mode, where all clients share it",
    );
  }
  const endpoints = new Map<string, Endpoint>([
    ...metadataEndpoints(path, () => passthroughMetadata(settings)),
    [`${path}/register`, api("register", (request) => registerShared(request, settings))],
  ]);
  return { endpoints, settings };
}

function isPassthrough(options: BridgeOptions): options is PassthroughOptions {
  if (options.mode === "passthrough") return true;
  if (options.mode === undefined || options.mode === "proxy") return false;
  throw new TypeError('mode: expected "proxy" or "passthrough"');
}

function metadataEndpoints(path: string, document: () => object): [string, Endpoint][] {
  const answer = () =>
    new Response(JSON.stringify(document()), {
      headers: { "content-type": "application/json", "cache-control": "public, max-age=300" },
    });
  const endpoint: Endpoint = { name: "metadata", method: "GET", kind: "api", answer };
  return metadataPaths(path).map((at) => [at, endpoint]);
}

function api(name: string, answer: Endpoint["answer"]): Endpoint {
  return { name, method: "POST", kind: "api", answer };
}

function page(name: string, method: Endpoint["method"], answer: Endpoint["answer"]): Endpoint {
  return { name, method, kind: "page", answer };
}
