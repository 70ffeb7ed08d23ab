import { resolve } from "node:path";
import { startThread } from "./worker/spawn.ts";

/** What to generate code for. */
export interface CodegenOptions {
  /** Folder of the app or package; the CLI runs there. */
  readonly projectDir: string;
  /** A component's folder, relative to `projectDir`: only its `_generated` is written. Default: the app. */
  readonly componentDir?: string;
  /** Environment variables that the app's modules read while they load. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs the official `convex codegen` with no deployment and no network.
 *
 * Components that the app mounts from other packages must be built first. Types are not checked.
 * Rejects with an `EmbeddedError` that has the CLI's output.
 */
export async function codegen(options: CodegenOptions): Promise<void> {
  const { projectDir, componentDir, env = {} } = options;
  const job = { kind: "codegen", projectDir: resolve(projectDir), componentDir, env } as const;
  const thread = await startThread(job, () => undefined);
  await thread.stop();
}
