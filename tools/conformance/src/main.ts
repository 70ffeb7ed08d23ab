import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseExpected } from "./expected.ts";
import { judge, report } from "./judge.ts";
import type { Run } from "./judge.ts";
import { runSuite } from "./run.ts";
import { suites } from "./suites.ts";
import { targets } from "./targets.ts";

/** Runs every suite against every target, or against those whose names have one of the arguments. */
const wanted = process.argv.slice(2);
const chosen = targets.filter(
  ({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
);
if (chosen.length === 0) {
  const known = targets.map(({ name }) => name).join(", ");
  console.error(`No target is named ${wanted.join(" or ")}. There are: ${known}.`);
  process.exit(2);
}
const file = new URL("../expectedfailures.txt", import.meta.url);
const expectations = parseExpected(await readFile(file, "utf8"));
const directory = await mkdtemp(join(tmpdir(), "conformance-"));
const runs: Run[] = [];
for (const [index, target] of chosen.entries()) {
  const { url, close } = await target.start();
  try {
    for (const [at, suite] of suites.entries()) {
      const checks = await runSuite(suite, url, join(directory, `${index}.${at}`));
      const run = { target: target.name, suite: suite.name, checks, skips: suite.skips ?? [] };
      runs.push(run);
      console.log(report(run, expectations).join("\n"));
    }
  } finally {
    await close();
  }
}
const { ok, stale } = judge(runs, expectations);
for (const { target, suite, scenario, check } of stale) {
  console.error(`Passes, strike it out: ${target} | ${suite} | ${scenario} | ${check}`);
}
if (ok) await rm(directory, { recursive: true });
else console.error(`Results: ${directory}`);
// Tasks that the suite left running would keep the process.
process.exit(ok ? 0 : 1);
