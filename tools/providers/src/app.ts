import { execFile } from "node:child_process";
import { cp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Embedded, startEmbedded } from "@convex-mcp/embedded";
import { filesOf } from "./page.ts";

/** The CLI looks for itself there. */
const PACKAGE = '{ "private": true, "type": "module", "dependencies": { "convex": "*" } }';
const TSCONFIG = '{ "extends": "../../tsconfig.pages.json", "include": ["convex"] }';

const root = fileURLToPath(new URL("..", import.meta.url));

/** An app that follows a page, running. */
export interface App {
  readonly embedded: Embedded;
  readonly endpoint: string;
  /** What the compiler says of it; empty when all is well. */
  compile(): Promise<string>;
  close(): Promise<void>;
}

/**
 * Writes the app of a page beside this package's `node_modules`, and runs it.
 *
 * @param bridgedAt - the port of an app with the bridge, which its provider knew before.
 */
export async function startApp(
  page: string,
  env: Readonly<Record<string, string>>,
  bridgedAt?: number,
): Promise<App> {
  const bridged = bridgedAt !== undefined;
  const folder = join(root, ".apps", bridged ? `${page}-bridged` : page);
  await rm(folder, { recursive: true, force: true });
  await cp(join(root, "app"), folder, { recursive: true });
  await mkdir(join(folder, "convex"), { recursive: true });
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "package.json"), PACKAGE);
  await writeFile(join(folder, "tsconfig.json"), TSCONFIG);
  for (const [file, code] of await filesOf(page, bridged))
    await writeFile(join(folder, file), code);
  const embedded = await startEmbedded({ projectDir: folder, port: bridgedAt ?? 0, env });
  return {
    embedded,
    endpoint: `${embedded.url}/mcp`,
    compile: async () => {
      const tsc = join(root, "../../node_modules/typescript/bin/tsc");
      const { stdout } = await promisify(execFile)(process.execPath, [tsc, "-p", folder]).catch(
        (error: { stdout: string }) => error,
      );
      return stdout;
    },
    close: async () => {
      await embedded.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
