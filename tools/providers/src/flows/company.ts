import { createServer } from "node:http";
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from "jose";
import { close, importQuietly, listen } from "../provider.ts";
import { type Issuer, tokensFor } from "./issuer.ts";

/** How an identity assertion is redeemed (RFC 7523). */
export const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const ID_JAG = "urn:ietf:params:oauth:token-type:id-jag";
const ID_JAG_TYPE = "oauth-id-jag+jwt";
/** Of the company's own applications. */
const AGENT_THERE = "agent-at-the-company";

/** The identity provider of a company, which decides for its people which servers an agent may enter. */
export interface Company {
  readonly issuer: string;
  /** The agent's client id there. */
  readonly clientId: string;
  /** What somebody's sign-in at the company ended with. */
  idToken(subject: string): Promise<string>;
  close(): Promise<void>;
}

/**
 * Starts a token endpoint that exchanges ID tokens for identity assertions (enterprise-managed authorization), and has an
 * authorization server take these from one of its clients.
 */
export async function startCompany(server: Issuer, clientIdThere: string): Promise<Company> {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  const keys = createLocalJWKSet({ keys: [{ ...jwk, kid, alg: "RS256" }] });
  const http = createServer();
  const issuer = `http://localhost:${await listen(http)}`;
  const sign = (typ: string, claims: JWTPayload) =>
    new SignJWT({ ...claims, iss: issuer, jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: "RS256", kid, typ })
      .setIssuedAt()
      .setExpirationTime("1m")
      .sign(privateKey);

  async function exchange(form: URLSearchParams): Promise<object> {
    const { payload } = await jwtVerify(form.get("subject_token") ?? "", keys, {
      audience: AGENT_THERE,
    });
    const assertion = await sign(ID_JAG_TYPE, {
      sub: payload.sub ?? "",
      aud: form.get("audience") ?? "",
      resource: form.get("resource") ?? "",
      client_id: clientIdThere,
      scope: form.get("scope") ?? "",
    });
    return {
      issued_token_type: ID_JAG,
      access_token: assertion,
      token_type: "N_A",
      expires_in: 60,
    };
  }
  const metadata = {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    response_types_supported: ["code"],
  };
  http.on("request", (request, response) => {
    void (async () => {
      let text = "";
      for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
      const body = request.url === "/token" ? await exchange(new URLSearchParams(text)) : metadata;
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
    })().catch(() => response.writeHead(400).end("{}"));
  });
  await trust(server, issuer, keys);
  return {
    issuer,
    clientId: AGENT_THERE,
    idToken: (subject) => sign("JWT", { sub: subject, aud: AGENT_THERE }),
    close: () => close(http),
  };
}

/** What an authorization server checks of an assertion: signature, kind, recipient, client, and that it is new. */
async function trust(
  { provider, issuer, rules }: Issuer,
  company: string,
  keys: ReturnType<typeof createLocalJWKSet>,
): Promise<void> {
  const { errors } = await importQuietly();
  const used = new Set<string>();
  provider.registerGrantType<{ assertion?: string; resource?: string }>(
    JWT_BEARER,
    async (ctx) => {
      const { client, params } = ctx.oidc;
      const { payload } = await jwtVerify(params.assertion ?? "", keys, {
        issuer: company,
        audience: issuer,
        typ: ID_JAG_TYPE,
      }).catch(() => {
        throw new errors.InvalidGrant("not an assertion for this server");
      });
      const { sub = "", jti = "", resource } = payload;
      const isTheirs = payload["client_id"] === client.clientId && resource === params.resource;
      if (!isTheirs || typeof resource !== "string" || jti === "" || used.has(jti)) {
        throw new errors.InvalidGrant("an assertion that was used, or is another's");
      }
      used.add(jti);
      const grant = new provider.Grant({ clientId: client.clientId, accountId: sub });
      const token = new provider.AccessToken({
        client,
        accountId: sub,
        scope: String(payload["scope"]),
        resourceServer: new provider.ResourceServer(resource, tokensFor(resource, rules)),
        grantId: await grant.save(),
        gty: JWT_BEARER,
      });
      ctx.body = {
        access_token: await token.save(),
        token_type: "Bearer",
        expires_in: token.expiration,
        scope: token.scope,
      };
    },
    ["assertion", "scope", "resource"],
  );
}
