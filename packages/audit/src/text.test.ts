import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutText, utf8Size } from "./text.ts";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 80 }),
  fc
    .array(fc.constantFrom("a", "é", "€", "😀", "\ud83d", "\ude00"), { maxLength: 80 })
    .map((all) => all.join("")),
);

describe("cutText", () => {
  it("leaves a text that fits", () => {
    expect(cutText("abc", 3)).toBe("abc");
  });

  it("says how many characters are gone", () => {
    expect(cutText("a".repeat(100), 20)).toBe(`${"a".repeat(7)}…[+93 chars]`);
  });

  it("cuts before a pair, not through it", () => {
    const shown = cutText(`a${"😀".repeat(50)}`, 21);
    expect(shown).toBe("a😀😀😀…[+94 chars]");
  });

  it("stays within its limit, and splits no pair", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 60 }), (whole, limit) => {
        const shown = cutText(whole, limit);
        expect(shown.length).toBeLessThanOrEqual(Math.max(limit, 0));
        const kept = shown.split("…[+")[0] ?? "";
        if (shown === whole || limit < 16) return;
        expect(whole.startsWith(kept)).toBe(true);
        expect(Array.from(whole).slice(0, Array.from(kept).length).join("")).toBe(kept);
        expect(shown).toContain(`[+${whole.length - kept.length} chars]`);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("utf8Size", () => {
  it("is what an encoder makes", () => {
    fc.assert(
      fc.property(text, (whole) => {
        expect(utf8Size(whole)).toBe(new TextEncoder().encode(whole).length);
      }),
      { numRuns: 1000 },
    );
  });
});
