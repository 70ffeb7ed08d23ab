import { verifies } from "@convex-mcp/spec";
import { describe, expect, it } from "vitest";

import { isScopeToken, missingScopes, scopesOf } from "./scopes.ts";

describe("scopesOf", () => {
  it.each<[Record<string, unknown>, string[]]>([
    [{}, []],
    [{ scope: "read  write read" }, ["read", "write"]],
    [{ scope: ["read", 1, null, "", "write"] }, ["read", "write"]],
    [{ scp: "a b" }, ["a", "b"]],
    [{ scp: ["a", "b"] }, ["a", "b"]],
    [{ permissions: ["read:notes", "delete all"] }, ["read:notes", "delete all"]],
    [{ permissions: "read write" }, []],
    [{ scope: "b a", scp: ["c", "a"], permissions: ["d", "b"] }, ["b", "a", "c", "d"]],
    [{ scope: { read: true }, scp: 7, permissions: null }, []],
  ])("reads %j", (claims, expected) => {
    verifies("scope.hierarchy");
    expect(scopesOf(claims)).toEqual(expected);
  });
});

describe("missingScopes", () => {
  it("keeps the order of what is needed, once each", () => {
    expect(missingScopes(["b"], ["c", "b", "a", "c"])).toEqual(["c", "a"]);
    expect(missingScopes([], [])).toEqual([]);
  });

  it("follows the hierarchy transitively", () => {
    verifies("scope.hierarchy");
    const implies = { admin: ["write"], write: ["read"] };
    expect(missingScopes(["admin"], ["read", "write", "admin"], { implies })).toEqual([]);
    expect(missingScopes(["write"], ["read", "admin"], { implies })).toEqual(["admin"]);
  });

  it("ends on a cycle", () => {
    const implies = { a: ["b"], b: ["c"], c: ["a"] };
    expect(missingScopes(["b"], ["a", "c", "d"], { implies })).toEqual(["d"]);
  });

  it("takes nothing from the prototype of the hierarchy", () => {
    expect(missingScopes(["constructor", "__proto__"], ["read"], { implies: {} })).toEqual([
      "read",
    ]);
  });
});

describe("isScopeToken", () => {
  it("is the grammar of RFC 6749", () => {
    expect(["read", "a:b/c", "!", "[]"].every(isScopeToken)).toBe(true);
    expect(["", "a b", 'a"', "a\\", "\u00e9", "a\n"].some(isScopeToken)).toBe(false);
  });
});
