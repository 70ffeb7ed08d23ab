import { describe, expect, it } from "vitest";
import type { Defence } from "./defence.ts";
import { removeFrom, toProof } from "./removal.ts";

const defence: Defence = {
  threat: "Everybody comes in.",
  source: "token.everywhere",
  file: "door.ts",
  remove: "if (!key) return;",
  with: "// $& $1",
  tests: ["door.test.ts > is closed"],
};

describe("removeFrom", () => {
  it("puts what stands there without it, as it is written", () => {
    expect(removeFrom("a();\nif (!key) return;\nb();", defence)).toBe("a();\n// $& $1\nb();");
  });

  it.each([
    ["it is not there", "a();"],
    ["it is there 2 times", "if (!key) return;if (!key) return;"],
    ["it is there 3 times", "if (!key) return;".repeat(3)],
  ])("says where %s", (why, source) => {
    expect(() => removeFrom(source, defence)).toThrow(`door.ts: expected exactly once`);
    expect(() => removeFrom(source, defence)).toThrow(why);
  });
});

describe("toProof", () => {
  it("takes a file and a name apart, of which the name may have any character", () => {
    expect(toProof("door.test.ts > a > b")).toEqual({ file: "door.test.ts", name: "a > b" });
    expect(() => toProof("door.test.ts")).toThrow("Expected");
  });
});
