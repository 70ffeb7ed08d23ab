import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judge } from "../src/judge.ts";
import { runSuite } from "../src/run.ts";
import { suites } from "../src/suites.ts";
import { targets } from "../src/targets.ts";

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "conformance-"));
});

afterAll(() => rm(directory, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly printed: string;
}

/** What `npm run conformance` runs once everything is built. */
function conformance(...args: string[]): Promise<Ended> {
  const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
  const child = spawn(process.execPath, [main, ...args]);
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (printed += text));
  }
  return new Promise((resolve) => {
    child.on("close", (code) => resolve({ code, printed }));
  });
}

describe.concurrent.each(targets)("$name", ({ name }) => {
  it("passes every suite but for what is expected", { timeout: 180_000 }, async ({ expect }) => {
    const { code, printed } = await conformance(name);
    console.log(printed);
    expect(code, printed).toBe(0);
    for (const suite of suites) {
      const line = new RegExp(`^${name} \\| ${suite.name} \\| passed [1-9]\\d*, failed `, "m");
      expect(printed).toMatch(line);
    }
  });
});

it("wants a target that there is", async () => {
  const { code, printed } = await conformance("nowhere");
  expect(code).toBe(2);
  expect(printed).toContain("No target is named nowhere.");
});

describe("a server that answers nothing right", () => {
  it.each(suites.slice(1))("fails $name", async (suite) => {
    const broken = createServer((_, response) => response.writeHead(404).end());
    await new Promise<void>((resolve) => broken.listen(0, "127.0.0.1", resolve));
    const url = `http://localhost:${(broken.address() as AddressInfo).port}/mcp`;
    try {
      const checks = await runSuite(suite, url, join(directory, `broken ${suite.name}`));
      const { ok } = judge([{ target: "broken", suite: suite.name, checks, skips: [] }], []);
      expect(ok).toBe(false);
      const failed = checks.filter(({ status }) => status === "FAILURE");
      expect(new Set(failed.map(({ scenario }) => scenario)).size).toBeGreaterThan(
        suite.scenarios / 2,
      );
    } finally {
      broken.close();
    }
  });

  it("is not mistaken for one that ran when scenarios are missing", async () => {
    const suite = { ...suites[3]!, args: ["--scenario", "ping"] };
    await expect(runSuite(suite, "http://localhost:9/mcp", join(directory, "few"))).rejects.toThrow(
      "expected results of 30 scenarios, got 1",
    );
  });
});
