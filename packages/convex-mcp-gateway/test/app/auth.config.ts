import type { AuthConfig } from "convex/server";

declare const process: { env: Record<string, string | undefined> };

const issuer = process.env.TEST_ISSUER ?? "https://issuer.test";

export default {
  providers: [
    {
      type: "customJwt",
      issuer,
      jwks: process.env.TEST_JWKS ?? "data:application/json,{}",
      algorithm: "RS256",
      applicationID: "test-app",
    },
  ],
} satisfies AuthConfig;
