import { createBridge } from "../../src/bridge/bridge.ts";
import { memoryBridgeStore } from "../../src/bridge/memory.ts";
import type { BridgeEvent, ProxyOptions, UpstreamOptions } from "../../src/bridge/options.ts";
import { randomToken, sha256 } from "../../src/bridge/pkce.ts";
import type { BridgeStore } from "../../src/bridge/store.ts";
import { fakeUpstream, UPSTREAM } from "./upstream.ts";

export const ISSUER = "https://app.example.com/oauth";
export const RESOURCE = "https://app.example.com/mcp";
export const REDIRECT = "https://agent.example.net/callback";

export type World = ReturnType<typeof createWorld>;

type Overrides = Partial<Omit<ProxyOptions, "upstream" | "mode">> & {
  readonly upstream?: Partial<UpstreamOptions>;
};

/** A bridge at the public door, its provider, a clock, and what was reported and stored. */
export function createWorld({ upstream: upstreamOverrides, ...overrides }: Overrides = {}) {
  const clock = { now: 1_800_000_000_000 };
  const upstream = fakeUpstream(() => clock.now);
  const events: BridgeEvent[] = [];
  const calls: string[] = [];
  const bridge = createBridge({
    issuer: ISSUER,
    resources: RESOURCE,
    secrets: ["a secret of the test, 32 characters or more"],
    fetch: upstream.fetch,
    now: () => clock.now,
    onEvent: (event) => events.push(event),
    ...overrides,
    store: counted(overrides.store ?? memoryBridgeStore(), calls),
    upstream: {
      issuer: UPSTREAM,
      authorizationEndpoint: `${UPSTREAM}/authorize`,
      tokenEndpoint: `${UPSTREAM}/token`,
      revocationEndpoint: `${UPSTREAM}/revoke`,
      clientId: "bridge",
      clientSecret: "upstream secret",
      scopes: ["notes:read", "notes:write"],
      extraScopes: ["openid", "offline_access"],
      ...upstreamOverrides,
    },
  });
  const send = async (request: Request, address = "192.0.2.1"): Promise<Response> => {
    const response = await bridge.handle(request, { address });
    if (response === undefined) throw new Error(`nothing at ${request.url}`);
    return response;
  };
  return { bridge, upstream, clock, events, calls, send };
}

/** A user agent with cookies. */
export function createBrowser(world: World) {
  const cookies = new Map<string, string>();
  const send = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { cookie, ...(init.headers as Record<string, string>) };
    const response = await world.send(new Request(url, { ...init, headers }));
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    return response;
  };
  const press = (ticket: string, decision = "allow", headers: Record<string, string> = {}) =>
    send(`${ISSUER}/consent`, {
      method: "POST",
      headers: { "content-type": FORM, ...headers },
      body: new URLSearchParams({ request: ticket, decision }).toString(),
    });
  return { cookies, send, press };
}

export const FORM = "application/x-www-form-urlencoded";

/** An MCP client that registers. */
export async function registerClient(world: World, metadata: object = {}, address?: string) {
  const response = await world.send(
    new Request(`${ISSUER}/register`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        client_name: "Agent",
        redirect_uris: [REDIRECT],
        token_endpoint_auth_method: "none",
        ...metadata,
      }),
    }),
    address,
  );
  const body = (await response.json()) as Record<string, string>;
  return {
    status: response.status,
    body,
    id: body["client_id"] ?? "",
    secret: body["client_secret"],
  };
}

export const VERIFIER = randomToken();

/** The URL that a client sends its user to. */
export async function authorizeUrl(
  clientId: string,
  changes: Record<string, string | undefined> = {},
): Promise<string> {
  const url = new URL(`${ISSUER}/authorize`);
  const parameters = {
    response_type: "code",
    client_id: clientId,
    redirect_uri: REDIRECT,
    code_challenge: await sha256(VERIFIER),
    code_challenge_method: "S256",
    state: "of the client",
    resource: RESOURCE,
    ...changes,
  };
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url.href;
}

export async function ticketOf(page: Response): Promise<string> {
  const [, ticket = ""] = /name="request" value="([^"]+)"/.exec(await page.text()) ?? [];
  return ticket;
}

/** Goes through consent and sign-in, up to the redirect to the client. */
export async function signIn(
  world: World,
  clientId: string,
  changes: Record<string, string | undefined> = {},
  browser = createBrowser(world),
): Promise<URL> {
  const page = await browser.send(await authorizeUrl(clientId, changes));
  const toProvider = await browser.press(await ticketOf(page));
  const back = world.upstream.signIn(toProvider.headers.get("location") ?? "");
  const done = await browser.send(back);
  return new URL(done.headers.get("location") ?? "about:blank");
}

export async function postForm(
  world: World,
  path: string,
  form: Record<string, string | undefined>,
  headers: Record<string, string> = {},
) {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(form)) if (value !== undefined) body.set(name, value);
  const response = await world.send(
    new Request(`${ISSUER}${path}`, {
      method: "POST",
      headers: { "content-type": FORM, ...headers },
      body: body.toString(),
    }),
  );
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text === "" ? {} : JSON.parse(text)) as Record<string, string | number>,
  };
}

export function redeemCode(
  world: World,
  clientId: string,
  code: string,
  changes: Record<string, string | undefined> = {},
) {
  return postForm(world, "/token", {
    grant_type: "authorization_code",
    client_id: clientId,
    code,
    redirect_uri: REDIRECT,
    code_verifier: VERIFIER,
    resource: RESOURCE,
    ...changes,
  });
}

export function refreshWith(world: World, clientId: string, token: string, scope?: string) {
  return postForm(world, "/token", {
    grant_type: "refresh_token",
    client_id: clientId,
    refresh_token: token,
    scope,
  });
}

/** Registers, signs in and redeems. */
export async function connected(world: World) {
  const { id } = await registerClient(world);
  const code = (await signIn(world, id)).searchParams.get("code") ?? "";
  const { body } = await redeemCode(world, id, code);
  return { id, code, refresh: String(body["refresh_token"]), access: String(body["access_token"]) };
}

function counted(store: BridgeStore, calls: string[]): BridgeStore {
  return new Proxy(store, {
    get: (target, name: keyof BridgeStore) => {
      const method = target[name] as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => {
        calls.push(name);
        return method.apply(target, args);
      };
    },
  });
}
