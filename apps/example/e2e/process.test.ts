import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { freePorts } from "./support/app.ts";

/** What `npm start` runs once everything is built. */
const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the example; `onReady` is told of its ready line. */
function run(
  args: readonly string[],
  env: Record<string, string>,
  onReady?: (line: string, signal: (name: "SIGINT" | "SIGTERM") => void) => void,
): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, ...env } });
  let stdout = "";
  let stderr = "";
  let ready = false;
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
    if (ready || !/^Ready\..*\n/m.test(stdout)) return;
    ready = true;
    onReady?.(stdout, (name) => void child.kill(name));
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  return new Promise((resolve) => {
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

describe("npm start", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "prints one ready line, serves the page, and ends cleanly on %s",
    async (name) => {
      const [port, providerPort] = await freePorts();
      let page: Promise<string> | undefined;
      const env = { PORT: String(port), IDP_PORT: String(providerPort) };
      const ended = await run([], env, (_line, signal) => {
        page = fetch(`http://localhost:${port}/`).then(async (response) => {
          const text = await response.text();
          signal(name);
          return text;
        });
      });
      expect(await page).toMatch(/^<!doctype html>/i);
      expect(ended).toEqual({
        code: 0,
        stdout: `Ready. MCP endpoint: http://localhost:${port}/mcp (page: http://localhost:${port}/, Ctrl-C ends it)\n`,
        stderr: "",
      });
    },
  );

  it("says in one line that a port is in use, and what to do", async () => {
    const [port, providerPort] = await freePorts();
    const env = { PORT: String(port), IDP_PORT: String(providerPort) };
    for (const [taken, variable] of [
      [port, "PORT"],
      [providerPort, "IDP_PORT"],
    ] as const) {
      const squatter = createServer();
      await new Promise<void>((done) => squatter.listen(taken, "127.0.0.1", done));
      const { code, stdout, stderr } = await run([], env);
      await new Promise((done) => void squatter.close(done));
      expect(stderr).toBe(
        `Port ${taken} is in use. Stop what uses it, or set ${variable} to another one.\n`,
      );
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    }
  });

  it("shows what there is with --help", async () => {
    const { code, stdout } = await run(["--help"], {});
    expect(code).toBe(0);
    for (const word of ["PORT", "IDP_PORT", "alice", "bob", "carol"])
      expect(stdout).toContain(word);
  });

  it.each([
    [["--port=1"], {}, "Expected no argument or --help, got --port=1.\n"],
    [[], { PORT: "http" }, "PORT: expected a port from 1 to 65535, got http.\n"],
    [
      [],
      { PORT: "4000", IDP_PORT: "4000" },
      "PORT and IDP_PORT are both 4000. Set one to another port.\n",
    ],
  ])("refuses %j %j", async (args, env, message) => {
    expect(await run(args, env as Record<string, string>)).toEqual({
      code: 1,
      stdout: "",
      stderr: message,
    });
  });
});
