import type { Profile, TokenFacts } from "../profile.ts";

const shape = ({ issuer, subject, clientId, scopes, resource }: TokenFacts) => ({
  typ: "JWT",
  claims: {
    iss: issuer,
    sub: subject,
    // The audience mapper of the client scope adds the first, the roles of the account console the second.
    aud: scopes.includes("notes:read") ? [resource, "account"] : "account",
    typ: "Bearer",
    azp: clientId,
    scope: scopes.join(" "),
    realm_access: { roles: ["offline_access", "reader"] },
    resource_access: { account: { roles: ["view-profile"] } },
  },
});

/** https://www.keycloak.org/securing-apps/mcp-authz-server */
export const keycloak: Profile = {
  page: "keycloak",
  issuerPath: "/realms/demo",
  jwksPath: "/protocol/openid-connect/certs",
  algorithm: "RS256",
  registration: true,
  toolScopes: ["notes:read"],
  platform: true,
  env: ({ issuer }) => ({ KEYCLOAK_ISSUER: issuer }),
  shape,
  foreign: (facts) => ({
    "without the client scope": shape({ ...facts, scopes: ["profile"] }),
    "an ID token": {
      typ: "JWT",
      claims: { ...shape(facts).claims, aud: facts.clientId, typ: "ID", nonce: "n" },
    },
  }),
};
