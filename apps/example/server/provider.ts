import { createServer, type RequestListener, type Server } from "node:http";
import type { Provider } from "oidc-provider";
import { type ProviderClient, providerConfiguration } from "./openid/configuration.ts";
import {
  narrowScopes,
  type ProviderUser,
  type ResourceRules,
  userClaims,
} from "./openid/rights.ts";
import { installSignIn } from "./openid/signin.ts";
import { createSigner, signAccessToken } from "./openid/token.ts";

export type { ProviderUser } from "./openid/rights.ts";

/** The settings of {@link startProvider}. */
export interface ProviderOptions extends ResourceRules {
  /** The loopback port; 0 picks a free one. */
  readonly port: number;
  /** The people who can sign in, by account id, which becomes `sub`. */
  readonly users: Readonly<Record<string, ProviderUser>>;
  /** The API scopes and what each lets an app do, in words for the sign-in page: `{ "notes:read": "Read your notes" }`. */
  readonly scopes: Readonly<Record<string, string>>;
  /** How many seconds an access token lives. Default: 3600. */
  readonly accessTokenTtl?: number;
  /** The only client there is. Default: clients register themselves. */
  readonly client?: ProviderClient;
}

/** What {@link RunningProvider.issue} may vary. */
export interface IssueOptions {
  /** The scopes to grant, as far as the user has them. Default: all the user has. */
  readonly scopes?: readonly string[];
  /** The audience. Default: `defaultResource`. */
  readonly resource?: string;
  /** How many seconds the token lives; a negative number makes one that has expired. Default: `accessTokenTtl`. */
  readonly expiresIn?: number;
}

/** A provider that listens. */
export interface RunningProvider {
  /** The issuer, `http://localhost:PORT`, without a slash at the end. */
  readonly issuer: string;
  /** Stops listening and drops open connections. */
  close(): Promise<void>;
  /** Signs an access token for `account` with no sign-in, for scripts and tests. Rejects for an unknown account. */
  issue(account: string, options?: IssueOptions): Promise<string>;
}

/**
 * Starts an OpenID provider for development: it signs in anybody as anybody, so it listens on loopback only and
 * answers only requests for `localhost`. Clients register themselves (RFC 7591), unless there is one `client`, PKCE is required, access tokens are
 * JWTs (RFC 9068, RS256) for the `resource` asked for (RFC 8707), and everything is forgotten when the process ends.
 * `login_hint` with an account id or email signs that user in with no page.
 *
 * Rejects when the port is taken.
 */
export async function startProvider(options: ProviderOptions): Promise<RunningProvider> {
  const { accessTokenTtl = 3600 } = options;
  const users = new Map(Object.entries(options.users));
  const scopes = new Map(Object.entries(options.scopes));
  const { Provider, errors, interactionPolicy } = await importQuietly();
  const signer = await createSigner();
  const http = createServer();
  const issuer = `http://localhost:${await listen(http, options.port)}`;

  const provider = new Provider(
    issuer,
    providerConfiguration({
      users,
      scopes,
      rules: options,
      accessTokenTtl,
      client: options.client,
      signingKey: signer.jwk,
      errors,
      interactionPolicy,
    }),
  );
  provider.on("server_error", (_ctx, error) => console.error(error));
  installSignIn(provider, { users, scopes });
  http.on("request", onlyFor(issuer, provider));

  return {
    issuer,
    close: () => close(http),
    async issue(account, { scopes, resource = options.defaultResource, expiresIn } = {}) {
      const user = users.get(account);
      if (user === undefined) {
        const accounts = [...users.keys()].join(", ");
        throw new Error(`expected one of the accounts ${accounts}, got ${account}`);
      }
      const claims = {
        ...userClaims(user),
        iss: issuer,
        sub: account,
        ...(resource !== undefined && { aud: resource }),
        scope: narrowScopes(scopes ?? user.scopes, user).join(" "),
        client_id: "issued-directly",
      };
      return signAccessToken(signer, claims, expiresIn ?? accessTokenTtl);
    },
  };
}

/**
 * oidc-provider warns on import that it supports newer Node releases only. What it is used for here works on Node 20
 * and is tested there, so that one line is held back; any other warning passes.
 */
async function importQuietly(): Promise<typeof import("oidc-provider")> {
  const warn = console.warn;
  console.warn = (...args: unknown[]) => {
    if (!String(args[0]).includes("oidc-provider WARNING: Unsupported runtime")) warn(...args);
  };
  try {
    return await import("oidc-provider");
  } finally {
    console.warn = warn;
  }
}

function listen(http: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once("error", reject);
    http.listen(port, "127.0.0.1", () => {
      http.off("error", reject);
      const address = http.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

/** Answers for its own host name only: a page elsewhere that points its name at 127.0.0.1 gets nothing. */
function onlyFor(issuer: string, provider: Provider): RequestListener {
  const { host } = new URL(issuer);
  const app = provider.callback();
  return (request, response) => {
    if (request.headers.host?.toLowerCase() === host) {
      void app(request, response);
      return;
    }
    response.writeHead(421, { "content-type": "text/plain; charset=utf-8" });
    response.end(`This is ${issuer}: use that address.\n`);
  };
}

function close(http: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    http.close((error) => (error === undefined ? resolve() : reject(error)));
    http.closeAllConnections();
  });
}
