import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import type { Configuration, KoaContextWithOIDC } from "oidc-provider";

/** How the bridge's client is registered at the provider, beside its id and redirect URI. */
export type ClientMetadata = Pick<
  NonNullable<Configuration["clients"]>[number],
  "client_secret" | "jwks" | "token_endpoint_auth_method"
>;

/** The bridge's client at the provider. */
export const CLIENT_ID = "bridge";

/**
 * A real OpenID provider on a free port, which cannot register clients: it knows the bridge alone. Whoever opens its
 * sign-in page is Ann.
 */
export async function startProvider(redirectUri: string, client: ClientMetadata) {
  const Provider = await importProvider();
  const server = createServer();
  const issuer = `http://localhost:${await listen(server)}`;
  const provider = new Provider(issuer, configuration(redirectUri, client));
  provider.use(async (ctx, next) => {
    if (!ctx.path.startsWith("/login/")) return next();
    ctx.status = 303;
    ctx.redirect(
      await provider.interactionResult(ctx.req, ctx.res, {
        login: { accountId: "ann" },
        consent: {},
      }),
    );
  });
  const handle = provider.callback();
  server.on("request", (request, response) => void handle(request, response));
  return { issuer, close: () => close(server) };
}

function configuration(redirectUri: string, client: ClientMetadata): Configuration {
  return {
    clients: [
      {
        ...client,
        client_id: CLIENT_ID,
        redirect_uris: [redirectUri],
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
      },
    ],
    cookies: {
      keys: ["of the test"],
      names: { session: "idp", interaction: "idp_i", resume: "idp_r" },
    },
    scopes: ["openid", "offline_access", "notes:read"],
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    interactions: { url: (_ctx, { uid }) => `/login/${uid}` },
    loadExistingGrant: grantAll,
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    expiresWithSession: () => false,
    pkce: { required: () => true },
    // Set, since the defaults print notices.
    ttl: {
      AccessToken: 60,
      Grant: 60,
      IdToken: 60,
      Interaction: 60,
      RefreshToken: 60,
      Session: 60,
    },
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true, allowedPolicy: async () => true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => ({
          scope: "notes:read",
          audience: resource,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
  };
}

async function grantAll(ctx: KoaContextWithOIDC) {
  const { client, session, provider, resourceServers = {} } = ctx.oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope("openid offline_access notes:read");
  for (const resource of Object.keys(resourceServers))
    grant.addResourceScope(resource, "notes:read");
  await grant.save();
  return grant;
}

/** oidc-provider prints notices about Node 20 and its development defaults, which are what is wanted here. */
async function importProvider() {
  const { warn, info } = console;
  console.warn = console.info = () => undefined;
  try {
    return (await import("oidc-provider")).default;
  } finally {
    Object.assign(console, { warn, info });
  }
}

export function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "localhost", () => resolve((server.address() as AddressInfo).port));
  });
}

export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  });
}
