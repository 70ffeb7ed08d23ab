import { describe, expect, it } from "vitest";

import { createApiKey, hashApiKey, isApiKey } from "./apikeys.ts";
import { parseBearer } from "./bearer.ts";

describe("a new key", () => {
  it("is a bearer token of 256 bits, and another each time", async () => {
    const [first, second] = await Promise.all([createApiKey(), createApiKey()]);
    expect(first.key).toMatch(/^mcp_[A-Za-z0-9_-]{43}$/);
    expect(first.key).not.toBe(second.key);
    expect(parseBearer(`Bearer ${first.key}`)).toEqual({ kind: "bearer", token: first.key });
  });

  it("can be found by its hash, which does not hold it", async () => {
    const { key, hash, start } = await createApiKey("acme");
    expect(await hashApiKey(key)).toBe(hash);
    expect(hash).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(await hashApiKey(`${key} `)).not.toBe(hash);
    expect(key.startsWith(start)).toBe(true);
    expect(start).toHaveLength("acme_".length + 4);
  });

  it("is SHA-256, so that a key that was stored once is found for ever", async () => {
    expect(await hashApiKey("mcp_test")).toBe("u5yautYEJHOdIIoolTpP755iQYmvEKX0gY0lhTTTUuo");
  });
});

describe("isApiKey", () => {
  it("knows keys by their form", async () => {
    const { key } = await createApiKey();
    expect(isApiKey(key)).toBe(true);
    expect(isApiKey(key, "acme")).toBe(false);
    for (const token of [
      "",
      "mcp_",
      key.slice(0, -1),
      `${key}a`,
      key.slice(4),
      `x${key}`,
      "a.b.c",
    ]) {
      expect(isApiKey(token)).toBe(false);
    }
  });
});

it.each(["", "a_b", "a-b", "é", "a".repeat(33)])("refuses the prefix %j", async (prefix) => {
  await expect(createApiKey(prefix)).rejects.toThrow(/^prefix: expected/);
  expect(() => isApiKey("x", prefix)).toThrow(/^prefix: expected/);
});
