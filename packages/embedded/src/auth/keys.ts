import {
  createLocalJWKSet,
  createRemoteJWKSet,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from "jose";

/** Finds and keeps the keys of issuers; nothing is fetched before a token needs it. */
export interface KeyStore {
  /** Keys by OpenID discovery. */
  discovered(issuer: string): Promise<JWTVerifyGetKey>;
  /** Keys of a JWKS URL or `data:` URI. */
  named(jwks: string): Promise<JWTVerifyGetKey>;
}

/** A new key is looked for at most this often, so that a restarted issuer is soon good again. */
const COOLDOWN_MS = 1_000;

/** The key set of a `data:` URI: `application/json` or `application/jwk-set+json`, plain or base64. */
export function parseDataUri(uri: string): JSONWebKeySet {
  const match = /^data:([^,]*),(.*)$/s.exec(uri);
  const [, header = "", body = ""] = match ?? [];
  const [mediaType = "", ...parameters] = header.split(";");
  if (mediaType !== "application/json" && mediaType !== "application/jwk-set+json") {
    throw new Error(
      `Expected a data URI of application/json or application/jwk-set+json, got "${mediaType}"`,
    );
  }
  const isBase64 = parameters.includes("base64");
  const json = isBase64 ? Buffer.from(body, "base64").toString() : decodeURIComponent(body);
  return JSON.parse(json) as JSONWebKeySet;
}

/** `fetch` is the host's; convex-test forbids the global one in transactions. */
export function createKeyStore(fetch: typeof globalThis.fetch): KeyStore {
  const sets = new Map<string, JWTVerifyGetKey>();
  const documents = new Map<string, string>();

  function remote(url: string): JWTVerifyGetKey {
    const known = sets.get(url);
    if (known !== undefined) return known;
    const created = createRemoteJWKSet(new URL(url), { cooldownDuration: COOLDOWN_MS });
    sets.set(url, created);
    return created;
  }

  async function discover(issuer: string): Promise<string> {
    const known = documents.get(issuer);
    if (known !== undefined) return known;
    const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
    const response = await fetch(url, { headers: { accept: "application/json" } });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    const document = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
    if (document.issuer !== issuer) {
      throw new Error(`${url} is of issuer "${String(document.issuer)}", not "${issuer}"`);
    }
    if (typeof document.jwks_uri !== "string") throw new Error(`${url} has no jwks_uri`);
    documents.set(issuer, document.jwks_uri);
    return document.jwks_uri;
  }

  return {
    discovered: async (issuer) => remote(await discover(issuer)),
    named: (jwks) =>
      Promise.resolve().then(() =>
        jwks.startsWith("data:") ? createLocalJWKSet(parseDataUri(jwks)) : remote(jwks),
      ),
  };
}
