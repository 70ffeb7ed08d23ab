import {
  challenge,
  decodeJwtPayload,
  missingScopes,
  parseBearer,
  parseChallenges,
  scopesOf,
} from "@convex-mcp/auth";
import { createJwtVerifier } from "@convex-mcp/auth/jwt";
import {
  type CryptoKey,
  decodeJwt,
  exportJWK,
  generateKeyPair,
  importJWK,
  jwtVerify,
  SignJWT,
} from "jose";
import type { Goal } from "../goal.ts";
import { measure, type Operation, type Standings } from "../harness.ts";
import { formatRatio, ratioTable, type Section } from "../markdown.ts";

const ISSUER = "https://issuer.example.com";
const AUDIENCE = "https://api.example.com/mcp";
const ALGORITHMS = ["ES256", "RS256", "EdDSA"] as const;
const BASE = "jose jwtVerify";
const PLAN = { rounds: 15, sliceMs: 25 };

/** What our verifier insists on, in jose's words. */
const OPTIONS = {
  issuer: ISSUER,
  audience: AUDIENCE,
  algorithms: [...ALGORITHMS],
  clockTolerance: 60,
  requiredClaims: ["exp", "sub"],
};

/** Verification of tokens against jose's, and what stands around it as a share of a verification. */
export async function authSuite(): Promise<Section> {
  const verifications: [string, Standings][] = [];
  for (const algorithm of ALGORITHMS) {
    const material = await createMaterial(algorithm);
    verifications.push([algorithm, await measure(verifying(material), PLAN)]);
  }
  const material = await createMaterial("ES256");
  const parts = await measure(
    [...verifying(material).slice(0, 1), ...surroundings(material)],
    PLAN,
  );
  return {
    title: "Auth",
    about: [
      "`createJwtVerifier` against `jwtVerify` of jose, which it builds on, with the same options. With a key from a",
      "JWK the key is imported for each token, as where no memory outlives a request.",
    ].join("\n"),
    tables: [
      ratioTable({
        caption: "Verifying a token; x jose's jwtVerify with an imported key",
        of: "algorithm",
        base: BASE,
        columns: ["ours", "jose, key from JWK", "ours, key from JWK"],
        results: verifications,
      }),
      {
        caption: "What stands around it; x jose's jwtVerify, ES256",
        head: ["work", "share"],
        rows: surroundings(material).map(({ name }) => [
          name,
          formatRatio(parts.ratio(name, BASE)),
        ]),
      },
    ],
    goals: [...verifyGoals(verifications), ...surroundingGoals(parts), await keyWorkGoal(material)],
  };
}

function verifyGoals(results: readonly (readonly [string, Standings])[]): Goal[] {
  return results.map(([algorithm, standings]) => ({
    number: 11,
    promise: `verify ${algorithm}, over jose with the same options`,
    limit: 1.1,
    bound: "atMost",
    measured: standings.ratio("ours", BASE),
  }));
}

const TOGETHER = "all of the above, for one request";
const MALFORMED = "refuse a malformed token";

function surroundingGoals(parts: Standings): Goal[] {
  const goal = (name: string, promise: string): Goal => {
    const measured = parts.ratio(name, BASE);
    return { number: 11, promise, limit: 0.05, bound: "atMost", measured };
  };
  return [
    goal(TOGETHER, "everything around a verification, over it"),
    goal(MALFORMED, "refusing a malformed token, over a verification"),
  ];
}

interface Material {
  readonly publicKey: CryptoKey;
  readonly jwk: Record<string, unknown>;
  readonly tokens: readonly string[];
  readonly algorithm: string;
}

async function createMaterial(algorithm: string): Promise<Material> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const tokens: string[] = [];
  for (let index = 0; index < 16; index += 1) {
    const token = new SignJWT({ scope: "search read write", client_id: `client-${index}` })
      .setProtectedHeader({ alg: algorithm, kid: "1" })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(`user-${index}`)
      .setIssuedAt()
      .setExpirationTime("1h");
    tokens.push(await token.sign(privateKey));
  }
  const jwk = { ...(await exportJWK(publicKey)), kid: "1", alg: algorithm };
  return { publicKey, jwk, tokens, algorithm };
}

function verifying({ publicKey, jwk, tokens, algorithm }: Material): Operation[] {
  const token = (turn: number) => tokens[turn % tokens.length] ?? "";
  const options = { issuer: ISSUER, audience: AUDIENCE, algorithms: ALGORITHMS };
  const verify = createJwtVerifier({ ...options, jwks: publicKey });
  return [
    { name: BASE, run: (turn) => jwtVerify(token(turn), publicKey, OPTIONS) },
    { name: "ours", run: async (turn) => expectOk(await verify(token(turn))) },
    {
      name: "jose, key from JWK",
      run: async (turn) => jwtVerify(token(turn), await importJWK({ ...jwk }, algorithm), OPTIONS),
    },
    {
      name: "ours, key from JWK",
      run: async (turn) => {
        const once = createJwtVerifier({
          ...options,
          jwks: { keys: [{ ...jwk, kty: String(jwk["kty"]) }] },
        });
        expectOk(await once(token(turn)));
      },
    },
  ];
}

function expectOk({ ok }: { readonly ok: boolean }): void {
  if (!ok) throw new Error("Expected our verifier to accept the token.");
}

const CHALLENGE = {
  resourceMetadata: "https://api.example.com/.well-known/oauth-protected-resource/mcp",
  error: "insufficient_scope",
  errorDescription: "This needs the scopes: read write.",
  scope: ["read", "write"],
} as const;

function surroundings({ publicKey, tokens }: Material): Operation[] {
  const token = (turn: number) => tokens[turn % tokens.length] ?? "";
  const header = (turn: number) => `Bearer ${token(turn)}`;
  const claims = tokens.map((text) => decodeJwtPayload(text) ?? {});
  const text = challenge(CHALLENGE);
  const options = { issuer: ISSUER, audience: AUDIENCE, jwks: publicKey };
  const verify = createJwtVerifier(options);
  const scopes = (turn: number) =>
    missingScopes(scopesOf(claims[turn % claims.length] ?? {}), ["read", "write"]);
  return [
    { name: "read the bearer token of a header", run: (turn) => parseBearer(header(turn)) },
    { name: "read the claims of a token", run: (turn) => decodeJwtPayload(token(turn)) },
    { name: "compare scopes", run: scopes },
    { name: "build a challenge with four parameters", run: () => challenge(CHALLENGE) },
    {
      name: TOGETHER,
      run: (turn) => [
        parseBearer(header(turn)),
        decodeJwtPayload(token(turn)),
        scopes(turn),
        challenge(CHALLENGE),
      ],
    },
    { name: "parse such a challenge", run: () => parseChallenges(text) },
    { name: "jose decodeJwt, for comparison", run: (turn) => decodeJwt(token(turn)) },
    { name: MALFORMED, run: (turn) => verify(token(turn).slice(20)) },
  ];
}

/** Counts what reaches the platform's cryptography for tokens that need none. */
async function keyWorkGoal({ jwk, tokens }: Material): Promise<Goal> {
  const jwks = { keys: [{ ...jwk, kty: String(jwk["kty"]) }] };
  const verify = createJwtVerifier({ issuer: ISSUER, audience: AUDIENCE, jwks });
  const good = tokens[0] ?? "";
  const needed = await countKeyWork(async () => expectOk(await verify(good)));
  if (needed === 0) throw new Error("Expected a good token to reach the cryptography.");
  const calls = await countKeyWork(async () => {
    for (const bad of ["", "a.b.c", "not a token", good.slice(20), `${good}.x`]) {
      if ((await verify(bad)).ok) throw new Error("Expected a malformed token to be refused.");
    }
  });
  const measured = { median: calls, p10: calls, p90: calls, minMin: calls };
  const promise = "calls of the platform's cryptography for malformed tokens";
  return { number: 11, promise, limit: 0, bound: "atMost", measured };
}

async function countKeyWork(run: () => Promise<void>): Promise<number> {
  const { subtle } = crypto;
  const names = ["importKey", "verify"] as const;
  let calls = 0;
  for (const name of names) {
    const method = Reflect.get(subtle, name) as () => unknown;
    const value = (...args: unknown[]) => {
      calls += 1;
      return Reflect.apply(method, subtle, args);
    };
    Object.defineProperty(subtle, name, { value, configurable: true });
  }
  try {
    await run();
  } finally {
    for (const name of names) Reflect.deleteProperty(subtle, name);
  }
  return calls;
}
