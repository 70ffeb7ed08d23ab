import type { Profile, TokenFacts } from "../profile.ts";

const shape = ({ issuer, subject, clientId, scopes, resource }: TokenFacts) => ({
  typ: "at+jwt",
  claims: {
    iss: issuer,
    sub: subject,
    aud: scopes.includes("openid") ? [resource, `${issuer}/oauth2/userinfo`] : resource,
    client_id: clientId,
    azp: clientId,
    scope: scopes.join(" "),
    sid: "session_1",
  },
});

/** https://github.com/better-auth/better-auth/tree/main/packages/oauth-provider */
export const betterauth: Profile = {
  page: "better-auth",
  issuerPath: "/api/auth",
  jwksPath: "/jwks",
  algorithm: "EdDSA",
  registration: true,
  toolScopes: ["notes:read"],
  platform: false,
  env: ({ issuer, jwksUri }) => ({ BETTER_AUTH_ISSUER: issuer, BETTER_AUTH_JWKS: jwksUri }),
  shape,
  foreign: (facts) => ({
    "for another API": shape({ ...facts, resource: "https://api.example.com" }),
    "of another issuer": shape({ ...facts, issuer: "https://other.example.com/api/auth" }),
    "a session token": {
      typ: "JWT",
      claims: { iss: facts.issuer, sub: facts.subject, aud: facts.issuer },
    },
  }),
};
