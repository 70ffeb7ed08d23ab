import { exportJWK, generateKeyPair, SignJWT } from "jose";

/** Who vouches for the caller, and the caller's token. */
export interface Issuer {
  /** What `auth.config.ts` reads. */
  readonly env: Readonly<Record<"ISSUER" | "JWKS", string>>;
  readonly token: string;
}

/** An issuer that has issued one token, for a day, and knows no other. */
export async function createIssuer(): Promise<Issuer> {
  const issuer = "https://issuer.test";
  const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true });
  const kid = "only";
  const key = { ...(await exportJWK(publicKey)), kid, alg: "RS256", use: "sig" };
  const token = await new SignJWT()
    .setProtectedHeader({ alg: "RS256", kid, typ: "JWT" })
    .setIssuer(issuer)
    .setAudience("convex-server")
    .setSubject("conformance")
    .setIssuedAt()
    .setExpirationTime("1d")
    .sign(privateKey);
  const jwks = `data:application/json;base64,${btoa(JSON.stringify({ keys: [key] }))}`;
  return { env: { ISSUER: issuer, JWKS: jwks }, token };
}
