import { createServer } from "node:http";
import {
  calculateJwkThumbprint,
  CompactSign,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWK,
  UnsecuredJWT,
} from "jose";

/** An issuer whose key the test holds: it signs what no provider would. */
export interface Issuer {
  readonly issuer: string;
  /** The key it publishes, as a JWK and as PEM. */
  readonly jwk: JWK;
  readonly pem: string;
  /** Signs claims with the published key; header members as given, `undefined` leaves one out. */
  sign(claims: object, header?: object): Promise<string>;
  /** The same with the key of a stranger, whose public half is in `jwk` of the header if asked for. */
  signAsStranger(claims: object, options?: { readonly embedKey: boolean }): Promise<string>;
  close(): Promise<void>;
}

/** Listens on a free port and publishes OpenID discovery and one RS256 key. */
export async function startIssuer(): Promise<Issuer> {
  const keys = await generateKeyPair("RS256", { extractable: true });
  const stranger = await generateKeyPair("RS256", { extractable: true });
  const published = await exportJWK(keys.publicKey);
  const kid = await calculateJwkThumbprint(published);
  const jwk = { ...published, kid, alg: "RS256", use: "sig" };

  const server = createServer((request, response) => {
    const documents = new Map<string, object>([
      ["/.well-known/openid-configuration", { issuer, jwks_uri: `${issuer}/jwks` }],
      ["/jwks", { keys: [jwk] }],
    ]);
    const document = documents.get(request.url ?? "");
    response.writeHead(document === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(document ?? {}));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const issuer = `http://localhost:${address.port}`;

  const signWith = (key: typeof keys.privateKey, claims: object, header: object) =>
    new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
      .setProtectedHeader({ alg: "RS256", typ: "at+jwt", kid, ...header })
      .sign(key);
  return {
    issuer,
    jwk,
    pem: await exportSPKI(keys.publicKey),
    sign: (claims, header = {}) => signWith(keys.privateKey, claims, header),
    signAsStranger: async (claims, { embedKey } = { embedKey: false }) => {
      const own = { ...(await exportJWK(stranger.publicKey)), kid, alg: "RS256" };
      return signWith(stranger.privateKey, claims, embedKey ? { jwk: own } : {});
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** A token that says it needs no signature. */
export function unsigned(claims: object, alg = "none"): string {
  const [, payload = ""] = new UnsecuredJWT({ ...claims }).encode().split(".");
  const header = Buffer.from(JSON.stringify({ alg, typ: "at+jwt" })).toString("base64url");
  return `${header}.${payload}.`;
}

/** A token signed with a public key as if it were a shared secret. */
export function signWithSecret(claims: object, secret: string, kid: string): Promise<string> {
  return new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: "HS256", typ: "at+jwt", kid })
    .sign(new TextEncoder().encode(secret));
}
