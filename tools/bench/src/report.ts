import { readFile } from "node:fs/promises";
import { arch, cpus, platform } from "node:os";
import { type Goal, judge } from "./goal.ts";
import { renderSection, renderTable, type Section } from "./markdown.ts";

/** The whole document. */
export async function renderReport(sections: readonly Section[]): Promise<string> {
  const goals = sections.flatMap((section) => section.goals);
  return [
    "# Benchmarks",
    introduction(await describeVersions()),
    renderVerdicts(goals),
    ...sections.map(renderSection),
    "",
  ]
    .join("\n\n")
    .replace(/\n+$/, "\n");
}

function introduction(versions: string): string {
  return `Made by \`npm run bench\` on ${cpus().length} cores shared with other work (${platform()}, ${arch()}), Node
${process.versions.node} with V8 ${process.versions.v8}, against

${versions}

Every number is a ratio of CPU time within one process, one for each suite, and reads
\`1.29 [1.10..1.50] 1.25\`: the median over the rounds, the 10th and 90th percentile, and the least cost
of the one over the least of the other. A round runs everybody once, in an order that rotates; ratios are
taken within a round, so that what disturbs it cancels out, and each pays for the garbage it makes. Ratios
vary by about a tenth from run to run, by up to two fifths where Node's own \`Request\` and \`Response\` or
the construction of an SDK's server outweigh the rest.

A goal is missed when its median is beyond the limit. Its gate fails only when the ratio of the minima is beyond
it as well, both by more than a quarter: \`npm run bench -- --check\` then exits with 1, and writes nothing.
\`npm run bench -- guards auth\` runs some of the suites, and writes nothing either. Not measured here: a real
deployment, sockets, concurrency, long streams.`;
}

/** How many goals are met, and which are not. */
export function renderVerdicts(goals: readonly Goal[]): string {
  const verdicts = goals.map((goal) => ({ goal, verdict: judge(goal) }));
  const missed = verdicts.filter(({ verdict }) => verdict !== "met");
  const failed = missed.filter(({ verdict }) => verdict === "failed");
  const head = `## Verdict

${goals.length - missed.length} of ${goals.length} goals are met, ${missed.length} are missed; of these ${failed.length} fail the gate.`;
  if (missed.length === 0) return head;
  const rows = missed.map(({ goal, verdict }) => [
    `${goal.number}. ${goal.promise}`,
    `${goal.bound === "atMost" ? "<=" : ">="} ${goal.limit}`,
    verdict === "failed" ? "fails" : "holds",
  ]);
  return `${head}\n\n${renderTable(["missed", "limit", "gate"], rows, "left")}`;
}

async function describeVersions(): Promise<string> {
  const file = new URL("../package.json", import.meta.url);
  const manifest = JSON.parse(await readFile(file, "utf8")) as {
    devDependencies: Record<string, string>;
  };
  return Object.entries(manifest.devDependencies)
    .filter(([name, version]) => !version.startsWith("workspace:") && !name.startsWith("@types/"))
    .map(([name, version]) => `- ${name} ${version}`)
    .join("\n");
}
