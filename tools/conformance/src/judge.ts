import type { Check } from "./checks.ts";
import type { Expected } from "./expected.ts";

/** One run of a suite against a target, and what it found. */
export interface Run {
  readonly target: string;
  readonly suite: string;
  readonly checks: readonly Check[];
}

/** What to make of some runs. */
export interface Judgement {
  readonly lines: readonly string[];
  readonly ok: boolean;
}

/**
 * Judges runs: a failure or a warning that nobody expected is wrong, and so is an expectation that did
 * not come true in a run that it is for.
 */
export function judge(runs: readonly Run[], expectations: readonly Expected[]): Judgement {
  const lines: string[] = [];
  const met = new Set<Expected>();
  let ok = true;
  for (const run of runs) {
    lines.push(summarise(run));
    for (const check of run.checks) {
      if (check.status === "SUCCESS" || check.status === "INFO") continue;
      const expected = expectations.find((expectation) => covers(expectation, run, check));
      if (expected) met.add(expected);
      const counts = check.status !== "SKIPPED";
      ok &&= !counts || expected !== undefined;
      const reason = expected && counts ? ` (expected: ${expected.reason})` : "";
      lines.push(`  ${check.status} ${check.scenario} ${check.id}${reason}: ${check.message}`);
    }
  }
  for (const stale of expectations) {
    if (met.has(stale) || !runs.some((run) => isFor(stale, run))) continue;
    ok = false;
    const { target, suite, scenario, check } = stale;
    lines.push(`STALE ${target} | ${suite} | ${scenario} | ${check}: it passes; strike it out.`);
  }
  return { lines, ok };
}

function summarise({ target, suite, checks }: Run): string {
  const count = (status: Check["status"]) =>
    checks.filter((check) => check.status === status).length;
  const [passed, failed] = [count("SUCCESS"), count("FAILURE")];
  const [warnings, skipped] = [count("WARNING"), count("SKIPPED")];
  return `${target} | ${suite} | passed ${passed}, failed ${failed}, warnings ${warnings}, skipped ${skipped}`;
}

function isFor({ target, suite }: Expected, run: Run): boolean {
  return (target === "*" || target === run.target) && suite === run.suite;
}

function covers(expected: Expected, run: Run, { scenario, id, status }: Check): boolean {
  const fails = status === "FAILURE" || status === "WARNING";
  return fails && isFor(expected, run) && expected.scenario === scenario && expected.check === id;
}
