import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { type Embedded, type EmbeddedOptions, startEmbedded } from "../src/index.ts";

export const FIXTURE: string = new URL("./fixture", import.meta.url).pathname;
export const AUDIENCE = "embedded-fixture";
export const CUSTOM_ISSUER = "https://custom.example.com";

/** Claims and header fields that override those of a good token; undefined takes one away. */
export interface TokenOptions {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly key?: CryptoKey;
}

export interface Issuers {
  readonly oidcIssuer: string;
  readonly customJwks: string;
  /** A key that no issuer knows. */
  readonly strangerKey: CryptoKey;
  oidc(options?: TokenOptions): Promise<string>;
  custom(options?: TokenOptions): Promise<string>;
  requests(): number;
  close(): void;
}

async function keyPair(algorithm: string, kid: string): Promise<{ key: CryptoKey; jwk: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm);
  return { key: privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: algorithm } };
}

function sign(key: CryptoKey, header: object, claims: object): Promise<string> {
  const defined = JSON.parse(JSON.stringify(claims)) as Record<string, unknown>;
  return new SignJWT(defined)
    .setProtectedHeader(JSON.parse(JSON.stringify(header)) as { alg: string })
    .sign(key);
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** An OpenID issuer over HTTP, and a custom one whose keys are a data URI. */
export async function startIssuers(): Promise<Issuers> {
  const rsa = await keyPair("RS256", "rsa");
  const ec = await keyPair("ES256", "ec");
  const stranger = await generateKeyPair("RS256");
  let requests = 0;
  let issuer = "";
  const server = createServer((request, response) => {
    requests += 1;
    const isDiscovery = request.url === "/.well-known/openid-configuration";
    const body = isDiscovery ? { issuer, jwks_uri: `${issuer}/jwks` } : { keys: [rsa.jwk] };
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  });
  issuer = `http://127.0.0.1:${await listen(server)}`;
  const now = Math.floor(Date.now() / 1000);
  const common = { sub: "alice", iat: now, exp: now + 3600, jti: "token-1", nbf: now - 1 };
  return {
    oidcIssuer: issuer,
    customJwks: `data:application/json,${encodeURIComponent(JSON.stringify({ keys: [ec.jwk] }))}`,
    strangerKey: stranger.privateKey,
    oidc: ({ claims, header, key } = {}) =>
      sign(
        key ?? rsa.key,
        { alg: "RS256", kid: "rsa", ...header },
        { iss: issuer, aud: AUDIENCE, ...common, ...claims },
      ),
    custom: ({ claims, header, key } = {}) =>
      sign(
        key ?? ec.key,
        { alg: "ES256", kid: "ec", ...header },
        { iss: CUSTOM_ISSUER, ...common, ...claims },
      ),
    requests: () => requests,
    close: () => server.close(),
  };
}

/** The fixture, running. */
export function startFixture(
  issuers: Pick<Issuers, "oidcIssuer" | "customJwks">,
  options: Partial<EmbeddedOptions> = {},
): Promise<Embedded> {
  const env = {
    OIDC_ISSUER: issuers.oidcIssuer,
    OIDC_AUDIENCE: AUDIENCE,
    CUSTOM_JWKS: issuers.customJwks,
    GREETING: "hello",
  };
  return startEmbedded({ projectDir: FIXTURE, port: 0, env, ...options });
}

/** Issuers for tests in which nobody signs in. */
export const NO_ISSUERS = {
  oidcIssuer: "http://127.0.0.1:9",
  customJwks: "data:application/json,%7B%22keys%22%3A%5B%5D%7D",
};
