import { fileURLToPath } from "node:url";
import { codegen, type CodegenOptions } from "@convex-mcp/embedded";

/** One `_generated` folder and what it takes to write it. */
export interface Target {
  readonly generated: string;
  readonly options: CodegenOptions;
}

const root = fileURLToPath(new URL("../../..", import.meta.url));

function target(project: string, folder: string, options: Partial<CodegenOptions> = {}): Target {
  const projectDir = root + project;
  return { generated: `${projectDir}/${folder}/_generated`, options: { projectDir, ...options } };
}

/** Components first: apps are generated against the built packages that they mount. */
export const targets: readonly Target[] = [
  target("packages/convex-adapter", "src/component", { componentDir: "src/component" }),
  target("packages/convex-mcp-gateway", "src/component", { componentDir: "src/component" }),
  target("packages/convex-mcp-gateway", "test/app"),
  target("packages/embedded/e2e/fixture", "clock", { componentDir: "clock" }),
  target("packages/embedded/e2e/fixture", "convex"),
  target("apps/convex-server", "convex"),
  target("tools/providers/flows", "convex", {
    env: { ISSUER: "http://localhost:3212", NEXT_ISSUER: "http://localhost:3213" },
  }),
  target("apps/example", "convex", { env: { OIDC_ISSUER: "http://localhost:3212" } }),
];

/** Writes every `_generated` folder. */
export async function generateAll(): Promise<void> {
  for (const { options } of targets) await codegen(options);
}
