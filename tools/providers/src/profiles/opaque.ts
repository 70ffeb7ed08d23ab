import type { Profile, TokenFacts } from "../profile.ts";

/** What an answer about it says, which is all there is to see of such a token. */
const shape = ({ issuer, subject, clientId, scopes, resource }: TokenFacts) => ({
  typ: undefined,
  claims: {
    iss: issuer,
    sub: subject,
    aud: resource,
    client_id: clientId,
    scope: scopes.join(" "),
  },
});

/** RFC 7662 */
export const opaque: Profile = {
  page: "introspection",
  jwksPath: "/jwks",
  algorithm: "RS256",
  opaque: true,
  registration: true,
  toolScopes: ["notes:read"],
  platform: false,
  env: ({ issuer, introspection }) => ({
    ISSUER: issuer,
    INTROSPECTION_URL: introspection,
    INTROSPECTION_CLIENT_ID: "notes-api",
    INTROSPECTION_CLIENT_SECRET: "for the test alone",
  }),
  shape,
  foreign: (facts) => ({
    "for another API": shape({ ...facts, resource: "https://api.example.com" }),
  }),
};
