import { createServer, type Server } from "node:http";
import { calculateJwkThumbprint, decodeJwt, exportJWK, generateKeyPair, SignJWT } from "jose";
import type { Configuration, Provider } from "oidc-provider";
import type { Profile, ProviderFacts, TokenFacts, TokenShape } from "./profile.ts";

/** Where the clients of the tests come back to. */
export const CALLBACK = "http://127.0.0.1:6274/callback";
export const USER = "alice";
/** The client of a provider where clients do not register themselves. */
const CLIENT_ID = "known-client";

/** A provider that issues what a profile says. */
export interface RunningProvider extends ProviderFacts {
  /** A token of its keys, with no sign-in. */
  sign(token: TokenShape): Promise<string>;
  close(): Promise<void>;
}

/** The client of a bridge. */
export const BRIDGE_CLIENT = { id: "bridge-client", secret: "a secret for the test" } as const;

/**
 * Starts one on loopback, which signs in everybody as `alice`.
 *
 * @param bridgeCallback - the redirect URI of a bridge, which is its client then.
 */
export async function startProvider(
  profile: Profile,
  bridgeCallback?: string,
): Promise<RunningProvider> {
  const { privateKey, publicKey } = await generateKeyPair(profile.algorithm, { extractable: true });
  const kid = await calculateJwkThumbprint(await exportJWK(publicKey));
  const named = { kid, alg: profile.algorithm, use: "sig" };
  const key = { ...(await exportJWK(privateKey)), ...named };
  const http = createServer();
  const origin = `http://localhost:${await listen(http)}`;
  const issuer = origin + (profile.issuerPath ?? "");
  const { Provider, interactionPolicy } = await importQuietly();
  const policy = interactionPolicy.base();
  policy.get("consent")?.checks.clear();
  const provider = new Provider(issuer, {
    ...configurationOf(profile, key, bridgeCallback),
    interactions: { policy, url: (_ctx, { uid }) => `${mountOf(issuer)}/login/${uid}` },
  });
  provider.on("server_error", (_ctx, error) => console.error(error));
  const sign = ({ typ, claims }: TokenShape) =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: profile.algorithm, kid, ...(typ === undefined ? {} : { typ }) })
      .setIssuedAt()
      .setExpirationTime("1h")
      .sign(privateKey);
  // oidc-provider signs no token without an audience, as some providers do: what it issued is spelled anew.
  provider.use(async (ctx, next) => {
    if (profile.hidesPkce === true && ctx.path.endsWith("/oauth-authorization-server")) return;
    await next();
    const body = ctx.body as Record<string, unknown> | undefined;
    if (profile.hidesPkce === true) delete body?.["code_challenge_methods_supported"];
    if (profile.opaque !== true && typeof body?.["access_token"] === "string") {
      const facts = factsOf(issuer, body["access_token"]);
      body["access_token"] = await sign(profile.shape(facts));
    }
  });
  serve(http, provider, issuer);

  return {
    issuer,
    clientId: CLIENT_ID,
    jwksUri: `${origin}${mountOf(issuer)}${profile.jwksPath}`,
    introspection: `${origin}${mountOf(issuer)}/token/introspection`,
    jwks: { keys: [{ ...(await exportJWK(publicKey)), ...named }] },
    sign,
    close: () => close(http),
  };
}

function configurationOf(
  profile: Profile,
  key: object,
  bridgeCallback: string | undefined,
): Configuration {
  const scopes = ["openid", "offline_access", "profile", "email", ...profile.toolScopes];
  return {
    clients: clientsOf(bridgeCallback),
    jwks: { keys: [key] },
    routes: { jwks: profile.jwksPath, ...(bridgeCallback === undefined ? {} : profile.bridge) },
    issueRefreshToken: () => true,
    scopes: [...new Set(scopes)],
    claims: { openid: ["sub"], profile: ["name"], email: ["email"] },
    clientDefaults: {
      token_endpoint_auth_method: "none",
      id_token_signed_response_alg: profile.algorithm,
    },
    enabledJWA: { idTokenSigningAlgValues: [profile.algorithm] },
    clientBasedCORS: () => true,
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    loadExistingGrant: async (ctx) => {
      const { client, session, resourceServers = {} } = ctx.oidc;
      if (client === undefined || session?.accountId === undefined) return undefined;
      const grant = new ctx.oidc.provider.Grant({
        clientId: client.clientId,
        accountId: session.accountId,
      });
      grant.addOIDCScope(scopes.join(" "));
      for (const resource of Object.keys(resourceServers)) {
        grant.addResourceScope(resource, scopes.join(" "));
      }
      await grant.save();
      return grant;
    },
    features: {
      devInteractions: { enabled: false },
      registration: { enabled: profile.registration },
      introspection: { enabled: profile.opaque === true, allowedPolicy: async () => true },
      userinfo: { enabled: false },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        // A bridge need not name one, and without one there is no JWT.
        defaultResource: (_ctx, client) => (client.clientId === BRIDGE_CLIENT.id ? "urn:api" : ""),
        getResourceServerInfo: (_ctx, resource) => ({
          scope: scopes.join(" "),
          audience: resource,
          accessTokenFormat: profile.opaque === true ? "opaque" : "jwt",
          jwt: { sign: { alg: profile.algorithm } },
        }),
      },
    },
  };
}

function clientsOf(bridgeCallback: string | undefined): Configuration["clients"] {
  const bridge = {
    client_id: BRIDGE_CLIENT.id,
    client_secret: BRIDGE_CLIENT.secret,
    token_endpoint_auth_method: "client_secret_basic" as const,
    redirect_uris: [bridgeCallback ?? ""],
    // The test has no https.
    application_type: "native" as const,
    grant_types: ["authorization_code", "refresh_token"],
  };
  return [
    ...(bridgeCallback === undefined ? [] : [bridge]),
    {
      client_id: CLIENT_ID,
      redirect_uris: [CALLBACK],
      application_type: "native" as const,
      token_endpoint_auth_method: "none" as const,
      grant_types: ["authorization_code", "refresh_token"],
    },
    {
      client_id: "notes-api",
      client_secret: "for the test alone",
      token_endpoint_auth_method: "client_secret_basic" as const,
      redirect_uris: [],
      response_types: [],
      grant_types: [],
    },
  ];
}

/** What a token that oidc-provider made is about. */
function factsOf(issuer: string, token: string): TokenFacts {
  const { sub = "", client_id, scope, aud = "" } = decodeJwt(token);
  return {
    issuer,
    subject: sub,
    clientId: String(client_id),
    scopes: String(scope).split(" "),
    resource: [aud].flat()[0] ?? "",
  };
}

/** The path under which the endpoints are: that of the issuer, without a slash at its end. */
function mountOf(issuer: string): string {
  return new URL(issuer).pathname.replace(/\/$/, "");
}

function serve(http: Server, provider: Provider, issuer: string): void {
  const app = provider.callback();
  const mount = mountOf(issuer);
  http.on("request", (request, response) => {
    const path = request.url ?? "/";
    const login = new RegExp(`^${mount}/login/`).test(path);
    if (login) {
      request.url = path.slice(mount.length);
      void provider
        .interactionFinished(request, response, { login: { accountId: USER } })
        .catch((error: unknown) => console.error(error));
      return;
    }
    // RFC 8414 section 3.1 puts its document before the issuer's path, OpenID Connect Discovery behind it.
    const inserted = `/.well-known/oauth-authorization-server${mount}`;
    if (path === inserted) request.url = "/.well-known/oauth-authorization-server";
    else if (path.startsWith(mount)) request.url = path.slice(mount.length) || "/";
    Object.assign(request, { originalUrl: path, baseUrl: mount });
    void app(request, response);
  });
}

/** oidc-provider warns on import of newer Node releases, and of what it is not used for here: production. */
export async function importQuietly(): Promise<typeof import("oidc-provider")> {
  const { warn, info } = console;
  console.warn = () => {};
  console.info = () => {};
  try {
    return await import("oidc-provider");
  } finally {
    Object.assign(console, { warn, info });
  }
}

/** Listens on a free loopback port, and gives it. */
export function listen(http: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once("error", reject);
    http.listen(0, "127.0.0.1", () => {
      const address = http.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}

/** A port that nobody listens on: an app's redirect URI is known before it runs. */
export async function freePort(): Promise<number> {
  const http = createServer();
  const port = await listen(http);
  await close(http);
  return port;
}

/** Cuts what is open, and stops listening. */
export function close(http: Server): Promise<void> {
  return new Promise((resolve) => {
    http.closeAllConnections();
    http.close(() => resolve());
  });
}
