import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { EmbeddedError } from "../errors.ts";

/** How the CLI ended. */
export interface CliResult {
  readonly exitCode: number;
  readonly output: string;
}

/** Flags that send any command to our own endpoint, whatever the environment or .env.local say. */
const ADMIN_KEY = "embedded|none";

function findCli(projectDir: string): string {
  try {
    const manifest = createRequire(join(projectDir, "package.json")).resolve("convex/package.json");
    return join(dirname(manifest), "bin", "main.js");
  } catch {
    throw new EmbeddedError(
      "cli_missing",
      `The "convex" package is not installed for ${projectDir}. Install it there: npm install convex`,
    );
  }
}

/**
 * Runs the project's own Convex CLI against a deployment at `url`.
 * `CI=1` keeps it from prompting and from reporting to Sentry.
 */
export async function runCli(
  projectDir: string,
  url: string,
  args: readonly string[],
): Promise<CliResult> {
  const target = ["--url", url, "--admin-key", ADMIN_KEY];
  const child = spawn(process.execPath, [findCli(projectDir), ...args, ...target], {
    cwd: projectDir,
    env: { ...process.env, CI: "1", NO_COLOR: "1", FORCE_COLOR: "0", NODE_OPTIONS: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
  return { exitCode, output: Buffer.concat(chunks).toString().trim() };
}

/** Throws what the CLI printed, when it failed. */
export function assertCliSucceeded(command: string, { exitCode, output }: CliResult): void {
  if (exitCode === 0) return;
  throw new EmbeddedError(
    "cli_failed",
    `"convex ${command}" failed (exit ${exitCode}):\n${output}`,
  );
}
