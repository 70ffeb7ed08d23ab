import { resolve } from "node:path";
import { startThread } from "./worker/spawn.ts";

/** What to generate code for. */
export interface CodegenOptions {
  /** Folder of the app or package; the CLI runs there. */
  readonly projectDir: string;
  /** A component's folder, relative to `projectDir`: only its `_generated` is written. Default: the app. */
  readonly componentDir?: string;
}

/**
 * Runs the official `convex codegen` with no deployment and no network.
 *
 * Components that the app mounts from other packages must be built first. Types are not checked.
 * Rejects with an `EmbeddedError` that has the CLI's output.
 */
export async function codegen({ projectDir, componentDir }: CodegenOptions): Promise<void> {
  const job = { kind: "codegen", projectDir: resolve(projectDir), componentDir } as const;
  const thread = await startThread(job, () => undefined);
  await thread.stop();
}
