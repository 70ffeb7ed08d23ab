import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const root = fileURLToPath(new URL("..", import.meta.url));
/** What the README says that a call gives: the call, and a value. */
const CLAIM = /^((?:redact)\w*\(.*\)); \/\/ (.+)$/gm;

let folder: string;
let examples: string[];

beforeAll(async () => {
  const readme = await readFile(`${root}README.md`, "utf8");
  examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => code);
  folder = await mkdtemp(`${root}node_modules/.readme-`);
  await Promise.all(examples.map((code, at) => writeFile(`${folder}/${at}.ts`, code)));
  const config = {
    extends: "../../../../tsconfig.base.json",
    // The reader's own settings may be laxer: what is left unused shows what there is.
    compilerOptions: { types: ["node"], noUnusedLocals: false },
    include: ["*.ts"],
  };
  await writeFile(`${folder}/tsconfig.json`, JSON.stringify(config));
});

afterAll(() => rm(folder, { recursive: true }));

/** Runs an example and then `more`; what it writes. */
async function runExample(marker: string, more = "", env: NodeJS.ProcessEnv = {}): Promise<string> {
  const code = examples.find((text) => text.includes(marker)) ?? "";
  const claims = code.replaceAll(CLAIM, "same($1, $2);");
  const { outputFiles } = await build({
    stdin: {
      contents: `import { deepStrictEqual as same } from "node:assert";\n${claims}\n${more}`,
      resolveDir: folder,
      loader: "ts",
    },
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    conditions: ["@convex-mcp/source"],
    external: ["pino"],
  });
  const file = `${folder}/${examples.indexOf(code)}.mjs`;
  await writeFile(file, outputFiles[0]?.text ?? "");
  const { stdout } = await run(process.execPath, [file], { env: { ...process.env, ...env } });
  return stdout;
}

describe("the examples of the README", () => {
  it("compile", async () => {
    const tsc = fileURLToPath(new URL("../../../node_modules/.bin/tsc", import.meta.url));
    const { stdout } = await run(tsc, ["-p", folder]).catch((error: { stdout: string }) => error);
    expect(stdout).toBe("");
  });

  it("run, and give what they say", async () => {
    const keys = { AUDIT_HASH_KEY: "a key of sixteen bytes or more" };
    const others = examples.filter((code) => !/otel|pino|hono/.test(code));
    expect(others.length).toBeGreaterThan(4);
    for (const code of others) await runExample(code, "", keys);
    expect(others.join("").match(CLAIM)).toHaveLength(4);
  });

  it("send what an OpenTelemetry collector takes", async () => {
    const bodies: string[] = [];
    const collector = createServer((request, response) => {
      request.on("data", (chunk: Buffer) => bodies.push(`${request.url} ${chunk.toString()}`));
      request.on("end", () => response.end("{}"));
    });
    await new Promise<void>((done) => collector.listen(0, "127.0.0.1", done));
    const { port } = collector.address() as AddressInfo;
    await runExample("/otel", "", { OTLP_ENDPOINT: `http://127.0.0.1:${port}` });
    collector.close();
    expect(bodies).toEqual([expect.stringMatching(/^\/v1\/logs \{"resourceLogs":\[/)]);
  });

  it("keep secrets out of the lines of a logger", async () => {
    const more = `
      log.warn("https://ann:hunter2@db.example/x");
      log.info({ headers: { Authorization: "Bearer abcdefgh12345678" } });
      log.error({ err: Object.assign(new Error("token=hunter2"), { token: "hunter2" }) }, "failed");
    `;
    const out = await runExample('"pino"', more);
    const lines = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toMatchObject([
      { order: { id: 1, email: "[redacted]" }, apiKey: "[redacted]", msg: "password=[redacted]" },
      {
        err: { type: "Error", message: "401 for Bearer [redacted]" },
        msg: "401 for Bearer [redacted]",
      },
      { msg: "https://[redacted]@db.example/x" },
      { headers: { Authorization: "[redacted]" } },
      { err: { message: "token=[redacted]" }, msg: "failed" },
    ]);
    expect(out).not.toMatch(/hunter2|abcdefgh|k-12345|ann@/);
  });

  it("keep secrets out of what a middleware logs, and in what it serves", async () => {
    const more = `
      const headers = { authorization: "Bearer abcdefgh12345678", cookie: "sid=s3cr3t", accept: "*/*" };
      const order = { customer: { email: "ann@example.com" }, pay: [{ iban: "CH00" }], apiKey: "s3cr3t", n: 1 };
      const init = { method: "POST", headers, body: JSON.stringify(order) };
      const response = await app.request("/orders?token=s3cr3t", init);
      same([response.status, await response.json()], [201, order]);
      await app.request("/orders", { ...init, body: "token=s3cr3t" });
      await app.request("/nothing");
    `;
    const out = await runExample('"hono"', more);
    const [first, second, third] = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(first).toMatchObject({
      method: "POST",
      path: "/orders",
      status: 201,
      headers: { authorization: "[redacted]", cookie: "[redacted]", accept: "*/*" },
    });
    expect(JSON.parse(String(first?.["body"]))).toEqual({
      customer: { email: "[redacted]" },
      pay: [{ iban: "[redacted]" }],
      apiKey: "[redacted]",
      n: 1,
    });
    expect(second).toMatchObject({ body: '"[redacted]"' });
    expect(third).toMatchObject({ method: "GET", path: "/nothing", status: 404 });
    expect(out).not.toMatch(/s3cr3t|abcdefgh|ann@|CH00/);
  });
});
