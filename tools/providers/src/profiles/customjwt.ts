import type { Profile, TokenFacts } from "../profile.ts";

const shape = ({ issuer, subject, scopes, resource }: TokenFacts) => ({
  typ: "JWT",
  claims: { iss: issuer, sub: subject, aud: resource, scope: scopes.join(" "), plan: { tier: 1 } },
});

/** An issuer of one's own, whose keys stand in the configuration. */
export const customjwt: Profile = {
  page: "custom-jwt",
  jwksPath: "/jwks",
  algorithm: "ES256",
  registration: true,
  toolScopes: ["notes:read"],
  platform: true,
  env: ({ issuer, jwks }) => ({
    ISSUER: issuer,
    JWKS_DATA_URI: `data:application/json;base64,${btoa(JSON.stringify(jwks))}`,
  }),
  shape,
  foreign: (facts) => ({
    "for another audience": shape({ ...facts, resource: "https://api.example.com" }),
    "of another issuer": shape({ ...facts, issuer: "https://other.example.com" }),
  }),
};
