import { describe, expect, it } from "vitest";
import { SECRET_KEYS, createNameTest, isSecretKey } from "./secrets.ts";

describe("isSecretKey", () => {
  it("ignores case and how words are joined", () => {
    for (const key of [
      "apiKey",
      "API_KEY",
      "api-key",
      "apikey",
      "X-Api-Key",
      "Set-Cookie",
      "__token",
    ]) {
      expect(isSecretKey(key)).toBe(true);
    }
  });

  it("takes whole names only", () => {
    for (const key of ["tokens", "tokenCount", "secretary", "", "pass", "constructor"]) {
      expect(isSecretKey(key)).toBe(false);
    }
  });

  it("knows every name of its list", () => {
    expect(SECRET_KEYS.every(isSecretKey)).toBe(true);
  });
});

describe("createNameTest", () => {
  it("answers the same when asked again, and after very many names", () => {
    const test = createNameTest(new Map([["pin", "mask"]]), true);
    for (let i = 0; i < 2000; i++) expect(test(`name${i}`)).toBe(undefined);
    for (let i = 0; i < 2; i++) {
      expect([test("pin"), test("PIN"), test("Token"), test("name1")]).toEqual([
        "mask",
        undefined,
        "redact",
        undefined,
      ]);
    }
  });
});
