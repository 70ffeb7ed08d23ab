import type { Profile, TokenFacts } from "../profile.ts";

const shape = ({ issuer, subject, resource }: TokenFacts) => ({
  typ: "JWT",
  claims: { iss: issuer, sub: subject, aud: resource, sid: "app_consent_1", org_id: "org_1" },
});

/** https://workos.com/docs/authkit/mcp */
export const workos: Profile = {
  page: "workos",
  jwksPath: "/oauth2/jwks",
  algorithm: "RS256",
  registration: true,
  toolScopes: [],
  platform: true,
  env: ({ issuer }) => ({ AUTHKIT_DOMAIN: issuer }),
  shape,
  foreign: (facts) => ({
    "that names no resource indicator": shape({ ...facts, resource: "client_01EXAMPLE" }),
    "for another resource indicator": shape({ ...facts, resource: "https://api.example.com/mcp" }),
  }),
};
