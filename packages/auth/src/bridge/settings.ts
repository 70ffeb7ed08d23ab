import { requireScopes } from "../metadata.ts";
import { requireSecureUrl, show } from "../url.ts";
import type {
  BridgeEvent,
  BridgeOptions,
  DocumentOptions,
  Fetch,
  ProxyOptions,
  RegistrationOptions,
  UpstreamAuthMethod,
  UpstreamOptions,
} from "./options.ts";
import { isPrivateScheme, type RedirectPolicy } from "./redirect.ts";
import { createSealer, type Sealer } from "./seal.ts";
import type { BridgeStore } from "./store.ts";

/** The options of both modes, checked and complete. */
export interface CommonSettings {
  readonly issuer: string;
  /** The path of the issuer, without a slash at its end: empty for an origin. */
  readonly path: string;
  readonly upstream: Upstream;
  readonly redirects: RedirectPolicy;
  readonly report: (event: BridgeEvent) => void;
}

export interface Upstream extends Omit<UpstreamOptions, "tokenEndpointAuthMethod"> {
  readonly authMethod: UpstreamAuthMethod;
  readonly extraScopes: readonly string[];
  readonly token: "access_token" | "id_token";
}

/** The options of proxy mode, checked and complete. */
export interface Settings extends CommonSettings {
  readonly resources: readonly [string, ...string[]];
  readonly store: BridgeStore;
  readonly sealer: Sealer;
  /** Keeps the hashes of caller addresses from being reversed by trying all addresses. */
  readonly pepper: string;
  readonly documents: DocumentOptions & { readonly enabled: boolean; readonly fetch: Fetch };
  readonly registration: Limits & {
    readonly enabled: boolean;
    readonly perOwnerHourly: number;
    readonly totalHourly: number;
    readonly unusedMs: number;
    readonly usedMs: number;
  };
  readonly pending: Limits;
  readonly grantsPerUser: number;
  readonly rememberMs: number;
  readonly refreshMs: number;
  readonly graceMs: number;
  readonly fetch: Fetch;
  readonly now: () => number;
}

interface Limits {
  readonly perOwner: number;
  readonly total: number;
}

const DAY = 86_400;

/** @throws TypeError that names the option, when one is missing or wrong */
export function commonSettings(options: BridgeOptions): CommonSettings {
  const issuer = requireSecureUrl(options.issuer, "issuer");
  if (options.issuer !== issuer.origin + issuer.pathname.replace(/\/$/, "")) {
    throw new TypeError(
      `issuer: expected the canonical spelling without query and without a slash at the end, got ${show(options.issuer)}`,
    );
  }
  return {
    issuer: options.issuer,
    path: issuer.pathname.replace(/\/$/, ""),
    upstream: upstreamSettings(options.upstream),
    redirects: redirectPolicy(options.registration ?? {}),
    report: (event) => {
      try {
        options.onEvent?.(event);
      } catch {
        // A report never alters a response, and there is nobody else to tell.
      }
    },
  };
}

/** @throws TypeError that names the option, when one is missing or wrong */
export function proxySettings(options: ProxyOptions): Settings {
  const common = commonSettings(options);
  const { registration = {}, documents = {}, pending = {} } = options;
  const fetcher = options.fetch ?? ((url, init) => fetch(url, init));
  const secrets = requireSecrets(options.secrets);
  if (typeof options.store !== "object" || options.store === null) {
    throw new TypeError("store: expected a BridgeStore, such as memoryBridgeStore()");
  }
  return {
    ...common,
    resources: requireResources(options.resources),
    store: options.store,
    sealer: createSealer(secrets),
    pepper: secrets[0],
    documents: {
      ...documents,
      enabled: documents.enabled ?? true,
      fetch: documents.fetch ?? fetcher,
    },
    registration: {
      enabled: registration.enabled ?? true,
      perOwner: count(registration.perAddress, "registration.perAddress", 50),
      total: count(registration.total, "registration.total", 10_000),
      perOwnerHourly: count(registration.perAddressHourly, "registration.perAddressHourly", 60),
      totalHourly: count(registration.totalHourly, "registration.totalHourly", 1200),
      unusedMs: 1000 * count(registration.unusedSeconds, "registration.unusedSeconds", 7 * DAY),
      usedMs: 1000 * count(registration.usedSeconds, "registration.usedSeconds", 365 * DAY),
    },
    pending: {
      perOwner: count(pending.perAddress, "pending.perAddress", 50),
      total: count(pending.total, "pending.total", 5000),
    },
    grantsPerUser: count(options.grantsPerUser, "grantsPerUser", 100),
    rememberMs: 1000 * count(options.rememberConsentSeconds, "rememberConsentSeconds", 0, 0),
    refreshMs: 1000 * count(options.refreshSeconds, "refreshSeconds", 30 * DAY),
    graceMs: 1000 * count(options.refreshGraceSeconds, "refreshGraceSeconds", 60, 0),
    fetch: fetcher,
    now: options.now ?? Date.now,
  };
}

function upstreamSettings(upstream: UpstreamOptions): Upstream {
  if (typeof upstream !== "object" || upstream === null) {
    throw new TypeError("upstream: expected the options of the identity provider");
  }
  requireSecureUrl(upstream.issuer, "upstream.issuer");
  requireSecureUrl(upstream.authorizationEndpoint, "upstream.authorizationEndpoint");
  requireSecureUrl(upstream.tokenEndpoint, "upstream.tokenEndpoint");
  if (upstream.revocationEndpoint !== undefined) {
    requireSecureUrl(upstream.revocationEndpoint, "upstream.revocationEndpoint");
  }
  if (typeof upstream.clientId !== "string" || upstream.clientId === "") {
    throw new TypeError("upstream.clientId: expected the id of the client at the provider");
  }
  requireScopes(upstream.scopes, "upstream.scopes");
  const token = upstream.token ?? "access_token";
  if (token !== "access_token" && token !== "id_token") {
    throw new TypeError('upstream.token: expected "access_token" or "id_token"');
  }
  const extra = requireScopes(upstream.extraScopes ?? [], "upstream.extraScopes");
  const extraScopes = token === "id_token" ? [...new Set(["openid", ...extra])] : extra;
  const { tokenEndpointAuthMethod: _method, ...rest } = upstream;
  return { ...rest, authMethod: requireAuthMethod(upstream), extraScopes, token };
}

const AUTH_METHODS: readonly UpstreamAuthMethod[] = [
  "client_secret_basic",
  "client_secret_post",
  "private_key_jwt",
  "none",
];

function requireAuthMethod(upstream: UpstreamOptions): UpstreamAuthMethod {
  const hasSecret = upstream.clientSecret !== undefined && upstream.clientSecret !== "";
  const hasKey = upstream.clientAssertion !== undefined;
  const standard = hasKey ? "private_key_jwt" : hasSecret ? "client_secret_basic" : "none";
  const method = upstream.tokenEndpointAuthMethod ?? standard;
  if (!AUTH_METHODS.includes(method)) {
    throw new TypeError(
      `upstream.tokenEndpointAuthMethod: expected one of ${AUTH_METHODS.join(", ")}`,
    );
  }
  const needed = (has: boolean, what: string) => `expected ${has ? what : "none"} with ${method}`;
  const needsSecret = method.startsWith("client_secret");
  if (hasSecret !== needsSecret) {
    throw new TypeError(`upstream.clientSecret: ${needed(needsSecret, "a secret")}`);
  }
  const needsKey = method === "private_key_jwt";
  if (hasKey !== needsKey || (hasKey && typeof upstream.clientAssertion !== "function")) {
    throw new TypeError(`upstream.clientAssertion: ${needed(needsKey, "a function")}`);
  }
  return method;
}

function redirectPolicy(registration: RegistrationOptions): RedirectPolicy {
  const { allowedRedirects, privateSchemes = [] } = registration;
  for (const scheme of privateSchemes) {
    if (isPrivateScheme(scheme)) continue;
    throw new TypeError(
      `registration.privateSchemes: expected schemes of native apps in lower case, without a colon, got ${show(scheme)}`,
    );
  }
  allowedRedirects?.forEach((uri, index) => {
    requireSecureUrl(uri, `registration.allowedRedirects[${index}]`);
  });
  return { privateSchemes, allowed: allowedRedirects };
}

function requireResources(value: string | readonly string[]): readonly [string, ...string[]] {
  const [first, ...others] = typeof value === "string" ? [value] : (value ?? []);
  if (first === undefined) throw new TypeError("resources: expected at least one URL");
  for (const resource of [first, ...others]) requireSecureUrl(resource, "resources");
  return [first, ...others];
}

/** @throws TypeError when one is missing or too short */
export function requireSecrets(secrets: readonly string[]): readonly [string, ...string[]] {
  const [first, ...others] = Array.isArray(secrets) ? (secrets as readonly unknown[]) : [];
  if ([first, ...others].every((secret) => typeof secret === "string" && secret.length >= 32)) {
    return [first, ...others] as [string, ...string[]];
  }
  throw new TypeError("secrets: expected random texts of at least 32 characters, the newest first");
}

function count(value: number | undefined, option: string, standard: number, least = 1): number {
  if (value === undefined) return standard;
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new TypeError(`${option}: expected an integer from ${least}, got ${show(value)}`);
}
