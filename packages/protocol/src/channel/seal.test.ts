import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { seal, unseal } from "./seal.ts";

const secret = "a secret that nobody else could guess";

describe("a seal", () => {
  it("opens to the text it was made of, in its own context alone", async () => {
    const text = fc.string({ unit: "grapheme" });
    await fc.assert(
      fc.asyncProperty(text, text, text, async (content, context, other) => {
        const sealed = await seal(secret, content, context);
        expect(await unseal([secret], sealed, context)).toBe(content);
        if (other !== context) expect(await unseal([secret], sealed, other)).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });

  it("does not open when one character of it is another", async () => {
    const sealed = await seal(secret, '{"a":1}', "context");
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = `${sealed.slice(0, at)}${sealed[at] === "A" ? "B" : "A"}${sealed.slice(at + 1)}`;
      expect(await unseal([secret], changed, "context")).toBeUndefined();
    }
  });

  it("has one spelling", async () => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (const text of ["", "a", "ab", "abc"]) {
      const sealed = await seal(secret, text, "context");
      const opened = await Promise.all(
        Array.from(alphabet).map(
          async (last) => await unseal([secret], sealed.slice(0, -1) + last, "context"),
        ),
      );
      expect(opened.filter((content) => content !== undefined)).toEqual([text]);
    }
  });

  it("that somebody made up is not decoded, however long", async () => {
    const decode = vi.spyOn(globalThis, "atob");
    const made = `v1.${"A".repeat(100_000)}.${"A".repeat(43)}`;
    expect(await unseal([secret], made, "")).toBeUndefined();
    expect(decode.mock.calls.map(([text]) => text.length)).toEqual([43]);
    decode.mockRestore();
  });

  it("of others never opens, and never throws", async () => {
    const foreign = fc.oneof(
      fc.string(),
      fc.base64String().map((text) => `v1.${text}.${text}`),
    );
    await fc.assert(
      fc.asyncProperty(foreign, async (text) => {
        expect(await unseal([secret], text, "")).toBeUndefined();
      }),
    );
  });
});
