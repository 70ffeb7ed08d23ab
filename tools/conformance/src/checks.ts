import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** What the suite found about one requirement. */
export interface Check {
  readonly scenario: string;
  readonly id: string;
  readonly status: "SUCCESS" | "FAILURE" | "WARNING" | "SKIPPED" | "INFO";
  readonly message: string;
}

const statuses: readonly string[] = ["SUCCESS", "FAILURE", "WARNING", "SKIPPED", "INFO"];

/** Reads what a run left: `server-<scenario>-<time>/checks.json` for each scenario. */
export async function readResults(directory: string): Promise<readonly Check[]> {
  const names = await readdir(directory);
  const results = await Promise.all(
    names.toSorted().map(async (name) => {
      const text = await readFile(join(directory, name, "checks.json"), "utf8");
      return parseChecks(scenarioOf(name), JSON.parse(text));
    }),
  );
  return results.flat();
}

/** The scenario of a directory's name. @throws Error for a name of another form. */
export function scenarioOf(name: string): string {
  const [, scenario] = /^server-(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/.exec(name) ?? [];
  if (scenario === undefined) {
    throw new Error(`Expected server-<scenario>-<time> among the results, got ${name}.`);
  }
  return scenario;
}

/** The checks of a `checks.json`. @throws Error when it is not a list of checks. */
export function parseChecks(scenario: string, value: unknown): readonly Check[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw new Error(`${scenario}: expected checks.json to be a list of checks, and not empty.`);
  }
  return value.map((check: unknown) => parseCheck(scenario, check));
}

function parseCheck(scenario: string, value: unknown): Check {
  const { id, status, errorMessage = "", details } = Object(value) as Record<string, unknown>;
  if (typeof id !== "string" || !isStatus(status) || typeof errorMessage !== "string") {
    const got = JSON.stringify(value);
    throw new Error(`${scenario}: expected a check with an id and a known status, got ${got}.`);
  }
  return { scenario, id, status, message: errorMessage || JSON.stringify(details ?? "") };
}

function isStatus(value: unknown): value is Check["status"] {
  return typeof value === "string" && statuses.includes(value);
}
