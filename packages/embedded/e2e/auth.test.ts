import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Embedded } from "../src/index.ts";
import { AUDIENCE, CUSTOM_ISSUER, type Issuers, startFixture, startIssuers } from "./support.ts";

let issuers: Issuers;
let engine: Embedded;
const lines: string[] = [];

interface WhoAmI {
  readonly identity: Readonly<Record<string, unknown>> | null;
  readonly thrown: string | null;
  readonly query: string | null;
  readonly mutation: { readonly subject: string | null; readonly token: string | null };
  readonly action: string | null;
  readonly component: { readonly identity: object | null; readonly token: string | null };
  readonly metadata: Readonly<Record<string, unknown>>;
}

beforeAll(async () => {
  issuers = await startIssuers();
  engine = await startFixture(issuers, { log: (line) => lines.push(line), crons: false });
});
afterAll(async () => {
  issuers.close();
  await engine.close();
});

async function whoami(authorization?: string): Promise<WhoAmI> {
  const headers = { "user-agent": "tests/1", ...(authorization && { authorization }) };
  const response = await fetch(`${engine.url}/whoami`, { headers });
  expect(response.status).toBe(200);
  return (await response.json()) as WhoAmI;
}

describe("bearer tokens", () => {
  it("fetches nothing from an issuer before a token needs it", () => {
    expect(issuers.requests()).toBe(0);
  });

  it("make nobody of a request without one", async () => {
    const answer = await whoami();
    expect(answer).toMatchObject({ identity: null, thrown: null, query: null, action: null });
    expect(answer.metadata).toMatchObject({
      authToken: null,
      userAgent: "tests/1",
      ip: expect.stringMatching(/127\.0\.0\.1|::1/),
      requestId: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
  });

  it("become an identity everywhere in the app, and nowhere in a component", async () => {
    const token = await issuers.oidc({
      claims: { given_name: "Alice", email_verified: true, org: { id: 7 }, scope: "a b" },
    });
    const answer = await whoami(`Bearer ${token}`);
    expect(answer.identity).toEqual({
      tokenIdentifier: `${issuers.oidcIssuer}|alice`,
      subject: "alice",
      issuer: issuers.oidcIssuer,
      givenName: "Alice",
      emailVerified: true,
      org: { id: 7 },
      scope: "a b",
    });
    expect(answer).toMatchObject({ thrown: null, query: "alice", action: "alice" });
    expect(answer.mutation).toEqual({ subject: "alice", token });
    expect(answer.metadata["authToken"]).toBe(token);
    expect(answer.component).toEqual({ identity: null, token: null });
  });

  it("of custom issuers get their claims flattened and keep raw names", async () => {
    const token = await issuers.custom({ claims: { given_name: "Al", org: { id: 7, tags: [1] } } });
    expect((await whoami(`bearer ${token}`)).identity).toEqual({
      tokenIdentifier: `${CUSTOM_ISSUER}|alice`,
      subject: "alice",
      issuer: CUSTOM_ISSUER,
      given_name: "Al",
      "org.id": 7,
      "org.tags": [1],
    });
  });

  it("stay with a nested mutation", async () => {
    const result = await engine.run("notes:nestedMetadata", {}, { identity: { subject: "bob" } });
    expect(result).toEqual({ subject: "bob", token: null });
  });

  const past = Math.floor(Date.now() / 1000) - 60;
  it.each<[string, () => Promise<string>, RegExp]>([
    ["opaque", () => Promise.resolve("opaque"), /Invalid JWT/],
    ["expired", () => issuers.oidc({ claims: { exp: past } }), /exp/],
    ["without exp", () => issuers.oidc({ claims: { exp: undefined } }), /exp/],
    [
      "of another issuer",
      () => issuers.oidc({ claims: { iss: "https://x.test" } }),
      /No auth prov/,
    ],
    ["for another audience", () => issuers.oidc({ claims: { aud: "other" } }), /No auth provider/],
    ["for two", () => issuers.oidc({ claims: { aud: [AUDIENCE, "b"] } }), /several audiences/],
    ["of a wrong key", () => issuers.oidc({ key: issuers.strangerKey }), /signature/],
    ["custom, without kid", () => issuers.custom({ header: { kid: undefined } }), /kid/],
    ["custom, without exp", () => issuers.custom({ claims: { exp: undefined } }), /exp/],
    ["custom, not yet", () => issuers.custom({ claims: { nbf: past + 3600 } }), /nbf/],
  ])(
    "that are bad (%s) throw in HTTP actions and actions, and are null elsewhere",
    async (_, token, problem) => {
      const answer = await whoami(`Bearer ${await token()}`);
      expect(answer.thrown).toMatch(problem);
      expect(answer).toMatchObject({ identity: null, query: null, action: "threw" });
      expect(answer.mutation).toEqual({ subject: null, token: null });
      expect(answer.metadata["authToken"]).toBeNull();
    },
  );

  it("may name one audience in a list", async () => {
    const token = await issuers.oidc({ claims: { aud: [AUDIENCE] } });
    expect((await whoami(`Bearer ${token}`)).query).toBe("alice");
  });

  it("are judged by the real clock after advance()", async () => {
    await engine.advance(7_200_000);
    expect((await whoami(`Bearer ${await issuers.oidc()}`)).query).toBe("alice");
    expect((await whoami(`Bearer ${await issuers.custom()}`)).query).toBe("alice");
  });
});

describe("an issuer that is not there", () => {
  it("makes the token invalid and says so in one line", async () => {
    const late = await startIssuers();
    late.close();
    const heard: string[] = [];
    const other = await startFixture(late, { log: (line) => heard.push(line), crons: false });
    const token = await late.oidc();
    const response = await fetch(`${other.url}/whoami`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(((await response.json()) as WhoAmI).thrown).toMatch(/Could not verify the token/);
    expect(heard.filter((line) => line.startsWith("[auth]"))).toHaveLength(1);
    await other.close();
  });
});
