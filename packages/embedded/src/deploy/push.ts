import { EmbeddedError } from "../errors.ts";
import type { RealmFactory } from "../runtime/realm.ts";
import { assertCliSucceeded, runCli } from "./cli.ts";
import { type Push, startDeployEndpoint } from "./endpoint.ts";

/** Whether the CLI's own type check and code generation run; serving leaves the checkout alone. */
const DEPLOY = [
  "deploy",
  "--yes",
  "--typecheck",
  "disable",
  "--codegen",
  "disable",
  "--push-all-modules",
  "--skip-workos-check",
];

/** Runs the whole of `convex deploy` against a local endpoint and returns what was pushed. */
export async function pushProject(
  realms: RealmFactory,
  projectDir: string,
  env: Readonly<Record<string, string>>,
): Promise<Push> {
  const endpoint = await startDeployEndpoint(realms, env);
  try {
    const result = await runCli(projectDir, endpoint.url, DEPLOY);
    const problem = endpoint.problem();
    if (problem !== null) throw new EmbeddedError("push_rejected", `The push failed: ${problem}`);
    assertCliSucceeded("deploy", result);
    const push = endpoint.pushed();
    if (push === null) throw new EmbeddedError("cli_failed", '"convex deploy" pushed nothing');
    return push;
  } finally {
    await endpoint.close();
  }
}

/** Runs `convex codegen` for the app, or for one component's folder, with no deployment. */
export async function generateCode(
  realms: RealmFactory,
  {
    projectDir,
    componentDir,
    env,
  }: {
    readonly projectDir: string;
    readonly componentDir: string | undefined;
    readonly env: Readonly<Record<string, string>>;
  },
): Promise<void> {
  const endpoint = await startDeployEndpoint(realms, env);
  try {
    const component = componentDir === undefined ? [] : ["--component-dir", componentDir];
    const args = ["codegen", "--typecheck", "disable", ...component];
    const result = await runCli(projectDir, endpoint.url, args);
    const problem = endpoint.problem();
    if (problem !== null) {
      throw new EmbeddedError("push_rejected", `Code generation failed: ${problem}`);
    }
    assertCliSucceeded("codegen", result);
  } finally {
    await endpoint.close();
  }
}
