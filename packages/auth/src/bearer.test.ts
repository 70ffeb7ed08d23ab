import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { parseBearer } from "./bearer.ts";

const token68 = fc.stringMatching(/^[A-Za-z0-9\-._~+/]{1,40}={0,2}$/);

function errorOf(header: string): string {
  const result = parseBearer(header);
  return result.kind === "invalid" ? result.error : result.kind;
}

describe("parseBearer", () => {
  it("takes only an absent header for no credentials", () => {
    expect(parseBearer(null)).toEqual({ kind: "none" });
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => errorOf(text) !== "none"));
  });

  it("accepts any spelling of the scheme, and spaces around", () => {
    for (const header of ["Bearer abc", "bearer abc", "BEARER   abc", " \tBearer abc \t"]) {
      expect(parseBearer(header)).toEqual({ kind: "bearer", token: "abc" });
    }
  });

  it("returns every token68 unchanged", () => {
    fc.assert(
      fc.property(token68, (token) => {
        expect(parseBearer(`Bearer ${token}`)).toEqual({ kind: "bearer", token });
      }),
    );
  });

  it("never returns a token that is no token68", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const result = parseBearer(`Bearer ${text}`);
        if (result.kind === "bearer") expect(result.token).toMatch(/^[A-Za-z0-9\-._~+/]+=*$/);
      }),
    );
  });

  it.each([
    ["", "invalid_request"],
    ["   ", "invalid_request"],
    ["Bearer", "invalid_request"],
    ["Bearer ", "invalid_request"],
    ["Bearer a b", "invalid_request"],
    ["Bearer a, Bearer b", "invalid_request"],
    ["Bearer a,Bearer b", "invalid_request"],
    ["Bearer a,b", "invalid_request"],
    ["Basic YTpi, Bearer abc", "invalid_request"],
    ["Bearer\tabc", "invalid_request"],
    ["Bear(er abc", "invalid_request"],
    ["Basic YTpi", "invalid_token"],
    ["Convex key", "invalid_token"],
    ["abc.def.ghi", "invalid_token"],
    ["Bearerabc", "invalid_token"],
    ['Bearer "abc"', "invalid_token"],
    ["Bearer ab=c", "invalid_token"],
    ["Bearer ===", "invalid_token"],
    ["Bearer ab\u00e9", "invalid_token"],
    ["Bearer abc\u00a0", "invalid_token"],
    ["Bearer abc\n", "invalid_token"],
  ])("refuses %j as %s", (header, error) => {
    expect(errorOf(header)).toBe(error);
  });

  it("puts nothing of the header into the description", () => {
    const result = parseBearer("Bearer s3cret\u0000");
    expect(result.kind === "invalid" && result.description).not.toContain("s3cret");
  });

  it("takes linear time on a hostile header", () => {
    const start = performance.now();
    parseBearer(`x${" ".repeat(1_000_000)}x`);
    parseBearer(`Bearer ${"a".repeat(1_000_000)}!`);
    parseBearer(",".repeat(1_000_000));
    parseBearer(`Bearer ${",\t".repeat(500_000)}`);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
