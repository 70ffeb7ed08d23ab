import { decodeProtectedHeader, exportJWK, generateKeyPair, importJWK, jwtVerify } from "jose";
import { expect, it } from "vitest";

import { createClientAssertion, type JWK } from "./assertion.ts";

const about = { clientId: "bridge", issuer: "https://id.example.com" };

async function keyPair(alg: string) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { privateKey: { ...(await exportJWK(privateKey)), alg }, publicKey };
}

it.each(["ES256", "RS256", "EdDSA"])("is a JWT of %s, for a minute and one use", async (alg) => {
  const { privateKey, publicKey } = await keyPair(alg);
  const assert = createClientAssertion({ privateKey: { ...privateKey, kid: "k1" } });
  const [one, other] = [await assert(about), await assert(about)];
  const { payload, protectedHeader } = await jwtVerify(one, publicKey, {
    issuer: about.clientId,
    subject: about.clientId,
    audience: about.issuer,
  });
  expect(protectedHeader).toEqual({ alg, kid: "k1" });
  const { iat = 0, exp, jti } = payload;
  expect(exp).toBe(iat + 60);
  expect((await jwtVerify(other, publicKey)).payload.jti).not.toBe(jti);
});

it("names the certificate, and another audience, where the provider wants them", async () => {
  const { privateKey, publicKey } = await keyPair("PS256");
  const named = { ...privateKey, x5t: "t1", "x5t#S256": "t256" };
  const audience = "https://id.example.com/token";
  const assertion = await createClientAssertion({ privateKey: named, audience })(about);
  await jwtVerify(assertion, publicKey, { audience });
  expect(decodeProtectedHeader(assertion)).toEqual({ alg: "PS256", x5t: "t1", "x5t#S256": "t256" });
});

it("wants a private key that says how it signs, and shows nothing of it", async () => {
  const { privateKey, publicKey } = await keyPair("ES256");
  const wrong: [JWK, RegExp][] = [
    [undefined as unknown as JWK, /^privateKey: expected a private JWK$/],
    [{ kty: "oct", k: "c2VjcmV0", alg: "HS256" }, /^privateKey: expected a private JWK$/],
    [await exportJWK(publicKey), /^privateKey: expected a private JWK$/],
    [{ ...privateKey, alg: "none" }, /^privateKey\.alg: expected one such as "ES256", got "none"$/],
    [{ ...privateKey, alg: "HS256" }, /^privateKey\.alg: /],
    [{ kty: "EC", d: "secret" }, /^privateKey\.alg: expected one such as "ES256", got undefined$/],
  ];
  for (const [key, message] of wrong) {
    expect(() => createClientAssertion({ privateKey: key })).toThrow(message);
  }
  expect(await importJWK(privateKey)).toBeDefined();
});
