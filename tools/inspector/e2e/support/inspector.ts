import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** The Inspector's web UI, running. */
export interface Inspector {
  /** To be opened by a browser; the token of its own API is in it. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the Inspector for one server, with a home of its own: it remembers clients, and each test's provider is new. */
export async function startInspector(endpoint: string, port: number): Promise<Inspector> {
  const home = await mkdtemp(join(tmpdir(), "mcp-inspector-"));
  const manifest = createRequire(import.meta.url).resolve(
    "@modelcontextprotocol/inspector/package.json",
  );
  const launcher = join(dirname(manifest), "clients/launcher/build/index.js");
  const child = spawn(
    process.execPath,
    [launcher, "--web", "--server-url", endpoint, "--transport", "http"],
    {
      env: {
        ...process.env,
        HOME: home,
        HOST: "127.0.0.1",
        CLIENT_PORT: String(port),
        MCP_INSPECTOR_SECRET_STORE: "memory",
        MCP_AUTO_OPEN_ENABLED: "false",
      },
    },
  );
  const close = async () => {
    child.kill();
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    return { url: await printedUrl(child), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function printedUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      const [url] = /http:\/\/\S+\?MCP_INSPECTOR_API_TOKEN=\w+/.exec(said) ?? [];
      if (url !== undefined) resolve(url);
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("exit", (code) => reject(new Error(`The Inspector ended with ${code}: ${said}`)));
  });
}
