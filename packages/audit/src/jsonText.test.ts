import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redactJson } from "./jsonText.ts";
import { createRedactor } from "./redact.ts";

describe("redactJson", () => {
  const redact = createRedactor(["user.email", "**.token"]);

  it("redacts within the text", () => {
    const text = '{ "user": {"email":"ann@example.com"}, "list":[{"token":1,"n":1}] }';
    expect(redactJson(text, redact)).toBe(
      '{"user":{"email":"[redacted]"},"list":[{"token":"[redacted]","n":1}]}',
    );
  });

  it("keeps names that are more than names to JavaScript", () => {
    const text = '{"__proto__":{"token":"s"},"constructor":1}';
    expect(redactJson(text, redact)).toBe('{"__proto__":{"token":"[redacted]"},"constructor":1}');
  });

  it.each(["", "{", "token=abc", '{"token":"a"} x'])(
    "shows nothing of what is no JSON (%#)",
    (text) => {
      expect(redactJson(text, redact, "***")).toBe('"***"');
    },
  );

  it("gives valid JSON for any depth", () => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    expect(() => JSON.parse(redactJson(deep, redact)) as unknown).not.toThrow();
  });

  it("leaves any other JSON as it is", () => {
    const nothing = createRedactor([], { secrets: false });
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(redactJson(text, nothing)).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });
});
