import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { codegen, startEmbedded } from "@convex-mcp/embedded";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The oldest version that the packages admit. */
const CONVEX = "1.43.0";

let app: string;

/** What the README leaves to the reader: the function that it makes a tool of. */
const INVOICES = `
import { v } from "convex/values";
import { query } from "./_generated/server";

export const list = query({
  args: { status: v.optional(v.union(v.literal("open"), v.literal("paid"))) },
  handler: async (ctx, { status }) => {
    const user = await ctx.auth.getUserIdentity();
    return [{ owner: user?.subject, status: status ?? "open" }];
  },
});
`;

const TSCONFIG = {
  compilerOptions: {
    target: "ESNext",
    lib: ["ES2021", "dom"],
    module: "ESNext",
    moduleResolution: "Bundler",
    strict: true,
    noEmit: true,
    isolatedModules: true,
    skipLibCheck: false,
    types: [],
  },
  include: ["convex"],
};

beforeAll(async () => {
  app = await mkdtemp(join(tmpdir(), "quickstart-"));
  await mkdir(join(app, "convex"));
  await writeFile(join(app, "package.json"), '{ "private": true, "type": "module" }');
  await writeFile(join(app, "tsconfig.json"), JSON.stringify(TSCONFIG));
  const tarballs = await pack();
  const quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  await run("npm", ["install", ...quiet, `convex@${CONVEX}`, ...tarballs], { cwd: app });
  for (const [file, code] of await readmeFiles()) await writeFile(join(app, file), code);
  await writeFile(join(app, "convex/invoices.ts"), INVOICES);
  await codegen({ projectDir: app });
}, 120_000);

afterAll(() => rm(app, { recursive: true, force: true }));

/** The published packages as tarballs, in the order that npm may take. */
async function pack(): Promise<string[]> {
  const folder = join(app, "tarballs");
  await mkdir(folder);
  for (const name of ["protocol", "auth", "audit", "convex-adapter", "convex-mcp-gateway"]) {
    const pnpm = join(root, "node_modules/.bin/pnpm");
    await run(pnpm, ["pack", "--pack-destination", folder], { cwd: join(root, "packages", name) });
  }
  return (await readdir(folder)).map((file) => join(folder, file));
}

/** The README's code blocks that begin with a file name. */
async function readmeFiles(): Promise<[file: string, code: string][]> {
  const readme = await readFile(join(root, "README.md"), "utf8");
  return [...readme.matchAll(/```ts\n\/\/ (convex\/\S+)\n([\s\S]*?)```/g)].map(
    ([, file = "", code = ""]) => [file, code],
  );
}

describe("the README's quick start", () => {
  it("is made of these files", async () => {
    const files = (await readmeFiles()).map(([file]) => file);
    expect(files).toEqual(["convex/convex.config.ts", "convex/mcp.ts", "convex/http.ts"]);
  });

  it.each(["typescript", "typescript-5.9"])(
    "compiles with %s, libraries included",
    async (name) => {
      const tsc = join(dirname(require.resolve(`${name}/package.json`)), "bin/tsc");
      const { stdout } = await run(process.execPath, [tsc, "-p", app]).catch(
        (error: { stdout: string }) => error,
      );
      expect(stdout).toBe("");
    },
  );

  it("serves an endpoint that starts a client's sign-in", async () => {
    const embedded = await startEmbedded({ projectDir: app, port: 0 });
    const message = { jsonrpc: "2.0", id: 1, method: "tools/list" };
    const response = await fetch(`${embedded.url}/mcp`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(message),
    });
    const metadata = `${embedded.url}/.well-known/oauth-protected-resource/mcp`;
    const document: unknown = await (await fetch(metadata)).json();
    await embedded.close();
    expect(response.status).toBe(401);
    expect(response.headers.get("WWW-Authenticate")).toBe(`Bearer resource_metadata="${metadata}"`);
    expect(document).toMatchObject({
      resource: `${embedded.url}/mcp`,
      authorization_servers: ["https://issuer.example.com"],
    });
  });
});
