/** `npm run defences [-- part of a threat or a path]`: takes each defence away, and says which of them no test misses. */
import { fileURLToPath } from "node:url";
import { defences } from "./defences.ts";
import { createProver } from "./prover.ts";

const [wanted = ""] = process.argv.slice(2);
const chosen = defences.filter(({ threat, file }) => `${threat} ${file}`.includes(wanted));
const started = Date.now();
const prover = await createProver(fileURLToPath(new URL("../../..", import.meta.url)));
let complaints = 0;

const complain = (about: string, complaint: string) => {
  complaints += 1;
  console.error(`✗ ${about}\n  ${complaint}`);
};

for (const [test, outcome] of await prover.run(chosen.flatMap(({ tests }) => tests))) {
  if (outcome.kind === "passes") continue;
  const why = outcome.kind === "broken" ? outcome.why : "it fails though nothing was removed";
  complain("A test that proves nothing", `${test}: ${why}`);
}
for (const defence of chosen) {
  const before = complaints;
  const about = `${defence.threat} (${defence.file})`;
  try {
    for (const [test, outcome] of await prover.run(defence.tests, defence)) {
      if (outcome.kind === "passes") complain(about, `${test}: passes without it`);
      if (outcome.kind === "broken") complain(about, `${test}: without it ${outcome.why}`);
    }
  } catch (error) {
    complain(about, error instanceof Error ? error.message : String(error));
  }
  if (complaints === before) console.info(`✓ ${defence.threat}`);
}
await prover.close();
const seconds = Math.round((Date.now() - started) / 1000);
console.info(`${chosen.length} defences, ${complaints} complaints, ${seconds} s.`);
process.exitCode = complaints === 0 && chosen.length > 0 ? 0 : 1;
