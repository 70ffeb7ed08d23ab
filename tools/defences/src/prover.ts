import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createVitest, type TestModule } from "vitest/node";
import type { Defence } from "./defence.ts";
import { removeFrom, toProof } from "./removal.ts";
import type { Proof } from "./removal.ts";

/** How the tests of one name went: `broken` where none of them came to an end. */
export type Outcome =
  | { readonly kind: "passes" | "fails" }
  | { readonly kind: "broken"; readonly why: string };

/** Runs tests of the repository, with all that is there or without one defence. */
export interface Prover {
  run(tests: readonly string[], without?: Defence): Promise<ReadonlyMap<string, Outcome>>;
  close(): Promise<void>;
}

/**
 * Makes a prover for the repository at `root`. A source is edited while it is loaded, and nowhere else: nothing is
 * written, so there is nothing to undo, not even after a kill.
 */
export async function createProver(root: string): Promise<Prover> {
  let removed: { readonly path: string; readonly source: string } | undefined;
  const edit = {
    name: "remove-a-defence",
    enforce: "pre" as const,
    transform: (_code: string, id: string) =>
      removed !== undefined && id.split("?")[0] === removed.path ? removed.source : undefined,
  };
  const conditions = ["@convex-mcp/source"];
  const vitest = await createVitest(
    "test",
    {
      root,
      config: false,
      watch: false,
      reporters: [{}],
      include: ["{packages,apps,tools}/*/{src,test}/**/*.test.ts"],
      testTimeout: 15_000,
    },
    { plugins: [edit], resolve: { conditions }, ssr: { resolve: { conditions } } },
  );

  async function run(tests: readonly string[]): Promise<ReadonlyMap<string, Outcome>> {
    const proofs = new Map(tests.map((test) => [test, toProof(test)]));
    const files = [...new Set([...proofs.values()].map(({ file }) => join(root, file)))];
    const found = await Promise.all(files.map((file) => vitest.globTestSpecifications([file])));
    const names = [...proofs.values()].map(({ name }) => name.replaceAll(SPECIAL, "\\$&"));
    vitest.setGlobalTestNamePattern(names.join("|"));
    const { testModules } = await vitest.runTestSpecifications(found.flat());
    const modules = new Map(testModules.map((module) => [module.moduleId, module]));
    return new Map(
      [...proofs].map(([test, proof]) => [test, judge(proof, modules.get(join(root, proof.file)))]),
    );
  }

  return {
    async run(tests, without) {
      if (without === undefined) return run(tests);
      const path = join(root, without.file);
      removed = { path, source: removeFrom(readFileSync(path, "utf8"), without) };
      vitest.invalidateFile(path);
      try {
        return await run(tests);
      } finally {
        removed = undefined;
        vitest.invalidateFile(path);
      }
    },
    close: () => vitest.close(),
  };
}

const SPECIAL = /[$()*+.?[\\\]^{|}]/g;

function judge({ name }: Proof, module: TestModule | undefined): Outcome {
  if (module === undefined) return { kind: "broken", why: "there is no such file" };
  const [unread] = module.errors();
  if (unread !== undefined) return { kind: "broken", why: unread.message };
  const results = [...module.children.allTests()]
    .filter(({ fullName }) => fullName.replaceAll(" > ", " ").includes(name))
    .map((test) => test.result());
  const errors = results.flatMap((result) => (result.state === "failed" ? result.errors : []));
  const crash = errors.find((error) => CRASHES.has(error.name ?? ""));
  if (crash !== undefined) return { kind: "broken", why: `it crashes: ${crash.message}` };
  if (errors.length > 0) return { kind: "fails" };
  return results.some(({ state }) => state === "passed")
    ? { kind: "passes" }
    : { kind: "broken", why: "no test of that name came to an end" };
}

/** What code throws that was cut in the wrong place: that a test sees it proves nothing. */
const CRASHES = new Set(["ReferenceError", "SyntaxError"]);
