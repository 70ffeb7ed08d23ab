import { describe, expect, it } from "vitest";
import { labelOf, remembering, treatmentOf } from "./names.ts";

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

describe("treatmentOf", () => {
  it("goes by the names it is told, exactly, then by well-known ones", () => {
    const anywhere = new Map([["pin", "mask"]] as const);
    const of = (secrets: boolean) =>
      ["pin", "PIN", "Token", "name"].map((name) => treatmentOf(name, anywhere, secrets));
    expect(of(true)).toEqual(["mask", "verbatim", "redact", "verbatim"]);
    expect(of(false)).toEqual(["mask", "verbatim", "verbatim", "verbatim"]);
  });
});

describe("labelOf", () => {
  it("knows how JSON writes a name, and how long that is", () => {
    expect(labelOf('é"', "verbatim")).toEqual({
      treatment: "verbatim",
      first: '"é\\"":',
      other: ',"é\\"":',
      size: 6,
    });
  });
});
