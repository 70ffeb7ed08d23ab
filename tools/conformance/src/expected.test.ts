import { describe, expect, it } from "vitest";
import { parseExpected } from "./expected.ts";

describe("parseExpected", () => {
  it("reads a line for each check, and remarks", () => {
    const text = "# why\n\n* | 2025-11-25 | ping | ping | the sky is falling\n";
    expect(parseExpected(text)).toEqual([
      {
        target: "*",
        suite: "2025-11-25",
        scenario: "ping",
        check: "ping",
        reason: "the sky is falling",
      },
    ]);
  });

  it.each(["a | b | c | d", "a | b | c | d |", "a | b | c | d | e | f", "ping"])(
    "wants a reason beside each check: %s",
    (line) => {
      expect(() => parseExpected(`# remark\n${line}`)).toThrow("line 2: expected");
    },
  );
});
