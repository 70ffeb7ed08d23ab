import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseExpected } from "../src/expected.ts";
import { judge } from "../src/judge.ts";
import { runSuite } from "../src/run.ts";
import { suites } from "../src/suites.ts";
import { targets, type Running } from "../src/targets.ts";

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "conformance-"));
});

afterAll(() => rm(directory, { recursive: true }));

describe.concurrent.each(targets)("$name", (target) => {
  let running: Running;

  beforeAll(async () => {
    running = await target.start();
  });

  afterAll(() => running.close());

  it("passes every suite but for what is expected", { timeout: 180_000 }, async ({ expect }) => {
    const file = new URL("../expectedfailures.txt", import.meta.url);
    const expectations = parseExpected(await readFile(file, "utf8"));
    const runs = [];
    // One after the other: scenarios of two suites would hear of each other's changes.
    for (const suite of suites) {
      const results = join(directory, `${target.name} ${suite.name}`);
      const checks = await runSuite(suite, running.url, results);
      runs.push({ target: target.name, suite: suite.name, checks });
    }
    const { ok, lines } = judge(runs, expectations);
    expect(ok, lines.join("\n")).toBe(true);
  });
});

describe("a server that answers nothing right", () => {
  it.each(suites.slice(1))("fails $name", async (suite) => {
    const broken = createServer((_, response) => response.writeHead(404).end());
    await new Promise<void>((resolve) => broken.listen(0, "127.0.0.1", resolve));
    const url = `http://localhost:${(broken.address() as AddressInfo).port}/mcp`;
    try {
      const checks = await runSuite(suite, url, join(directory, `broken ${suite.name}`));
      const { ok } = judge([{ target: "broken", suite: suite.name, checks }], []);
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
