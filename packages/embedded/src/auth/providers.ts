import { createImportRealm } from "../deploy/analysis.ts";
import type { PushedModule } from "../deploy/request.ts";
import { EmbeddedError, messageOf } from "../errors.ts";
import type { RealmFactory } from "../runtime/realm.ts";

/** An OpenID provider, found by discovery. */
export interface OidcProvider {
  readonly type: "oidc";
  readonly domain: string;
  readonly applicationID: string;
}

/** An issuer of JWTs whose keys are named in the configuration. */
export interface JwtProvider {
  readonly type: "customJwt";
  readonly issuer: string;
  /** http(s) URL or `data:` URI. */
  readonly jwks: string;
  readonly algorithm: "RS256" | "ES256";
  readonly applicationID: string | null;
}

/** One entry of `auth.config.ts`. */
export type AuthProvider = OidcProvider | JwtProvider;

const AUTH_CONFIG = "auth.config.js";
const FILE = "convex/auth.config.ts";

type Fields = Readonly<Record<string, unknown>>;

function refuse(problem: string): never {
  throw new EmbeddedError("auth_config", `${FILE}: ${problem}`);
}

function text(provider: Fields, field: string, index: number): string {
  const value = provider[field];
  if (typeof value === "string" && value !== "") return value;
  return refuse(
    `expected providers[${index}].${field} to be a string, got ${JSON.stringify(value) ?? "undefined"}. ` +
      "If it comes from an environment variable, set that one.",
  );
}

function parseProvider(value: unknown, index: number): AuthProvider {
  if (typeof value !== "object" || value === null) {
    return refuse(`expected providers[${index}] to be an object`);
  }
  const provider = value as Fields;
  if (provider.type !== "customJwt") {
    const domain = text(provider, "domain", index);
    const applicationID = text(provider, "applicationID", index);
    return { type: "oidc", domain, applicationID };
  }
  const algorithm = text(provider, "algorithm", index);
  if (algorithm !== "RS256" && algorithm !== "ES256") {
    return refuse(`expected providers[${index}].algorithm to be RS256 or ES256, got ${algorithm}`);
  }
  return {
    type: "customJwt",
    issuer: text(provider, "issuer", index),
    jwks: text(provider, "jwks", index),
    algorithm,
    applicationID:
      provider.applicationID === undefined ? null : text(provider, "applicationID", index),
  };
}

/** Checks what `auth.config.ts` exports. Throws an `EmbeddedError` that names the field. */
export function parseProviders(exported: unknown): readonly AuthProvider[] {
  const providers = (exported as { providers?: unknown } | null | undefined)?.providers;
  if (!Array.isArray(providers)) return refuse("expected a default export { providers: [...] }");
  return providers.map(parseProvider);
}

/** What is allowed and seldom meant, one line each. */
export function configWarnings(providers: readonly AuthProvider[] | null): readonly string[] {
  if (providers === null) return [`${FILE} is missing: every bearer token counts as invalid.`];
  return providers.flatMap((provider) =>
    provider.type === "customJwt" && provider.applicationID === null
      ? [
          `${FILE}: ${provider.issuer} has no applicationID, so tokens for any audience are accepted.`,
        ]
      : [],
  );
}

/**
 * Evaluates the pushed `auth.config.js` with the deployment's environment variables.
 * Returns null when the app has none.
 */
export async function loadProviders(
  realms: RealmFactory,
  modules: readonly PushedModule[],
  env: Readonly<Record<string, string>>,
): Promise<readonly AuthProvider[] | null> {
  const module = modules.find(({ path }) => path === AUTH_CONFIG);
  if (module === undefined) return null;
  const exported = await createImportRealm(realms, [module], env)
    .load(AUTH_CONFIG)
    .then((namespace) => namespace.default)
    .catch((thrown: unknown) => refuse(messageOf(thrown)));
  return parseProviders(exported);
}
