import { describe, expect, it } from "vitest";
import { SECRET_KEYS, isSecretKey } from "./secrets.ts";

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

  it.each(SECRET_KEYS)("knows %s in every style of writing names", (name) => {
    const words = name.split("_");
    const [first = "", ...rest] = words;
    const title = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1);
    const styles = [
      name,
      name.toUpperCase(),
      words.join(""),
      words.join("").toUpperCase(),
      words.join("-"),
      words.map(title).join("-"),
      words.map(title).join("_"),
      words.map(title).join(""),
      [first, ...rest.map(title)].join(""),
      `_${name}`,
      `__${name}__`,
    ];
    expect(styles.filter((style) => !isSecretKey(style))).toEqual([]);
  });
});
