import type {
  AllClientMetadata,
  ClientMetadata,
  Configuration,
  errors as ErrorClasses,
  interactionPolicy as Policy,
  JWK,
  KoaContextWithOIDC,
} from "oidc-provider";
import { PAGE_HEADERS } from "./html.ts";
import { errorPage } from "./loginPage.ts";
import { memoryAdapter } from "./memory.ts";
import {
  acceptsResource,
  accountFromHint,
  narrowScopes,
  type ProviderUser,
  type ResourceRules,
  userClaims,
} from "./rights.ts";

/** How long a browser stays signed in, and how long a grant and its refresh tokens live. */
export const SESSION_SECONDS = 14 * 24 * 60 * 60;

const GRANT_TYPES: readonly string[] = ["authorization_code", "refresh_token"];

/** A client that somebody registered by hand. */
export interface ProviderClient {
  readonly id: string;
  readonly secret: string;
  readonly redirectUri: string;
}

/** What the configuration is made from. */
export interface ConfigurationInput {
  readonly users: ReadonlyMap<string, ProviderUser>;
  /** Each API scope with its meaning. */
  readonly scopes: ReadonlyMap<string, string>;
  readonly rules: ResourceRules;
  readonly accessTokenTtl: number;
  /** The only client. Without one, clients register themselves. */
  readonly client: ProviderClient | undefined;
  readonly signingKey: JWK;
  /** oidc-provider's own values, which have to come from its one dynamic import. */
  readonly errors: typeof ErrorClasses;
  readonly interactionPolicy: typeof Policy;
}

/** The configuration of oidc-provider. Every default that would print a notice is set. */
export function providerConfiguration(input: ConfigurationInput): Configuration {
  const { users, scopes, accessTokenTtl, client } = input;
  return {
    adapter: memoryAdapter(),
    clients: client === undefined ? [] : [knownClient(client)],
    jwks: { keys: [input.signingKey] },
    scopes: ["openid", "offline_access", "profile", "email", ...scopes.keys()],
    claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"] },
    clientDefaults: {
      grant_types: [...GRANT_TYPES],
      id_token_signed_response_alg: "RS256",
      token_endpoint_auth_method: "none",
    },
    // Cookies know no ports: other servers on localhost, and providers like this one, get the same jar.
    cookies: {
      names: { session: "idp_session", interaction: "idp_interaction", resume: "idp_resume" },
    },
    extraClientMetadata: { properties: ["software_id"], validator: tolerateClient },
    // Loopback, no passwords, and tokens that are bound to nothing but their bearer: any origin may ask.
    clientBasedCORS: () => true,
    findAccount: (_ctx, accountId) => {
      const user = users.get(accountId);
      return user && { accountId, claims: () => ({ ...userClaims(user), sub: accountId }) };
    },
    extraTokenClaims: (_ctx, token) => {
      const user = "accountId" in token ? users.get(token.accountId) : undefined;
      return user && userClaims(user);
    },
    loadExistingGrant: (ctx) => grantByRights(ctx, input),
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed("refresh_token"),
    rotateRefreshToken: true,
    // One browser may hold tokens of several users at once, whoever it signed in last.
    expiresWithSession: () => false,
    interactions: { policy: promptPolicy(input), url: (_ctx, { uid }) => `/login/${uid}` },
    pkce: { required: () => true },
    renderError: (ctx, out) => {
      ctx.set(PAGE_HEADERS);
      ctx.body = errorPage("This sign-in cannot go on", explainError(out), out.error);
    },
    ttl: {
      AccessToken: accessTokenTtl,
      AuthorizationCode: 60,
      Grant: SESSION_SECONDS,
      IdToken: accessTokenTtl,
      Interaction: 60 * 60,
      RefreshToken: SESSION_SECONDS,
      Session: SESSION_SECONDS,
    },
    features: features(input),
  };
}

function features(input: ConfigurationInput): NonNullable<Configuration["features"]> {
  const { scopes, rules, accessTokenTtl, client, errors } = input;
  return {
    devInteractions: { enabled: false },
    registration: { enabled: client === undefined, issueRegistrationAccessToken: false },
    revocation: { enabled: true, allowedPolicy: async () => true },
    rpInitiatedLogout: { enabled: false },
    // Access tokens are for the resource, so nothing could be asked there; ID tokens carry the claims instead.
    userinfo: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: (_ctx, _client, oneOf) => oneOf ?? rules.defaultResource ?? [],
      useGrantedResource: () => true,
      getResourceServerInfo: (_ctx, resource) => {
        if (!acceptsResource(resource, rules)) {
          throw new errors.InvalidTarget(`no tokens are issued for the resource ${resource}`);
        }
        return {
          scope: [...scopes.keys()].join(" "),
          audience: resource,
          accessTokenTTL: accessTokenTtl,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: "RS256" } },
        };
      },
    },
  };
}

function knownClient({ id, secret, redirectUri }: ProviderClient): ClientMetadata {
  return {
    client_id: id,
    client_secret: secret,
    client_name: "Invoices",
    redirect_uris: [redirectUri],
    application_type: "native",
    token_endpoint_auth_method: "client_secret_basic",
  };
}

/**
 * Consent is implied here, so its prompt never opens, whether a client asks for it (`prompt=consent`) or not. A
 * `login_hint` that names somebody else than the session does is a reason to sign in: `prompt=none` then fails with
 * `login_required`, as OpenID Connect Core 3.1.2.1 wants.
 */
function promptPolicy({ users, interactionPolicy }: ConfigurationInput): Policy.DefaultPolicy {
  const { base, Check, Prompt } = interactionPolicy;
  const policy = base();
  policy.get("consent")?.checks.clear();
  policy.get("login")?.checks.add(
    new Check(
      "login_hint",
      "login_hint and authenticated subject do not match",
      "login_required",
      ({ oidc }) => {
        const hinted = accountFromHint(users, oidc.params?.["login_hint"]);
        return hinted !== undefined && hinted !== oidc.session?.accountId;
      },
    ),
  );
  policy.add(new Prompt({ name: "select_account", requestable: true }), 0);
  return policy;
}

/** A new grant for each authorization: what was asked, cut down to what this user may have. */
async function grantByRights(
  ctx: KoaContextWithOIDC,
  { users, scopes, errors }: ConfigurationInput,
) {
  const { client, session, resourceServers = {}, requestParamScopes } = ctx.oidc;
  const user = users.get(session?.accountId ?? "");
  if (client === undefined || session?.accountId === undefined || user === undefined) {
    return undefined;
  }

  // oidc-provider counts every scope it lists as one of OpenID's, the API scopes too.
  const openid = [...ctx.oidc.requestParamOIDCScopes].filter((scope) => !scopes.has(scope));
  const granted = narrowScopes(requestParamScopes, user);
  if (granted.length === 0 && openid.length === 0) {
    throw new errors.AccessDenied(
      `${user.name} may not grant ${[...requestParamScopes].join(" ")}, only ${user.scopes.join(" ")}`,
    );
  }
  const { clientId } = client;
  const grant = new ctx.oidc.provider.Grant({ clientId, accountId: session.accountId });
  grant.addOIDCScope(openid);
  for (const resource of Object.keys(resourceServers)) grant.addResourceScope(resource, granted);
  await grant.save();
  return grant;
}

/**
 * Takes registrations as MCP clients send them. RFC 7591, 2 lets a server replace metadata it was asked for.
 * A registered `scope` would refuse the wider scopes a client steps up to later, grant types that are not offered
 * would refuse the client, and apps with a scheme of their own or a loopback port must count as native.
 */
function tolerateClient(
  _ctx: unknown,
  key: string,
  _value: unknown,
  client: AllClientMetadata,
): void {
  if (key !== "software_id") return;
  delete client.scope;
  if (Array.isArray(client.grant_types)) {
    client.grant_types = client.grant_types.filter((type) => GRANT_TYPES.includes(type));
  }
  if (Array.isArray(client.redirect_uris) && client.redirect_uris.some(isNativeRedirect)) {
    client.application_type = "native";
  }
}

function isNativeRedirect(uri: unknown): boolean {
  const url = typeof uri === "string" ? URL.parse(uri) : null;
  if (url === null || url.protocol === "https:") return false;
  return url.protocol !== "http:" || ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
}

/** What went wrong, in words for the person in front of the browser. */
function explainError(out: { error: string; error_description?: string | undefined }): string {
  if (out.error === "invalid_client") {
    return "The app is not registered here. This provider forgets its clients when it restarts: remove the connection in your app and add it again.";
  }
  return out.error_description ?? "The app sent a request that this provider does not understand.";
}
