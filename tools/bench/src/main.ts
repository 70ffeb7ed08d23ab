import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { judge } from "./goal.ts";
import { renderSection, type Section } from "./markdown.ts";
import { renderReport, renderVerdicts } from "./report.ts";

/** In the order of the report. */
const SUITES = ["oneshot", "protocol", "redaction", "auth", "guards", "memory"];

/**
 * A whole collection throws bytecode away, and collecting in threads counts the same work twice or not at
 * all; the suites ask for collections themselves.
 */
const FLAGS = ["--expose-gc", "--no-flush-bytecode", "--single-threaded-gc"];

const args = process.argv.slice(2);
const isCheck = args.includes("--check");
const names = args.filter((arg) => arg !== "--check");
const unknown = names.find((name) => !SUITES.includes(name));
if (unknown !== undefined) {
  throw new Error(`Expected --check or one of ${SUITES.join(", ")}, got ${unknown}.`);
}

const sections: Section[] = [];
for (const name of SUITES) {
  if (names.length > 0 && !names.includes(name)) continue;
  const section = await runSuite(name);
  console.log(`${renderSection(section)}\n`);
  sections.push(section);
}
const goals = sections.flatMap((section) => section.goals);
console.log(renderVerdicts(goals));
if (names.length === 0 && !isCheck) {
  const file = new URL("../../../docs/benchmarks.md", import.meta.url);
  await writeFile(file, await renderReport(sections));
}
if (isCheck && goals.some((goal) => judge(goal) === "failed")) process.exitCode = 1;

async function runSuite(name: string): Promise<Section> {
  const suite = fileURLToPath(new URL("suite.js", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [...FLAGS, suite, name], {
    maxBuffer: 16 * 1024 * 1024,
  });
  return JSON.parse(stdout) as Section;
}
