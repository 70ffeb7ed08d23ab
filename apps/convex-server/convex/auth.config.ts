import type { AuthConfig } from "convex/server";

declare const process: { env: Record<string, string | undefined> };

export default {
  providers: [
    {
      type: "customJwt",
      issuer: process.env.ISSUER ?? "https://issuer.test",
      jwks: process.env.JWKS ?? "data:application/json,{}",
      algorithm: "RS256",
      applicationID: "convex-server",
    },
  ],
} satisfies AuthConfig;
