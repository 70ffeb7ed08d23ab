import { verifies } from "@convex-mcp/spec";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { base64url, exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import { createJwtVerifier, type JwtVerifierOptions, type JWK } from "./jwt.ts";

const ISSUER = "https://issuer.example";
const AUDIENCE = "https://api.example/mcp";

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;
const pairs = new Map<string, KeyPair>();
const jwks: { keys: JWK[] } = { keys: [] };

beforeAll(async () => {
  for (const alg of ["ES256", "RS256", "EdDSA", "ES384"]) {
    const pair = await generateKeyPair(alg, { extractable: true });
    pairs.set(alg, pair);
    jwks.keys.push({ ...(await exportJWK(pair.publicKey)), kid: `${alg}-1`, alg });
  }
});

function now(): number {
  return Math.floor(Date.now() / 1000);
}

interface Spec {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  alg?: string;
  key?: KeyPair["privateKey"] | Uint8Array;
}

function sign({ claims, header, alg = "ES256", key }: Spec = {}): Promise<string> {
  const all = { iss: ISSUER, aud: AUDIENCE, sub: "user-1", exp: now() + 300, ...claims };
  return new SignJWT(all)
    .setProtectedHeader({ alg, kid: `${alg}-1`, ...header })
    .sign(key ?? pairs.get(alg)!.privateKey);
}

function verifier(options: Partial<JwtVerifierOptions> = {}) {
  return createJwtVerifier({ issuer: ISSUER, audience: AUDIENCE, jwks, ...options });
}

async function reasonOf(token: string, options?: Partial<JwtVerifierOptions>): Promise<string> {
  const result = await verifier(options)(token);
  return result.ok ? "ok" : result.reason;
}

describe("an accepted token", () => {
  it.each(["ES256", "RS256", "EdDSA"])("may be signed with %s", async (alg) => {
    const token = await sign({ alg, claims: { scope: "read write", org: 7 } });
    expect(await verifier()(token)).toEqual({
      ok: true,
      subject: "user-1",
      scopes: ["read", "write"],
      claims: expect.objectContaining({ iss: ISSUER, org: 7, scope: "read write" }) as unknown,
    });
  });

  it("may have the audience among others, and with a slash at the end", async () => {
    const token = await sign({ claims: { aud: ["other", `${AUDIENCE}/`] } });
    expect(await reasonOf(token)).toBe("ok");
  });

  it("may say that it is an access token", async () => {
    for (const typ of ["JWT", "at+jwt", "application/AT+JWT"]) {
      expect(await reasonOf(await sign({ header: { typ } }))).toBe("ok");
    }
    const nonce = { nonce: "n" };
    expect(await reasonOf(await sign({ header: { typ: "at+jwt" }, claims: nonce }))).toBe("ok");
    expect(await reasonOf(await sign({ claims: { ...nonce, typ: "Bearer" } }))).toBe("ok");
    expect(await reasonOf(await sign({ claims: { token_use: "access" } }))).toBe("ok");
  });

  it("may be judged with one key, of any name if the key has none", async () => {
    const { publicKey } = pairs.get("ES256")!;
    const jwk = await exportJWK(publicKey);
    const token = await sign();
    expect(await reasonOf(token, { jwks: publicKey })).toBe("ok");
    expect(await reasonOf(token, { jwks: jwk })).toBe("ok");
    expect(await reasonOf(token, { jwks: { ...jwk, kid: "ES256-1" } })).toBe("ok");
    expect(await reasonOf(token, { jwks: { ...jwk, kid: "other" } })).toBe("key");
  });

  it("may leave the kid out, also where several keys fit", async () => {
    const other = await exportJWK((await generateKeyPair("ES256")).publicKey);
    const mine = await exportJWK(pairs.get("ES256")!.publicKey);
    const token = await sign({ header: { kid: undefined } });
    expect(await reasonOf(token, { jwks: { keys: [other, mine] } })).toBe("ok");
    expect(await reasonOf(token, { jwks: { keys: [other, other] } })).toBe("signature");
  });
});

describe("time", () => {
  it("is measured with a tolerance of 60 seconds", async () => {
    verifies("token.verification");
    expect(await reasonOf(await sign({ claims: { exp: now() - 55 } }))).toBe("ok");
    expect(await reasonOf(await sign({ claims: { exp: now() - 61 } }))).toBe("expired");
    expect(await reasonOf(await sign({ claims: { nbf: now() + 55 } }))).toBe("ok");
    expect(await reasonOf(await sign({ claims: { nbf: now() + 70 } }))).toBe("premature");
  });

  it("can be measured exactly", async () => {
    const options = { clockToleranceSeconds: 0 };
    expect(await reasonOf(await sign({ claims: { exp: now() - 1 } }), options)).toBe("expired");
    expect(await reasonOf(await sign({ claims: { nbf: now() + 10 } }), options)).toBe("premature");
  });
});

describe("a refused token", () => {
  it.each<[string, Record<string, unknown>]>([
    ["audience", { aud: "https://api.example/other" }],
    ["audience", { aud: "https://api.example/mcp/tenant" }],
    ["audience", { aud: "https://api.example" }],
    ["audience", { aud: undefined }],
    ["audience", { aud: [] }],
    ["issuer", { iss: `${ISSUER}/` }],
    ["issuer", { iss: "https://evil.example" }],
    ["issuer", { iss: undefined }],
    ["issuer", { iss: [ISSUER] }],
    ["claims", { exp: undefined }],
    ["claims", { exp: "9999999999" }],
    ["claims", { nbf: "soon" }],
    ["claims", { sub: undefined }],
    ["claims", { sub: "" }],
    ["claims", { sub: 7 }],
    ["type", { nonce: "n" }],
    ["type", { at_hash: "h" }],
    ["type", { c_hash: "h" }],
    ["type", { token_use: "id" }],
    ["type", { typ: "ID" }],
    ["type", { typ: "Refresh" }],
  ])("for %s: %j", async (reason, claims) => {
    verifies("token.verification");
    expect(await reasonOf(await sign({ claims }))).toBe(reason);
  });

  it.each<[string, Record<string, unknown>]>([
    ["type", { typ: "oauth-id-jag+jwt" }],
    ["type", { typ: "dpop+jwt" }],
    ["key", { kid: "unknown" }],
    ["malformed", { kid: 7 }],
    ["malformed", { typ: 7 }],
  ])("for %s: header %j", async (reason, header) => {
    expect(await reasonOf(await sign({ header }))).toBe(reason);
  });

  it("has no type where types are demanded", async () => {
    const types = ["at+jwt"];
    expect(await reasonOf(await sign(), { types })).toBe("type");
    expect(await reasonOf(await sign({ header: { typ: "JWT" } }), { types })).toBe("type");
    expect(await reasonOf(await sign({ header: { typ: "at+JWT" } }), { types })).toBe("ok");
  });

  it("is not signed", async () => {
    const unsigned = new UnsecuredJWT({ iss: ISSUER, aud: AUDIENCE, sub: "u", exp: now() + 300 });
    expect(await reasonOf(unsigned.encode())).toBe("algorithm");
    const [, payload] = unsigned.encode().split(".");
    for (const alg of ["None", "nOnE", "", undefined, null, ["none"]]) {
      const header = base64url.encode(JSON.stringify({ alg }));
      expect(await reasonOf(`${header}.${payload}.c2ln`)).toBe("algorithm");
    }
  });

  it("is signed with the public key as a shared secret", async () => {
    verifies("token.verification");
    const { publicKey } = pairs.get("RS256")!;
    const secrets = [await exportSPKI(publicKey), JSON.stringify(await exportJWK(publicKey))];
    for (const alg of ["HS256", "HS384", "HS512"]) {
      for (const secret of secrets) {
        const key = new TextEncoder().encode(secret);
        const token = await sign({ alg, key, header: { kid: "RS256-1" } });
        expect(await reasonOf(token)).toBe("algorithm");
        expect(await reasonOf(token, { jwks: publicKey })).toBe("algorithm");
      }
    }
  });

  it("is signed with an algorithm that is not listed, or is not the key's", async () => {
    const token = await sign({ alg: "ES384" });
    expect(await reasonOf(token)).toBe("algorithm");
    expect(await reasonOf(token, { algorithms: ["ES384"] })).toBe("ok");
    const { publicKey } = pairs.get("ES256")!;
    expect(await reasonOf(await sign({ alg: "RS256" }), { jwks: publicKey })).toBe("algorithm");
  });

  it("is signed with somebody else's key", async () => {
    const { privateKey } = await generateKeyPair("ES256");
    expect(await reasonOf(await sign({ key: privateKey }))).toBe("signature");
  });

  it("brings its own key, or says where that is", async () => {
    const { privateKey: key, publicKey } = await generateKeyPair("ES256");
    const url = "https://evil.example/keys";
    const fetched = vi.spyOn(globalThis, "fetch");
    const jwk = { ...(await exportJWK(publicKey)), kid: "ES256-1" };
    for (const header of [{ jwk }, { jku: url }, { x5u: url }, { x5c: ["AAAA"] }]) {
      expect(await reasonOf(await sign({ key, header }))).toBe("signature");
      const other = { ...header, kid: url };
      expect(await reasonOf(await sign({ key, header: other }))).toBe("key");
    }
    expect(fetched).not.toHaveBeenCalled();
    fetched.mockRestore();
  });

  it("has been altered", async () => {
    const [header, , signature] = (await sign()).split(".");
    const [, payload] = (await sign({ claims: { sub: "admin" } })).split(".");
    expect(await reasonOf(`${header}.${payload}.${signature}`)).toBe("signature");
  });

  it("names an extension, or hides its payload from us", async () => {
    const [, payload] = (await sign()).split(".");
    for (const extra of [{ crit: ["exp"] }, { crit: [] }, { b64: false }, { b64: true }]) {
      const header = base64url.encode(JSON.stringify({ alg: "ES256", ...extra }));
      expect(await reasonOf(`${header}.${payload}.c2ln`)).toBe("malformed");
    }
  });

  it("is garbled, and it never rejects", async () => {
    const token = await sign();
    const verify = verifier();
    for (const garbled of ["", "a", "a.b.c", "..", `${token}.x`, `${token}=`, token.slice(0, -7)]) {
      expect(await verify(garbled)).toMatchObject({ ok: false, error: "invalid_token" });
    }
    expect(await reasonOf(undefined as unknown as string)).toBe("malformed");
    expect(await reasonOf(`${token}${"a".repeat(70_000)}`)).toBe("malformed");
    const position = fc.integer({ min: 0, max: token.length - 1 });
    await fc.assert(
      fc.asyncProperty(position, fc.string({ minLength: 1, maxLength: 3 }), async (at, text) => {
        const changed = token.slice(0, at) + text + token.slice(at + text.length);
        if (changed !== token) expect((await verify(changed)).ok).toBe(false);
      }),
    );
  });

  it("spells the last bits of its signature in another way", async () => {
    const token = await sign();
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const last = alphabet.indexOf(token.slice(-1));
    // The 64 bytes of an ES256 signature leave four bits of the last character unused.
    expect(last % 16).toBe(0);
    for (let bits = 1; bits < 16; bits += 1) {
      const respelled = token.slice(0, -1) + alphabet.charAt(last + bits);
      expect(await reasonOf(respelled)).toBe("malformed");
    }
  });

  it("is described with nothing of its own", async () => {
    const result = await verifier()(await sign({ claims: { aud: "https://secret.example" } }));
    expect(result).toEqual({
      ok: false,
      reason: "audience",
      error: "invalid_token",
      description: "The access token is for another resource; ask for one for this resource.",
    });
  });
});

describe("a key set behind a URL", () => {
  let server: Server;
  let url: URL;
  let requests = 0;
  let answer: { status: number; body: string };

  beforeAll(async () => {
    server = createServer((_, response) => {
      requests += 1;
      response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`);
  });

  afterAll(() => {
    server.close();
  });

  function reset(status: number, body: string): void {
    requests = 0;
    answer = { status, body };
  }

  it("is fetched once, and not again for each unknown kid", async () => {
    verifies("token.keys");
    reset(200, JSON.stringify(jwks));
    const verify = verifier({ jwks: url });
    expect(requests).toBe(0);
    expect((await verify(await sign())).ok).toBe(true);
    for (const kid of ["a", "b", "c"]) {
      expect(await verify(await sign({ header: { kid } }))).toMatchObject({ reason: "key" });
    }
    expect(requests).toBe(1);
  });

  it("is fetched anew for an unknown kid after a while", async () => {
    reset(200, JSON.stringify({ keys: jwks.keys.slice(1) }));
    const verify = verifier({ jwks: url });
    expect(await verify(await sign())).toMatchObject({ reason: "key" });
    answer.body = JSON.stringify(jwks);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 31_000 });
    try {
      expect((await verify(await sign())).ok).toBe(true);
    } finally {
      vi.useRealTimers();
    }
    expect(requests).toBe(2);
  });

  it("is not asked for what can be refused without a key", async () => {
    verifies("token.keys");
    reset(200, JSON.stringify(jwks));
    const verify = verifier({ jwks: url });
    const [header, payload] = (await sign()).split(".");
    const foreign = await sign({ claims: { iss: "https://evil.example" } });
    const shared = await sign({ alg: "HS256", key: new Uint8Array(32) });
    const idJag = await sign({ header: { typ: "oauth-id-jag+jwt" } });
    for (const token of ["", "a.b.c", `${header}.${payload}.`, `${header}.${payload}.?`]) {
      expect(await verify(token)).toMatchObject({ reason: "malformed" });
    }
    for (const token of [foreign, shared, idJag]) expect((await verify(token)).ok).toBe(false);
    expect(requests).toBe(0);
  });

  it.each<[number, string]>([
    [500, "{}"],
    [404, "{}"],
    [200, "no json"],
    [200, "{}"],
    [302, "{}"],
  ])("that answers %d %s is no fault of the token", async (status, body) => {
    reset(status, body);
    expect(await verifier({ jwks: url })(await sign())).toMatchObject({
      ok: false,
      reason: "keys",
      error: "temporarily_unavailable",
      cause: expect.any(Error) as unknown,
    });
  });

  it("that cannot be reached is no fault of the token, and can come back", async () => {
    reset(503, "");
    const verify = verifier({ jwks: url });
    const unreachable = verifier({ jwks: new URL("http://127.0.0.1:1/jwks") });
    expect(await unreachable(await sign())).toMatchObject({ reason: "keys" });
    expect(await verify(await sign())).toMatchObject({ reason: "keys" });
    answer = { status: 200, body: JSON.stringify(jwks) };
    expect((await verify(await sign())).ok).toBe(true);
  });
});

describe("options", () => {
  it.each<[string, Partial<Record<keyof JwtVerifierOptions, unknown>>]>([
    ["issuer", { issuer: "" }],
    ["issuer", { issuer: undefined }],
    ["audience", { audience: [] }],
    ["audience", { audience: "" }],
    ["audience", { audience: undefined }],
    ["algorithms", { algorithms: ["none"] }],
    ["algorithms", { algorithms: ["RS256", "HS256"] }],
    ["algorithms", { algorithms: [] }],
    ["clockToleranceSeconds", { clockToleranceSeconds: 61 }],
    ["clockToleranceSeconds", { clockToleranceSeconds: -1 }],
    ["clockToleranceSeconds", { clockToleranceSeconds: Number.NaN }],
    ["types", { types: [] }],
    ["jwks", { jwks: undefined }],
    ["jwks", { jwks: "https://issuer.example/jwks" }],
    ["jwks", { jwks: new URL("http://issuer.example/jwks") }],
    ["jwks", { jwks: new Uint8Array(32) }],
    ["jwks", { jwks: { keys: [] } }],
    ["jwks", { jwks: { kty: "oct", k: "AAAA" } }],
    ["jwks", { jwks: { keys: [{ kty: "oct", k: "AAAA" }] } }],
    ["jwks", { jwks: { kty: "EC", crv: "P-256", x: "a", y: "b", d: "c" } }],
  ])("that are wrong are named: %s %j", (option, wrong) => {
    const message = new RegExp(`^${option}(?:\\[\\d\\])?: expected `);
    expect(() => verifier(wrong as Partial<JwtVerifierOptions>)).toThrow(TypeError);
    expect(() => verifier(wrong as Partial<JwtVerifierOptions>)).toThrow(message);
  });

  it("refuse a private key", () => {
    const { privateKey } = pairs.get("ES256")!;
    expect(() => verifier({ jwks: privateKey })).toThrow(/^jwks: expected /);
  });
});

describe("client ids instead of an audience", () => {
  const options = { audience: undefined, clientIds: ["app-1", "app-2"] };
  const cognito = { aud: undefined, token_use: "access", client_id: "app-1" };

  it("accept tokens that name no audience, of these clients alone", async () => {
    expect(await reasonOf(await sign({ claims: cognito }), options)).toBe("ok");
    for (const client_id of ["app-3", "app-1 ", undefined, ["app-1"], null]) {
      const token = await sign({ claims: { ...cognito, client_id } });
      expect(await reasonOf(token, options)).toBe("audience");
    }
  });

  it("accept no ID token, which names the client as its audience", async () => {
    const claims = { aud: "app-1", token_use: "id" };
    expect(await reasonOf(await sign({ claims }), options)).toBe("type");
    expect(await reasonOf(await sign({ claims: { aud: "app-1" } }), options)).toBe("audience");
  });

  it("are asked for beside an audience where both are given", async () => {
    const both = { clientIds: ["app-1"] };
    expect(await reasonOf(await sign({ claims: { client_id: "app-1" } }), both)).toBe("ok");
    expect(await reasonOf(await sign({ claims: { client_id: "app-2" } }), both)).toBe("audience");
    expect(await reasonOf(await sign({ claims: cognito }), both)).toBe("audience");
  });

  it("are needed where there is no audience", () => {
    expect(() => verifier({ audience: undefined })).toThrow(/^audience: expected/);
    expect(() => verifier({ audience: undefined, clientIds: [] })).toThrow(/^clientIds: expected/);
  });
});
