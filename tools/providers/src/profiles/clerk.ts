import type { Profile, TokenFacts } from "../profile.ts";

const shape = ({ issuer, subject, clientId, scopes }: TokenFacts) => ({
  typ: "at+jwt",
  claims: { iss: issuer, sub: subject, client_id: clientId, scp: scopes, scope: scopes.join(" ") },
});

/** https://clerk.com/docs/guides/development/machine-auth/token-formats */
export const clerk: Profile = {
  page: "clerk",
  jwksPath: "/.well-known/jwks.json",
  algorithm: "RS256",
  registration: false,
  toolScopes: ["profile"],
  platform: true,
  bridge: { authorization: "/oauth/authorize", token: "/oauth/token" },
  env: ({ issuer, clientId }) => ({
    CLERK_FRONTEND_API_URL: issuer,
    MCP_CLIENT_IDS: `${clientId},another`,
  }),
  shape,
  foreign: (facts) => ({
    "of an OAuth application that is not listed": shape({ ...facts, clientId: "stranger" }),
    "a session token": {
      typ: "JWT",
      claims: {
        iss: facts.issuer,
        sub: facts.subject,
        azp: "https://app.example.com",
        sid: "sess_1",
      },
    },
  }),
};
