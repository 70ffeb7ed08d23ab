import type { GenericActionCtx, GenericDataModel, UserIdentity } from "convex/server";
import { describe, expect, it, vi } from "vitest";
import {
  allow,
  type Authorize,
  type AuthorizeRequest,
  decide,
  type Decision,
  deny,
  needScopes,
  signIn,
} from "./decision.ts";
import { allOf, anyOf, readOnly, requireRoles, requireScopes } from "./policies.ts";

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
const always =
  (answer: Decision | boolean): Authorize =>
  () =>
    answer;

describe("requireScopes", () => {
  const implies = { "things:write": ["things:read"], admin: ["things:write"] };
  const ask = (toolMetadata: AuthorizeRequest["toolMetadata"], scopes?: readonly string[]) =>
    decide(requireScopes({ implies }), ctx, {
      ...(scopes === undefined ? stranger : ann),
      scopes: scopes ?? [],
      toolMetadata,
    });

  it.each([
    ["a tool without scopes", {}, []],
    ["the scope", { scopes: ["things:read"] }, ["things:read"]],
    ["both scopes", { scopes: ["a", "b"] }, ["b", "x", "a"]],
    ["a scope that includes it", { scopes: ["things:read"] }, ["things:write"]],
    ["a scope that includes one that includes it", { scopes: ["things:read"] }, ["admin"]],
  ])("allows %s", async (_, metadata, scopes) => {
    expect(await ask(metadata, scopes)).toEqual(allow());
  });

  it("gives what is public to everybody", async () => {
    expect(await ask({ public: true, scopes: ["things:read"] })).toEqual(allow("public"));
    expect(await ask({ public: true }, [])).toEqual(allow("public"));
  });

  it("tells a stranger which scopes to sign in with", async () => {
    expect(await ask({ scopes: ["things:read"] })).toEqual(signIn("things:read"));
  });

  it("lists what is locked where it is told to, to users alone, and calls it no more than before", async () => {
    const policy = requireScopes({ showLocked: true });
    const locked = { ...ann, toolMetadata: { scopes: ["things:read"] } };
    expect(await decide(policy, ctx, { ...locked, mode: "list" })).toEqual(allow("locked"));
    expect(await decide(policy, ctx, locked)).toEqual(needScopes("things:read"));
    const strangers = { ...locked, identity: null };
    for (const mode of ["list", "call"] as const) {
      expect(await decide(policy, ctx, { ...strangers, mode })).toEqual(signIn("things:read"));
    }
  });

  it.each([
    ["without scopes", {}],
    ["that is public in another spelling", { public: "yes" as unknown as boolean }],
    ["that says it is not public", { public: false }],
  ])("asks a stranger to sign in for a tool %s", async (_, metadata) => {
    expect(await ask(metadata)).toEqual(signIn());
  });

  it.each([
    ["no scope at all", ["things:read"], []],
    ["another scope", ["things:read"], ["things"]],
    ["one of two", ["things:read", "x"], ["things:read"]],
    ["the smaller one", ["things:write"], ["things:read"]],
    ["a part of the name", ["things:read"], ["things:rea", "things:read:all", "Things:read"]],
  ])("names all that are needed to a user with %s", async (_, needed, scopes) => {
    expect(await ask({ scopes: needed }, scopes)).toEqual(needScopes(...needed));
  });

  it("knows no hierarchy of its own", async () => {
    const request = { ...ann, toolMetadata: { scopes: ["a"] }, scopes: ["a:b", "*", "admin"] };
    expect(await decide(requireScopes(), ctx, request)).toEqual(needScopes("a"));
  });
});

describe("requireRoles", () => {
  const admin = { ...ann, identity: { ...user, roles: ["admin", 7] } };

  it("needs one of the roles that it was given", async () => {
    const policy = requireRoles(["owner", "admin"]);
    expect(await decide(policy, ctx, admin)).toEqual(allow("role admin"));
    expect(await decide(policy, ctx, ann)).toEqual(deny("needs one of the roles owner, admin"));
    expect(await decide(policy, ctx, stranger)).toEqual(signIn());
  });

  it("needs one of those of the metadata otherwise", async () => {
    const toolMetadata = { roles: ["admin"] };
    expect(await decide(requireRoles(), ctx, { ...admin, toolMetadata })).toEqual(
      allow("role admin"),
    );
    expect(await decide(requireRoles(), ctx, { ...ann, toolMetadata })).toMatchObject({
      kind: "deny",
    });
    expect(await decide(requireRoles(), ctx, ann)).toEqual(allow());
  });

  it("denies where the metadata names none, or nonsense", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    for (const roles of [[], "admin", 7]) {
      const toolMetadata = { roles: roles as string[] };
      const decision = await decide(requireRoles(), ctx, { ...admin, toolMetadata });
      expect(decision).toMatchObject({ kind: "deny" });
    }
    log.mockRestore();
  });

  it("finds roles where it is told to", async () => {
    const of = ({ loaded }: AuthorizeRequest) => loaded as string[];
    const policy = requireRoles(["admin"], { of });
    expect(await decide(policy, ctx, { ...ann, loaded: ["admin"] })).toEqual(allow("role admin"));
    expect(await decide(policy, ctx, { ...admin, loaded: [] })).toMatchObject({ kind: "deny" });
  });

  it("reads no claim that is no list", async () => {
    for (const roles of ["admin", { admin: true }, null]) {
      const identity = { ...user, roles } as UserIdentity;
      const decision = await decide(requireRoles(["admin"]), ctx, { ...ann, identity });
      expect(decision).toMatchObject({ kind: "deny" });
    }
  });

  it("takes no text for a list: a part of a name is no role", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const of = ({ loaded }: AuthorizeRequest) => loaded as string[];
    for (const loaded of ["not-an-admin", "admin", { includes: () => true }]) {
      const decision = await decide(requireRoles(["admin"], { of }), ctx, { ...ann, loaded });
      expect(decision).toEqual({
        kind: "deny",
        reason: expect.stringContaining(
          "requireRoles: expected a list of roles from `of`",
        ) as string,
      });
    }
    expect(await decide(requireRoles(["admin"], { of }), ctx, ann)).toEqual(
      deny("needs one of the roles admin"),
    );
    expect(log).toHaveBeenCalledTimes(3);
    log.mockRestore();
  });

  it("gives what is public to everybody", async () => {
    const request = { ...stranger, toolMetadata: { public: true } };
    expect(await decide(requireRoles(["admin"]), ctx, request)).toEqual(allow("public"));
  });

  it("refuses a list of none", () => {
    expect(() => requireRoles([])).toThrow(/at least one role/);
  });
});

describe("readOnly", () => {
  it.each([
    ["query", "allow"],
    ["resource", "allow"],
    ["prompt", "allow"],
    ["mutation", "deny"],
    ["action", "deny"],
  ] as const)("%s: %s", async (kind, expected) => {
    expect((await decide(readOnly(), ctx, { ...ann, kind })).kind).toBe(expected);
  });
});

describe("allOf", () => {
  it.each<[string, readonly (Decision | boolean)[], Decision]>([
    ["all allow", [true, allow()], allow()],
    ["all allow, with reasons", [allow("a"), true, allow("b")], allow("a; b")],
    ["one denies", [true, deny("no"), needScopes("a")], deny("no")],
    ["one says false", [true, false], deny("authorize answered false")],
    ["one denies after scopes are missing", [needScopes("a"), deny("no")], deny("no")],
    [
      "two miss scopes",
      [needScopes("a", "b"), true, needScopes("b", "c")],
      needScopes("a", "b", "c"),
    ],
  ])("where %s", async (_, answers, expected) => {
    expect(await decide(allOf(...answers.map(always)), ctx, ann)).toEqual(expected);
  });

  it("has a stranger sign in, for all scopes at once", async () => {
    const policy = allOf(always(needScopes("a")), always(signIn()), always(signIn("b")));
    expect(await decide(policy, ctx, stranger)).toEqual(signIn("a", "b"));
    expect(await decide(allOf(policy, always(deny("closed"))), ctx, stranger)).toEqual(
      deny("closed"),
    );
  });

  it("asks nobody after a denial", async () => {
    const second = vi.fn(() => true);
    await decide(allOf(always(false), second), ctx, ann);
    expect(second).not.toHaveBeenCalled();
  });
});

describe("anyOf", () => {
  it.each<[string, readonly (Decision | boolean)[], Decision]>([
    ["one allows", [false, allow("b")], allow("b")],
    ["none does", [deny("a"), deny("b")], deny("a; b")],
    ["scopes would help", [deny("a"), needScopes("x"), needScopes("y")], needScopes("x")],
    [
      "nonsense is no consent",
      ["allow" as never, {} as never],
      deny("authorize gave no decision; authorize gave no decision"),
    ],
  ])("where %s", async (_, answers, expected) => {
    expect(await decide(anyOf(...answers.map(always)), ctx, ann)).toEqual(expected);
  });

  it("asks nobody after a consent", async () => {
    const second = vi.fn(() => true);
    await decide(anyOf(always(true), second), ctx, ann);
    expect(second).not.toHaveBeenCalled();
  });
});

describe("allOf and anyOf", () => {
  it("deny when one of theirs throws", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const broken: Authorize = () => Promise.reject(new Error("no database"));
    for (const policy of [allOf(broken), anyOf(broken, always(true))]) {
      expect(await decide(policy, ctx, ann)).toMatchObject({ kind: "deny" });
    }
    log.mockRestore();
  });

  it("refuse no policies, and what is none", () => {
    for (const combine of [allOf, anyOf]) {
      expect(() => combine()).toThrow(TypeError);
      expect(() => combine(undefined as never)).toThrow(TypeError);
    }
  });
});
