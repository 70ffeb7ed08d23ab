import type { Profile, TokenFacts } from "../profile.ts";

const shape = ({ issuer, subject, clientId, scopes }: TokenFacts) => ({
  typ: undefined,
  claims: {
    iss: issuer,
    sub: subject,
    token_use: "access",
    client_id: clientId,
    scope: scopes.join(" "),
    username: subject,
    version: 2,
    "cognito:groups": ["readers"],
  },
});

/** https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html */
export const cognito: Profile = {
  page: "cognito",
  issuerPath: "/eu-central-1_Example",
  jwksPath: "/.well-known/jwks.json",
  algorithm: "RS256",
  registration: false,
  hidesPkce: true,
  toolScopes: ["notes/read"],
  platform: true,
  bridge: {
    authorization: "/oauth2/authorize",
    token: "/oauth2/token",
    revocation: "/oauth2/revoke",
  },
  env: ({ issuer, clientId }) => ({
    COGNITO_ISSUER: issuer,
    COGNITO_DOMAIN: issuer,
    MCP_CLIENT_IDS: clientId,
  }),
  shape,
  foreign: (facts) => ({
    "of another app client": shape({ ...facts, clientId: "stranger" }),
    "an ID token": {
      typ: undefined,
      claims: { iss: facts.issuer, sub: facts.subject, aud: facts.clientId, token_use: "id" },
    },
  }),
};
