/** Reads the tests of the whole repository: each requirement is cited by one, and each citation names a requirement. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { requirements, revisions } from "../src/index.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const own = "tools/spec";

/** The folders that vitest looks into. */
const RUN = /^(?:packages|apps|tools)\/[^/]+\/(?:src|test|e2e)\//;

/** The tests of the workspace by their paths, without those of this package. */
function readTests(): ReadonlyMap<string, string> {
  const files = ["packages", "apps", "tools"].flatMap((group) =>
    readdirSync(join(root, group)).flatMap((name) => walk(join(root, group, name))),
  );
  const tests = files.filter((file) => file.endsWith(".test.ts"));
  return new Map(
    tests
      .map((file) => relative(root, file))
      .filter((path) => RUN.test(path) && !path.startsWith(own))
      .map((path) => [path, readFileSync(join(root, path), "utf8")]),
  );
}

function walk(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    if (["node_modules", "dist", "_generated"].includes(entry.name)) return [];
    const path = join(directory, entry.name);
    return entry.isDirectory() ? walk(path) : [path];
  });
}

/** The ids that a source cites; a citation that is no list of literals is one of an id that does not exist. */
function citationsIn(source: string): readonly string[] {
  const calls = [...source.matchAll(/^\s*verifies\(([^)]*)\)/gm)].map(([, list = ""]) => list);
  return calls.flatMap((list) =>
    list
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== "")
      .map((item) => /^"([^"]+)"$/.exec(item)?.[1] ?? `no literal: ${item}`),
  );
}

/** Tests that would not run, or may fail. */
const EXCUSED = /\b(?:it|test|describe)\.(?:skip|todo|fails|only|skipIf|runIf)\b/;

const entries = Object.entries(requirements);
let tests: ReadonlyMap<string, string>;
let cited: ReadonlySet<string>;

beforeAll(() => {
  tests = readTests();
  cited = new Set([...tests.values()].flatMap(citationsIn));
});

describe("the gate", () => {
  it("finds the tests, and what they cite", () => {
    expect(tests.size).toBeGreaterThan(60);
    const source = '  verifies("a.b", "c.d");\n  verifies(\n    "e.f",\n  );\n// verifies("no")\n';
    expect(citationsIn(source)).toEqual(["a.b", "c.d", "e.f"]);
    expect(citationsIn("verifies(id)")).toEqual(["no literal: id"]);
  });

  it("lets every requirement be cited, and counts them", () => {
    const uncited = entries.filter(([id]) => !cited.has(id));
    console.info(`${entries.length} requirements, ${entries.length - uncited.length} verified.`);
    expect(uncited.map(([id, { says }]) => `${id}: ${says}`)).toEqual([]);
  });

  it("lets no citation name what is no requirement", () => {
    expect([...cited].filter((id) => !Object.hasOwn(requirements, id))).toEqual([]);
  });

  it("lets no test that cites be excused", () => {
    const excused = [...tests].filter(([, source]) => {
      return citationsIn(source).length > 0 && EXCUSED.test(source);
    });
    expect(excused.map(([path]) => path)).toEqual([]);
  });

  it("lets no test make an endpoint that nobody watches", () => {
    const makers = [...tests].filter(([, source]) => /\bcreateMcpHandler[<(]/.test(source));
    expect(
      makers.filter(([, source]) => !source.includes("watchHandler(")).map(([path]) => path),
    ).toEqual([]);
  });
});

describe("requirements", () => {
  it.each(entries)("%s has a sentence, a page and revisions", (id, requirement) => {
    expect(id).toMatch(/^[a-z]+(?:-[a-z]+)*\.[a-z0-9-]+$/);
    expect(requirement.says).toMatch(/^[A-Z`].*\.$/);
    expect(() => new URL(requirement.page)).not.toThrow();
    expect(requirement.revisions.length).toBeGreaterThan(0);
    expect(revisions).toEqual(expect.arrayContaining([...requirement.revisions]));
  });

  it("of different parts have different names", async () => {
    const parts = await Promise.all([
      import("../src/requirements/messages.ts"),
      import("../src/requirements/streams.ts"),
      import("../src/requirements/features.ts"),
      import("../src/requirements/authorization.ts"),
    ]);
    const ids = parts.flatMap((part) => Object.values(part).flatMap((each) => Object.keys(each)));
    expect(ids).toHaveLength(entries.length);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
