import { createServer } from "node:http";
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import type { ClientMetadata, Configuration, Provider, ResourceServer } from "oidc-provider";
import { close, importQuietly, listen, USER } from "../provider.ts";

/** What a test changes while the issuer runs. */
export interface IssuerRules {
  /** How many seconds access tokens live from now on. */
  ttl: number;
  /** What the user grants of the scopes that a client asks for; nothing of them is a refusal. */
  grants: (asked: readonly string[]) => readonly string[];
}

/** A request to the token endpoint. */
export interface TokenRequest {
  readonly grant: string;
  readonly status: number;
  /** The body and the Authorization header. */
  readonly sent: string;
}

/** A real OpenID provider that rotates refresh tokens, and signs in everybody as `alice`. */
export interface Issuer {
  readonly issuer: string;
  readonly rules: IssuerRules;
  /** oidc-provider's own, for grants of a test. */
  readonly provider: Provider;
  /** What the token endpoint was asked, oldest first. */
  readonly asked: readonly TokenRequest[];
  /** Has `asked` begin anew. */
  reset(): void;
  /** Takes a refresh token back. */
  revoke(refreshToken: string): Promise<void>;
  /** How many clients have registered themselves. */
  registered(): number;
  close(): Promise<void>;
}

/** The scopes of the app. */
export const SCOPES: readonly string[] = ["notes:read", "notes:write"];

/** Starts one on loopback. @param clients - those that are known beforehand; others register themselves. */
export async function startIssuer(clients: readonly ClientMetadata[] = []): Promise<Issuer> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = await exportJWK(privateKey);
  const key = { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: "RS256", use: "sig" };
  const http = createServer();
  const issuer = `http://localhost:${await listen(http)}`;
  const rules: IssuerRules = { ttl: 60, grants: (asked) => asked };
  const asked: TokenRequest[] = [];
  let registered = 0;

  const { Provider, errors, interactionPolicy } = await importQuietly();
  const policy = interactionPolicy.base();
  policy.get("consent")?.checks.clear();
  const provider = new Provider(issuer, {
    ...configurationOf(rules),
    clients: [...clients],
    jwks: { keys: [key] },
    interactions: { policy, url: (_ctx, { uid }) => `/login/${uid}` },
    loadExistingGrant: async (ctx) => {
      const { client, session, resourceServers = {}, requestParamScopes } = ctx.oidc;
      if (client === undefined || session?.accountId === undefined) return undefined;
      const granted = rules.grants([...requestParamScopes].filter((one) => SCOPES.includes(one)));
      if (granted.length === 0) throw new errors.AccessDenied("The user said no.");
      const { clientId } = client;
      const grant = new ctx.oidc.provider.Grant({ clientId, accountId: session.accountId });
      grant.addOIDCScope("openid");
      for (const resource of Object.keys(resourceServers)) {
        grant.addResourceScope(resource, [...granted]);
      }
      await grant.save();
      return grant;
    },
  });
  provider.on("server_error", (_ctx, error) => console.error(error));
  provider.on("registration_create.success", () => void (registered += 1));
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.path !== "/token") return;
    const body = ctx.oidc.body ?? {};
    const sent = JSON.stringify([body, ctx.get("Authorization")]);
    asked.push({ grant: String(body["grant_type"]), status: ctx.status, sent });
  });
  const answer = provider.callback();
  http.on("request", (request, response) => {
    if (request.url?.startsWith("/login/") !== true) {
      void answer(request, response);
      return;
    }
    void provider
      .interactionFinished(request, response, { login: { accountId: USER } })
      .catch((error: unknown) => console.error(error));
  });
  return {
    issuer,
    rules,
    provider,
    asked,
    reset: () => void (asked.length = 0),
    revoke: async (value) => {
      const token = await provider.RefreshToken.find(value);
      await token?.destroy();
    },
    registered: () => registered,
    close: () => close(http),
  };
}

function configurationOf(rules: IssuerRules): Configuration {
  return {
    scopes: ["openid", "offline_access", ...SCOPES],
    // Clients register with the scopes that they are asked for first, and are not held to them.
    extraClientMetadata: {
      properties: ["software_id"],
      validator: (_ctx, _key, _value, metadata) => void delete metadata.scope,
    },
    clientDefaults: { token_endpoint_auth_method: "none" },
    clientBasedCORS: () => true,
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed("refresh_token"),
    rotateRefreshToken: true,
    expiresWithSession: () => false,
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      registration: { enabled: true },
      revocation: { enabled: true, allowedPolicy: async () => true },
      clientCredentials: { enabled: true },
      userinfo: { enabled: false },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => tokensFor(resource, rules),
      },
    },
  };
}

/** What tokens for a resource are. */
export function tokensFor(resource: string, { ttl }: IssuerRules): ResourceServer {
  return {
    scope: SCOPES.join(" "),
    audience: resource,
    accessTokenTTL: ttl,
    accessTokenFormat: "jwt",
    jwt: { sign: { alg: "RS256" } },
  };
}
