import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readResults } from "./checks.ts";
import type { Check } from "./checks.ts";
import type { Suite } from "./suites.ts";

const hook = new URL("../hook/globsync.mjs", import.meta.url).href;
// Every scenario has a limit of its own; this one is for a suite that hangs.
const timeoutMs = 600_000;

/**
 * Runs a suite against a server.
 *
 * @throws Error when the suite did not run all its scenarios, with what it printed.
 */
export async function runSuite(
  suite: Suite,
  url: string,
  directory: string,
): Promise<readonly Check[]> {
  await mkdir(directory, { recursive: true });
  const printed = await execute([
    "--import",
    hook,
    entryOf(suite),
    "server",
    "--url",
    url,
    "--output-dir",
    directory,
    ...suite.args,
  ]);
  const checks = await readResults(directory);
  const scenarios = new Set(checks.map(({ scenario }) => scenario)).size;
  if (scenarios !== suite.scenarios) {
    const expected = `expected results of ${suite.scenarios} scenarios, got ${scenarios}`;
    throw new Error(`${suite.name}: ${expected}. The suite printed:\n${printed}`);
  }
  return checks;
}

function entryOf({ version }: Suite): string {
  const manifest = createRequire(import.meta.url).resolve(`${version}/package.json`);
  return join(dirname(manifest), "dist/index.js");
}

// Its exit code says nothing that the results do not.
function execute(args: readonly string[]): Promise<string> {
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  const child = spawn(process.execPath, args, { cwd, timeout: timeoutMs });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (printed += text));
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve(printed));
  });
}
