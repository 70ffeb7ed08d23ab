/** The commands of the MCP Inspector, as somebody in a shell has them. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const root = dirname(
  createRequire(import.meta.url).resolve("@modelcontextprotocol/inspector/package.json"),
);
const launcher = join(root, "clients/launcher/build/index.js");
const mcpdo = join(root, "clients/mcpdo/build/mcp-bin.js");

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export interface Command {
  readonly ended: Promise<Ended>;
  /** What Ctrl-C does. */
  readonly interrupt: () => void;
}

/** The Inspector with a home of its own: it keeps what it knows of servers there. */
export interface Inspector {
  /** `mcp-inspector --cli`: connects, does one thing, and leaves. */
  readonly cli: (url: string, era: string, args: readonly string[]) => Command;
  /** `mcpdo`: leaves its connections with a daemon, from one command to the next. */
  readonly mcpdo: (...args: string[]) => Promise<Ended>;
  /** Ends the daemon. */
  readonly close: () => Promise<void>;
}

export async function createInspector(): Promise<Inspector> {
  const home = await mkdtemp(join(tmpdir(), "inspector-"));
  const env = {
    ...process.env,
    HOME: home,
    MCP_INSPECTOR_SECRET_STORE: "memory",
    MCP_INSPECTOR_DAEMON_DIR: home,
    MCP_INSPECTOR_DAEMON_TOKEN: crypto.randomUUID(),
  };
  const run = (args: readonly string[]): Command => {
    const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    return {
      ended: new Promise((resolve, reject) => {
        child.once("error", reject);
        child.once("close", (code) => resolve({ code, stdout, stderr }));
      }),
      interrupt: () => child.kill("SIGINT"),
    };
  };
  const once = (...args: string[]) => run([mcpdo, "--format", "json", ...args]).ended;
  return {
    cli: (url, era, args) =>
      run([
        launcher,
        "--cli",
        url,
        "--transport=http",
        "--format=json",
        "--quiet",
        `--protocol-era=${era}`,
        ...args,
      ]),
    mcpdo: once,
    close: async () => {
      await once("daemon", "stop");
      // The daemon ends after its answer, and may still write.
      await rm(home, { recursive: true, maxRetries: 5 });
    },
  };
}
