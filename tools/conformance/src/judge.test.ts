import { describe, expect, it } from "vitest";
import type { Check } from "./checks.ts";
import { judge } from "./judge.ts";

const check = (id: string, status: Check["status"]): Check => ({
  scenario: "ping",
  id,
  status,
  message: "why",
});
const run = (...checks: Check[]) => ({ target: "node", suite: "s", checks });
const expected = (name: string, target = "*", suite = "s") => ({
  target,
  suite,
  scenario: "ping",
  check: name,
  reason: "for now",
});

describe("judge", () => {
  it("counts a line for each run", () => {
    const checks = [check("a", "SUCCESS"), check("b", "INFO"), check("c", "SKIPPED")];
    expect(judge([run(...checks)], [])).toEqual({
      ok: true,
      lines: ["node | s | passed 1, failed 0, warnings 0, skipped 1", "  SKIPPED ping c: why"],
    });
  });

  it.each(["FAILURE", "WARNING"] as const)("does not let a %s pass", (status) => {
    const { ok, lines } = judge([run(check("a", status))], []);
    expect(ok).toBe(false);
    expect(lines).toContain(`  ${status} ping a: why`);
  });

  it.each(["FAILURE", "WARNING"] as const)("lets a %s pass that is expected", (status) => {
    const { ok, lines } = judge([run(check("a", status))], [expected("a", "node")]);
    expect(ok).toBe(true);
    expect(lines).toContain(`  ${status} ping a (expected: for now): why`);
  });

  it("does not let an expectation for something else cover it", () => {
    const failing = [run(check("a", "FAILURE"))];
    for (const other of [expected("b"), expected("a", "other"), expected("a", "*", "t")]) {
      expect(judge(failing, [other]).ok).toBe(false);
    }
  });

  it.each(["SUCCESS", "SKIPPED"] as const)("strikes out what is a %s by now", (status) => {
    const { ok, lines } = judge([run(check("a", status))], [expected("a")]);
    expect(ok).toBe(false);
    expect(lines.at(-1)).toBe("STALE * | s | ping | a: it passes; strike it out.");
  });

  it("keeps expectations of runs that did not take place", () => {
    const passing = run(check("a", "SUCCESS"));
    expect(judge([passing], [expected("a", "other"), expected("a", "*", "t")]).ok).toBe(true);
  });
});
