import type { GenericActionCtx, GenericDataModel, UserIdentity } from "convex/server";
import { ConvexError } from "convex/values";
import { describe, expect, it, vi } from "vitest";
import {
  allow,
  type Authorize,
  type AuthorizeRequest,
  decide,
  deny,
  describeDecision,
  needScopes,
  signIn,
} from "./decision.ts";

const ctx = {} as GenericActionCtx<GenericDataModel>;
const user: UserIdentity = {
  subject: "ann",
  issuer: "https://issuer.example.com",
  tokenIdentifier: "https://issuer.example.com|ann",
};
const stranger: AuthorizeRequest = {
  mode: "call",
  tool: "list_things",
  kind: "query",
  toolMetadata: {},
  identity: null,
  scopes: [],
  loaded: undefined,
};
const ann: AuthorizeRequest = { ...stranger, identity: user };

describe("decide", () => {
  it.each([
    ["allow", allow(), allow(), allow()],
    ["true", true, allow(), allow()],
    ["false", false, deny("authorize answered false"), deny("authorize answered false")],
    ["deny", deny("closed"), deny("closed"), deny("closed")],
    ["needScopes", needScopes("a", "b"), needScopes("a", "b"), signIn("a", "b")],
    ["signIn", signIn(), deny("authorize asked a signed-in user to sign in"), signIn()],
  ])("reads %s, for a user and for a stranger", async (_, answer, forUser, forStranger) => {
    expect(await decide(() => answer, ctx, ann)).toEqual(forUser);
    expect(await decide(async () => answer, ctx, ann)).toEqual(forUser);
    expect(await decide(() => answer, ctx, stranger)).toEqual(forStranger);
  });

  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["1", 1],
    ['"allow"', "allow"],
    ["an empty object", {}],
    ["another kind", { kind: "Allow" }],
    ["a kind that is no text", { kind: ["allow"] }],
    ["an inherited word", { kind: "constructor" }],
    ["a list", [allow()]],
    ["a function that would allow", () => true],
    ["needScopes without scopes", { kind: "needScopes" }],
    ["needScopes with a text", { kind: "needScopes", scopes: "read" }],
    ["needScopes with no scope", { kind: "needScopes", scopes: [] }],
    ["needScopes with what is no scope", { kind: "needScopes", scopes: ["read", 7] }],
    ["needScopes with a quote in a scope", { kind: "needScopes", scopes: ['re"ad'] }],
    ["needScopes with two scopes in one", { kind: "needScopes", scopes: ["read write"] }],
  ])("reads %s as a denial", async (_, answer) => {
    const policy = (() => answer) as unknown as Authorize;
    for (const request of [ann, stranger]) {
      const decision = await decide(policy, ctx, request);
      expect(decision).toMatchObject({ kind: "deny", reason: expect.any(String) as string });
    }
  });

  it("has a reason for the log where the policy gave none", async () => {
    const policy = (() => ({ kind: "deny" })) as unknown as Authorize;
    expect(await decide(policy, ctx, ann)).toEqual(deny("authorize gave no reason"));
  });

  it.each<[string, () => never | Promise<never>, string]>([
    [
      "throws",
      () => {
        throw new Error("no database");
      },
      "authorize threw: Error: no database",
    ],
    [
      "rejects with a secret",
      () => Promise.reject(new ConvexError({ code: "NO", token: "s3cret" })),
      'authorize threw: ConvexError: {"code":"NO","token":"[redacted]"}',
    ],
    [
      "throws what is no Error",
      () => {
        throw "x" as unknown as Error;
      },
      'authorize threw: "x"',
    ],
    ["throws nothing", () => Promise.reject(undefined), "authorize threw: null"],
  ])(
    "reads a policy that %s as a denial, and says so in the app's log",
    async (_, policy, reason) => {
      const log = vi.spyOn(console, "error").mockImplementation(() => {});
      expect(await decide(policy, ctx, ann)).toEqual(deny(reason));
      expect(await decide(policy, ctx, stranger)).toEqual(deny(reason));
      expect(log).toHaveBeenCalledTimes(2);
      log.mockRestore();
    },
  );

  it("hands over what it is asked", async () => {
    const asked: unknown[] = [];
    await decide((...all) => asked.push(...all) > 0, ctx, ann);
    expect(asked).toEqual([ctx, ann]);
    expect(asked[1]).toBe(ann);
  });
});

describe("describeDecision", () => {
  it.each([
    ["allow", allow()],
    ["allow: role admin", allow("role admin")],
    ["deny: not a member", deny("not a member")],
    ["needScopes: a b", needScopes("a", "b")],
    ["signIn", signIn()],
    ["signIn: a", signIn("a")],
  ])("writes %s", (text, decision) => {
    expect(describeDecision(decision)).toBe(text);
  });
});
