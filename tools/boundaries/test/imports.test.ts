import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));
let tree: string;

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), "boundaries-"));
  copyFileSync(join(root, ".oxlintrc.json"), join(tree, ".oxlintrc.json"));
});

afterAll(() => rmSync(tree, { recursive: true, force: true }));

/** What the linter, with the project's own configuration, says of a file with one import. */
function lint(file: string, specifier: string): string {
  const path = join(tree, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `import { x } from "${specifier}";\n\nexport const y: unknown = x;\n`);
  try {
    const oxlint = join(root, "node_modules/.bin/oxlint");
    execFileSync(oxlint, ["--deny-warnings", file], { cwd: tree, encoding: "utf8" });
    return "";
  } catch (error) {
    return (error as { stdout: string }).stdout;
  } finally {
    rmSync(path);
  }
}

describe("the linter refuses", () => {
  it.each([
    ["packages/protocol/src/planted.ts", "@convex-mcp/auth"],
    ["packages/protocol/src/planted.ts", "@convex-mcp/audit"],
    ["packages/protocol/src/http/planted.ts", "convex/values"],
    ["packages/protocol/src/planted.ts", "zod"],
    ["packages/protocol/src/planted.ts", "node:crypto"],
    ["packages/protocol/src/planted.ts", "@modelcontextprotocol/sdk/types.js"],
    ["packages/protocol/src/wire/planted.ts", "../http/handler.ts"],
    ["packages/auth/src/planted.ts", "@convex-mcp/protocol"],
    ["packages/auth/src/planted.ts", "jose"],
    ["packages/audit/src/planted.ts", "@convex-mcp/protocol"],
    ["packages/convex-adapter/src/planted.ts", "convex-mcp-gateway"],
    ["packages/convex-adapter/src/component/planted.ts", "@convex-mcp/audit"],
    ["packages/convex-adapter/src/component/planted.ts", "../config.ts"],
    ["packages/convex-mcp-gateway/src/planted.ts", "@convex-mcp/embedded"],
    ["packages/convex-mcp-gateway/src/planted.ts", "zod"],
    ["apps/example/convex/planted.ts", "@convex-mcp/convex-adapter"],
  ])("%s importing %s", (file, specifier) => {
    expect(lint(file, specifier)).toContain("no-restricted-imports");
  });
});

describe("the linter admits", () => {
  it.each([
    ["packages/protocol/src/zod.ts", "zod"],
    ["packages/auth/src/jwt.ts", "jose"],
    ["packages/convex-adapter/src/planted.ts", "@convex-mcp/protocol"],
    ["packages/convex-adapter/src/component/planted.ts", "convex/server"],
    ["packages/convex-mcp-gateway/src/planted.ts", "@convex-mcp/convex-adapter"],
    ["apps/example/convex/planted.ts", "convex-mcp-gateway"],
  ])("%s importing %s", (file, specifier) => {
    expect(lint(file, specifier)).toBe("");
  });
});

/** What each published package may need at run time. */
const DEPENDENCIES: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  auth: ["jose"],
  audit: ["@noble/hashes"],
  "convex-adapter": [
    "@convex-dev/rate-limiter",
    "@convex-mcp/audit",
    "@convex-mcp/auth",
    "@convex-mcp/protocol",
  ],
  "convex-mcp-gateway": [
    "@convex-dev/rate-limiter",
    "@convex-mcp/audit",
    "@convex-mcp/auth",
    "@convex-mcp/convex-adapter",
    "@convex-mcp/protocol",
  ],
};

it.each(Object.entries(DEPENDENCIES))("%s depends on no more than it says", (name, allowed) => {
  const manifest = JSON.parse(
    readFileSync(join(root, "packages", name, "package.json"), "utf8"),
  ) as { dependencies?: Record<string, string> };
  expect(Object.keys(manifest.dependencies ?? {}).toSorted()).toEqual(allowed);
});
