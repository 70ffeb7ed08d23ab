import type { BridgeStore } from "./store.ts";

/** How the bridge authenticates itself at the provider's token endpoint. */
export type UpstreamAuthMethod =
  | "client_secret_basic"
  | "client_secret_post"
  | "private_key_jwt"
  | "none";

/** Makes what proves the bridge to the provider (RFC 7523 section 2.2): `createClientAssertion` of `@convex-mcp/auth/assertion`. */
export type ClientAssertion = (about: {
  readonly clientId: string;
  readonly issuer: string;
}) => Promise<string>;

/** The identity provider, and the one client that the bridge is there. Take all from configuration. */
export interface UpstreamOptions {
  /** Its `iss`, exactly. */
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  /** RFC 7009. Default: none; what the provider gave then lives until it expires. */
  readonly revocationEndpoint?: string | undefined;
  readonly clientId: string;
  /** Default: none, a public client. */
  readonly clientSecret?: string | undefined;
  /** A key of the bridge's own instead of a secret. Default: none. */
  readonly clientAssertion?: ClientAssertion | undefined;
  /** Default: `private_key_jwt` with a `clientAssertion`, `client_secret_basic` with a secret, `none` without. */
  readonly tokenEndpointAuthMethod?: UpstreamAuthMethod | undefined;
  /** What clients may ask for, and get when they ask for nothing. What else they ask for is left out, and refused if it is all. */
  readonly scopes: readonly string[];
  /** Asked for on top of every request: `openid`, `offline_access`. Default: none, or `openid` with `token: "id_token"`. */
  readonly extraScopes?: readonly string[] | undefined;
  /** Which token clients get to use as their access token. Default: `access_token`. */
  readonly token?: "access_token" | "id_token" | undefined;
  /** Sends `resource` on to the provider (RFC 8707). Default: false, some refuse it. */
  readonly forwardResource?: boolean | undefined;
  /**
   * Further parameters of the authorization request: `{ audience: "…" }`, `{ access_type: "offline" }`. A `prompt` is kept, whatever
   * else a client asks for. Default: none.
   */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /** Refuses answers without `iss`; set it where the provider sends one (RFC 9207). Default: false, checked when it is there. */
  readonly requireIss?: boolean | undefined;
}

/** Who may register, and how much. */
export interface RegistrationOptions {
  /** Default: true. False leaves client ID metadata documents; in passthrough mode it has no effect. */
  readonly enabled?: boolean | undefined;
  /** The only http(s) redirects: origins (`https://claude.ai`) or whole URIs. Default: any https, and loopback. */
  readonly allowedRedirects?: readonly string[] | undefined;
  /** Schemes of native apps, such as `cursor`. Default: none. */
  readonly privateSchemes?: readonly string[] | undefined;
  /** Unused registrations of one caller address (of IPv6: of a /48 network); the oldest leave. Default: 50. */
  readonly perAddress?: number | undefined;
  /** Unused registrations of all; the oldest leave. Default: 10,000. */
  readonly total?: number | undefined;
  /** Registrations of one caller address in an hour, and documents that are read for it. Default: 60. */
  readonly perAddressHourly?: number | undefined;
  /** The same of all. Default: 1,200. Twenty networks use it up, so keep it far above `perAddressHourly`. */
  readonly totalHourly?: number | undefined;
  /** How long a registration lasts that nobody signs in with. Default: 7 days. */
  readonly unusedSeconds?: number | undefined;
  /** How long it lasts after a sign-in. Default: 365 days. */
  readonly usedSeconds?: number | undefined;
}

/** Client ID metadata documents: https URLs as client ids. */
export interface DocumentOptions {
  /** Default: true. */
  readonly enabled?: boolean | undefined;
  /** The only hosts that they may be at. Default: any public name. */
  readonly hosts?: readonly string[] | undefined;
  /**
   * The addresses of a host, each of which must be public. Default: none, hosts are judged by their names
   * alone, and a name that leads into your network is not seen. Where the runtime can reach private
   * addresses, give this and a `fetch` that connects to what it found.
   */
  readonly resolve?: ((hostname: string) => Promise<readonly string[]>) | undefined;
  /** Fetches documents. Default: the bridge's `fetch`. It must not follow redirects. */
  readonly fetch?: Fetch | undefined;
}

/** The part of `fetch` that the bridge uses: an absolute URL, and an `init` whose `redirect` is always `"manual"`. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Something that was refused or went wrong, for logs. It holds no token, code or secret. */
export interface BridgeEvent {
  readonly endpoint: string;
  readonly error: string;
  readonly description: string;
  /** What was thrown, by the store or by `fetch`, or what the provider answered. */
  readonly cause?: unknown;
}

interface CommonOptions {
  /** URL of the bridge as clients see it: https, or http on localhost; no slash at its end. Its endpoints are below it. */
  readonly issuer: string;
  readonly upstream: UpstreamOptions;
  readonly registration?: RegistrationOptions | undefined;
  /** Told what was refused. What it throws is ignored. */
  readonly onEvent?: ((event: BridgeEvent) => void) | undefined;
}

/** The bridge is the authorization server: it asks for consent, and gives codes and refresh tokens of its own. */
export interface ProxyOptions extends CommonOptions {
  readonly mode?: "proxy" | undefined;
  /** The URLs of the resources that tokens are for; the first is meant by clients that name none. */
  readonly resources: string | readonly string[];
  readonly store: BridgeStore;
  /** Random texts of at least 32 characters; the first seals, all open. */
  readonly secrets: readonly string[];
  readonly documents?: DocumentOptions | undefined;
  /** How long a browser's consent is remembered for one client, https redirect, resource and scope. Default: 0, it is asked each time. */
  readonly rememberConsentSeconds?: number | undefined;
  /** How long a refresh token lasts unused. Default: 30 days. */
  readonly refreshSeconds?: number | undefined;
  /**
   * For how long a refresh token that was used is answered as the first time, since answers get lost and clients refresh in two
   * processes at once; later it ends the sign-in. Default: 60; 0 is strict.
   */
  readonly refreshGraceSeconds?: number | undefined;
  /** Sign-ins in progress, of one address and of all; the oldest leave. Default: 50 and 5,000. */
  readonly pending?:
    | { readonly perAddress?: number | undefined; readonly total?: number | undefined }
    | undefined;
  /** Sign-ins that one user may have; the oldest end. Default: 100. */
  readonly grantsPerUser?: number | undefined;
  /** Default: the global one. */
  readonly fetch?: Fetch | undefined;
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/**
 * Clients use the provider itself, all with one public client id that registration hands out. SAFE ONLY where the
 * provider asks each user for consent for each redirect URI, checks redirect URIs, requires PKCE, and sends no `iss`.
 */
export interface PassthroughOptions extends CommonOptions {
  readonly mode: "passthrough";
}

/** Options of `createBridge`. */
export type BridgeOptions = ProxyOptions | PassthroughOptions;
