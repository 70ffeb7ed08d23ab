import {
  ClientCredentialsProvider as ClientCredentialsV2,
  CrossAppAccessProvider,
  discoverAndRequestJwtAuthGrant,
  PrivateKeyJwtProvider as PrivateKeyV2,
} from "@modelcontextprotocol/client";
import type { OAuthClientProvider } from "@modelcontextprotocol/sdk/client/auth.js";
import {
  ClientCredentialsProvider,
  PrivateKeyJwtProvider,
} from "@modelcontextprotocol/sdk/client/auth-extensions.js";
import type { OAuthTokens } from "@modelcontextprotocol/sdk/shared/auth.js";
import type { Flavour } from "./agents.ts";
import { CLIENT_KEY, CLIENT_SECRET } from "./clients.ts";
import { type Company, JWT_BEARER } from "./company.ts";

type Sdk = Flavour["sdk"];

/** Signs in as itself, by its secret. */
export function withSecret(sdk: Sdk, expectedIssuer: string): OAuthClientProvider {
  const known = { clientId: "robot-with-secret", clientSecret: CLIENT_SECRET };
  const options = { ...known, scope: "notes:read", expectedIssuer };
  return sdk === "v1" ? new ClientCredentialsProvider(options) : new ClientCredentialsV2(options);
}

/** Signs in as itself, by what it signs. */
export function withKey(sdk: Sdk, expectedIssuer: string): OAuthClientProvider {
  const known = { clientId: "robot-with-key", privateKey: CLIENT_KEY, algorithm: "RS256" };
  const options = { ...known, scope: "notes:read", expectedIssuer };
  return sdk === "v1" ? new PrivateKeyJwtProvider(options) : new PrivateKeyV2(options);
}

/** Works for an employee, whose company decides that it may. */
export function ofCompany(
  sdk: Sdk,
  expectedIssuer: string,
  company: Company,
  idToken: string,
): OAuthClientProvider {
  const known = { clientId: "company-agent", clientSecret: CLIENT_SECRET };
  const assertion = (audience: string, resource: string) =>
    discoverAndRequestJwtAuthGrant({
      idpUrl: company.issuer,
      audience,
      resource,
      idToken,
      clientId: company.clientId,
      scope: "notes:read",
    }).then(({ jwtAuthGrant }) => jwtAuthGrant);
  if (sdk === "v2") {
    return new CrossAppAccessProvider({
      ...known,
      expectedIssuer,
      assertion: ({ authorizationServerUrl, resourceUrl }) =>
        assertion(authorizationServerUrl, resourceUrl),
    });
  }
  return providerV1(expectedIssuer, assertion);
}

/** SDK v1 has no provider for it, and the place where one asks for its tokens. */
function providerV1(
  issuer: string,
  assertion: (audience: string, resource: string) => Promise<string>,
): OAuthClientProvider {
  let tokens: OAuthTokens | undefined;
  let resource = "";
  const no = () => {
    throw new Error("Nobody is there to sign in.");
  };
  return {
    redirectUrl: undefined,
    clientMetadata: { redirect_uris: [], grant_types: [JWT_BEARER] },
    clientInformation: () => ({
      client_id: "company-agent",
      client_secret: CLIENT_SECRET,
      issuer,
    }),
    tokens: () => tokens,
    saveTokens: (saved) => void (tokens = saved),
    validateResourceURL: async (_url, named) => {
      resource = named ?? "";
      return new URL(resource);
    },
    prepareTokenRequest: async () =>
      new URLSearchParams({
        grant_type: JWT_BEARER,
        assertion: await assertion(issuer, resource),
      }),
    redirectToAuthorization: no,
    saveCodeVerifier: no,
    codeVerifier: no,
  };
}
