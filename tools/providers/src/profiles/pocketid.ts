import type { Profile, TokenFacts } from "../profile.ts";

const IDENTITY = new Set(["openid", "profile", "email", "groups"]);

const shape = ({ issuer, subject, clientId, scopes, resource }: TokenFacts) => ({
  typ: "at+jwt",
  claims: {
    iss: issuer,
    sub: subject,
    // A scope of identity makes the token good for Pocket ID's own endpoints as well.
    aud: scopes.some((scope) => IDENTITY.has(scope)) ? [resource, issuer] : [resource],
    client_id: clientId,
    scope: scopes.join(" "),
    scp: scopes,
  },
});

/** https://github.com/pocket-id/pocket-id/tree/v2.14.0/backend/internal/oidc */
export const pocketid: Profile = {
  page: "pocket-id",
  jwksPath: "/.well-known/jwks.json",
  algorithm: "RS256",
  registration: false,
  toolScopes: ["notes:read"],
  platform: true,
  bridge: { authorization: "/authorize", token: "/api/oidc/token" },
  env: ({ issuer }) => ({ POCKET_ID_URL: issuer }),
  shape,
  foreign: (facts) => ({
    "of a plain sign-in": shape({ ...facts, resource: facts.clientId }),
    "for another API": shape({ ...facts, resource: "https://api.example.com" }),
  }),
};
