import { describe, expect, it } from "vitest";
import { toJwtIdentity, toOidcIdentity } from "./identity.ts";

const registered = { iss: "https://a.test/", sub: "s", aud: "x", exp: 1, iat: 1, nbf: 1, jti: "j" };
const base = { tokenIdentifier: "https://a.test/|s", subject: "s", issuer: "https://a.test/" };

describe("identities", () => {
  it("hide registered claims", () => {
    expect(toOidcIdentity(registered)).toEqual(base);
    expect(toJwtIdentity(registered)).toEqual(base);
  });

  it("spell OpenID's standard claims as UserIdentity does", () => {
    const claims = {
      ...registered,
      picture: "p",
      birthdate: "b",
      zoneinfo: "z",
      locale: "l",
      address: { formatted: "street" },
      updated_at: 0,
    };
    expect(toOidcIdentity(claims)).toEqual({
      ...base,
      pictureUrl: "p",
      birthday: "b",
      timezone: "z",
      language: "l",
      address: "street",
      updatedAt: "1970-01-01T00:00:00.000Z",
    });
  });

  it("flatten objects of custom JWTs, but neither lists nor null", () => {
    const claims = { ...registered, a: { b: { c: 1 }, d: [1] }, e: null };
    expect(toJwtIdentity(claims)).toEqual({ ...base, "a.b.c": 1, "a.d": [1], e: null });
  });

  it("cannot be overridden by claims of the same name", () => {
    const claims = {
      ...registered,
      tokenIdentifier: "forged",
      subject: "forged",
      issuer: "forged",
    };
    expect(toOidcIdentity(claims)).toEqual(base);
    expect(toJwtIdentity(claims)).toEqual(base);
  });
});
