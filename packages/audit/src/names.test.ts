import { describe, expect, it } from "vitest";
import { labelOf, NAMELESS, namedOf, remembering } from "./names.ts";

describe("remembering", () => {
  it("asks once, and answers the same after very many names", () => {
    const asked: string[] = [];
    const of = remembering((name) => {
      asked.push(name);
      return name.toUpperCase();
    });
    for (let i = 0; i < 2000; i++) expect(of(`name${i}`)).toBe(`NAME${i}`);
    expect([of("name1"), of("name1999"), of("name1")]).toEqual(["NAME1", "NAME1999", "NAME1"]);
    expect(asked.filter((name) => name === "name1")).toHaveLength(1);
    expect(asked.filter((name) => name === "name1999")).toHaveLength(2);
  });
});

describe("namedOf", () => {
  const deep = {
    hidden: new Map([
      ["pin", "mask"],
      ["jwt", "hash"],
      ["pwd", "drop"],
    ] as const),
    shown: new Set(["jwt"]),
  };

  it("takes the strongest of rules and well-known names, of which some are shown", () => {
    const of = (secrets: boolean) =>
      ["pin", "PIN", "Token", "name", "jwt", "pwd"].map(
        (name) => namedOf(name, secrets, deep).treatment,
      );
    expect(of(true)).toEqual(["mask", "verbatim", "redact", "verbatim", "hash", "drop"]);
    expect(of(false)).toEqual(["mask", "verbatim", "verbatim", "verbatim", "hash", "drop"]);
  });

  it("knows what remains where a path shows the value", () => {
    const shown = ["pin", "Token", "pwd"].map((name) => namedOf(name, true, deep).shown);
    expect(shown).toEqual(["mask", "verbatim", "drop"]);
  });
});

describe("labelOf", () => {
  it("knows how JSON writes a name, and how long that is", () => {
    expect(labelOf('é"', NAMELESS)).toEqual({
      treatment: "verbatim",
      shown: "verbatim",
      first: '"é\\"":',
      other: ',"é\\"":',
      size: 6,
    });
  });
});
