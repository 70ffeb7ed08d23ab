import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { decodeJwtPayload } from "./payload.ts";

function encode(value: string | Uint8Array): string {
  return Buffer.from(value).toString("base64url");
}

function token(payload: string | Uint8Array): string {
  return `${encode('{"alg":"none"}')}.${encode(payload)}.c2ln`;
}

describe("decodeJwtPayload", () => {
  it("returns every JSON object, in any script", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (claims) => {
        const text = JSON.stringify(claims);
        expect(decodeJwtPayload(token(text))).toEqual(JSON.parse(text));
      }),
    );
    expect(decodeJwtPayload(token('{"name":"Ω 🦀"}'))).toEqual({ name: "Ω 🦀" });
  });

  it("accepts an unsigned token", () => {
    expect(decodeJwtPayload(`${encode("{}")}.${encode('{"sub":"u"}')}.`)).toEqual({ sub: "u" });
  });

  it.each([
    ["", "empty"],
    ["a.b", "two parts"],
    [`${token("{}")}.x`, "four parts"],
    [`.${encode("{}")}.x`, "no header"],
    ["e30..x", "no payload"],
    [token("[]"), "an array"],
    [token("null"), "null"],
    [token('"text"'), "a string"],
    [token("{"), "broken JSON"],
    [token(new Uint8Array([0x7b, 0xff, 0x7d])), "broken UTF-8"],
    [token("\ufeff{}"), "a byte order mark"],
    ["e30.e30=.x", "padding"],
    ["e30.e31.x", "bits beyond the last byte"],
    ["e30.e3 0.x", "a space"],
    ["e30.e30+.x", "the standard alphabet"],
    ["e30.e.x", "an impossible length"],
    [token(`{"a":"${"x".repeat(70_000)}"}`), "too long"],
  ])("refuses %#: %s (%s)", (text) => {
    expect(decodeJwtPayload(text)).toBeUndefined();
  });

  it("never throws, whatever it gets", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (a, b) => {
        decodeJwtPayload(a);
        decodeJwtPayload(`e30.${b}.e30`);
      }),
    );
    expect(decodeJwtPayload(undefined as unknown as string)).toBeUndefined();
  });

  it("does not let a claim reach the prototype", () => {
    const claims = decodeJwtPayload(token('{"__proto__":{"admin":true}}'));
    expect(claims?.["admin"]).toBeUndefined();
  });
});
