import { expect, it } from "vitest";
import { expiryOf } from "./expiry.ts";
import type { RequestScope } from "./scope.ts";

const user = {
  kind: "user",
  identity: { tokenIdentifier: "x|ann", subject: "ann", issuer: "x" },
  scopes: [],
} as const;
const scope = (claims?: object) => {
  const authToken = claims && `e30.${btoa(JSON.stringify(claims))}.x`;
  return { metadata: { authToken: authToken ?? null } } as unknown as RequestScope;
};

it.each([
  ["the platform's token says so", user, { exp: 2_000 }, 2_000_000],
  ["who resolved the user says so", { ...user, expiresAt: 5 }, undefined, 5],
  ["nobody says so", user, undefined, undefined],
  ["it is no time", user, { exp: "soon" }, undefined],
  ["there is no token", { kind: "anonymous" } as const, undefined, undefined],
])("where %s", (_where, principal, claims, expected) => {
  expect(expiryOf(principal, scope(claims))).toBe(expected);
});
