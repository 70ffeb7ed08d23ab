import type { Profile, TokenFacts } from "../profile.ts";

const shape = ({ issuer, subject, clientId, scopes, resource }: TokenFacts) => ({
  typ: "JWT",
  claims: {
    iss: issuer,
    sub: subject,
    // With `openid` the token is for /userinfo as well.
    aud: scopes.includes("openid") ? [resource, `${issuer}userinfo`] : resource,
    azp: clientId,
    scope: scopes.join(" "),
    permissions: scopes.filter((scope) => scope.includes(":")),
  },
});

/** https://auth0.com/docs/secure/tokens/access-tokens/access-token-profiles */
export const auth0: Profile = {
  page: "auth0",
  // Auth0 spells its issuer with a slash at its end.
  issuerPath: "/",
  jwksPath: "/.well-known/jwks.json",
  algorithm: "RS256",
  registration: true,
  toolScopes: ["notes:read"],
  platform: true,
  env: ({ issuer }) => ({ AUTH0_ISSUER: issuer }),
  shape,
  foreign: (facts) => ({
    "for another API": shape({ ...facts, resource: "https://api.example.com" }),
    "an ID token": { typ: "JWT", claims: { ...shape(facts).claims, aud: facts.clientId } },
  }),
};
