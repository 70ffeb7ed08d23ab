import { exportJWK, generateKeyPair } from "jose";
import type { ClientMetadata } from "oidc-provider";
import { CALLBACK } from "../provider.ts";
import { JWT_BEARER } from "./company.ts";

const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });

export const CLIENT_SECRET = "for the test alone";
/** Of the client that signs what it says of itself. */
export const CLIENT_KEY: Readonly<Record<string, unknown>> = { ...(await exportJWK(privateKey)) };

const forPeople = {
  redirect_uris: [CALLBACK],
  application_type: "native" as const,
  grant_types: ["authorization_code", "refresh_token"],
};
const forItself = { redirect_uris: [], response_types: [] };
const withSecret = {
  client_secret: CLIENT_SECRET,
  token_endpoint_auth_method: "client_secret_basic",
} as const;
const jwk = { ...(await exportJWK(publicKey)), kty: "RSA", alg: "RS256", use: "sig" };

/** Clients that somebody registered beforehand. */
export const clients: readonly ClientMetadata[] = [
  { ...forPeople, client_id: "public-client", token_endpoint_auth_method: "none" },
  { ...forPeople, ...withSecret, client_id: "confidential-client" },
  {
    ...forItself,
    ...withSecret,
    client_id: "robot-with-secret",
    grant_types: ["client_credentials"],
  },
  {
    ...forItself,
    client_id: "robot-with-key",
    grant_types: ["client_credentials"],
    token_endpoint_auth_method: "private_key_jwt",
    jwks: { keys: [jwk] },
  },
  { ...forItself, ...withSecret, client_id: "company-agent", grant_types: [JWT_BEARER] },
];
