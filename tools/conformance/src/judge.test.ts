import { describe, expect, it } from "vitest";
import type { Check } from "./checks.ts";
import { judge, report } from "./judge.ts";

const check = (id: string, status: Check["status"]): Check => ({
  scenario: "ping",
  id,
  status,
  message: "why",
});
const run = (...checks: Check[]) => ({
  target: "node",
  suite: "s",
  checks,
  skips: ["ping always"],
});
const expected = (name: string, target = "*", suite = "s") => ({
  target,
  suite,
  scenario: "ping",
  check: name,
  reason: "for now",
});

describe("judge", () => {
  it("lets pass what the suite did not find wrong", () => {
    const checks = [check("a", "SUCCESS"), check("b", "INFO"), check("always", "SKIPPED")];
    expect(judge([run(...checks)], [])).toEqual({ ok: true, stale: [] });
  });

  it.each(["FAILURE", "WARNING", "SKIPPED"] as const)(
    "lets a %s pass that is expected, alone",
    (status) => {
      const failing = [run(check("a", status), check("b", "SUCCESS"))];
      expect(judge(failing, [])).toEqual({ ok: false, stale: [] });
      expect(judge(failing, [expected("a")]).ok).toBe(true);
      expect(judge(failing, [expected("a", "node")]).ok).toBe(true);
      for (const other of [expected("a", "other"), expected("a", "*", "t")]) {
        expect(judge(failing, [other]).ok).toBe(false);
      }
    },
  );

  it.each([
    ["a", "SUCCESS"],
    ["always", "SKIPPED"],
  ] as const)("strikes out %s, which is a %s", (id, status) => {
    const stale = expected(id);
    expect(judge([run(check(id, status))], [stale])).toEqual({ ok: false, stale: [stale] });
  });

  it("keeps an expectation that one target of several still needs", () => {
    const passing = run(check("a", "SUCCESS"));
    const failing = { ...run(check("a", "FAILURE")), target: "other" };
    expect(judge([passing, failing], [expected("a")])).toEqual({ ok: true, stale: [] });
  });

  it("keeps expectations of runs that did not take place", () => {
    const passing = run(check("a", "SUCCESS"));
    const others = [expected("a", "other"), expected("a", "*", "t")];
    expect(judge([passing], others)).toEqual({ ok: true, stale: [] });
  });
});

describe("report", () => {
  it("has a line for the run, and one for each check that did not pass", () => {
    const statuses = ["SUCCESS", "INFO", "SKIPPED", "FAILURE", "WARNING"] as const;
    const checks = statuses.map((status) => check(status.toLowerCase(), status));
    expect(report(run(...checks), [expected("warning")])).toEqual([
      "node | s | passed 1, failed 1, warnings 1, skipped 1",
      "  SKIPPED ping skipped: why",
      "  FAILURE ping failure: why",
      "  WARNING ping warning (expected: for now): why",
    ]);
  });
});
