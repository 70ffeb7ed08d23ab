import type { Check } from "./checks.ts";
import type { Expected } from "./expected.ts";

/** One run of a suite against a target, and what it found. */
export interface Run {
  readonly target: string;
  readonly suite: string;
  readonly checks: readonly Check[];
  /** Checks that its suite always skips, as `scenario check`. */
  readonly skips: readonly string[];
}

/** What to make of some runs. */
export interface Judgement {
  readonly ok: boolean;
  /** Expectations that did not come true in any run that they are for: to be struck out. */
  readonly stale: readonly Expected[];
}

/**
 * Judges runs: a failure, a warning or a skipped check that nobody expected is wrong, and so is an
 * expectation that did not come true. The suite skips what a server does not declare, which looks as
 * good as what it does well.
 */
export function judge(runs: readonly Run[], expectations: readonly Expected[]): Judgement {
  const met = new Set<Expected>();
  let ok = true;
  for (const run of runs) {
    for (const check of run.checks.filter((one) => fails(run, one))) {
      const expected = expectationFor(expectations, run, check);
      if (expected) met.add(expected);
      else ok = false;
    }
  }
  const stale = expectations.filter(
    (expectation) => !met.has(expectation) && runs.some((run) => isFor(expectation, run)),
  );
  return { ok: ok && stale.length === 0, stale };
}

/** A run in a line, and in one more for each check that did not pass. */
export function report(run: Run, expectations: readonly Expected[]): readonly string[] {
  const count = (status: Check["status"]) =>
    run.checks.filter((check) => check.status === status).length;
  const counts = [
    `passed ${count("SUCCESS")}`,
    `failed ${count("FAILURE")}`,
    `warnings ${count("WARNING")}`,
    `skipped ${count("SKIPPED")}`,
  ];
  const open = run.checks.filter(({ status }) => status !== "SUCCESS" && status !== "INFO");
  return [
    `${run.target} | ${run.suite} | ${counts.join(", ")}`,
    ...open.map((check) => {
      const reason = expectationFor(expectations, run, check)?.reason;
      const remark = reason === undefined ? "" : ` (expected: ${reason})`;
      return `  ${check.status} ${check.scenario} ${check.id}${remark}: ${check.message}`;
    }),
  ];
}

function fails({ skips }: Run, { scenario, id, status }: Check): boolean {
  if (status === "SKIPPED") return !skips.includes(`${scenario} ${id}`);
  return status === "FAILURE" || status === "WARNING";
}

function isFor({ target, suite }: Expected, run: Run): boolean {
  return (target === "*" || target === run.target) && suite === run.suite;
}

function expectationFor(
  expectations: readonly Expected[],
  run: Run,
  check: Check,
): Expected | undefined {
  if (!fails(run, check)) return undefined;
  return expectations.find(
    (expected) =>
      isFor(expected, run) && expected.scenario === check.scenario && expected.check === check.id,
  );
}
