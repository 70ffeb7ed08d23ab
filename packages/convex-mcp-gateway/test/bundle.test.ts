import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { beforeAll, expect, it } from "vitest";

/**
 * An HTTP action evaluates the module graph of `http.ts` on every request, so its size is a cost of every request.
 * These are the Convex bundler's own settings, over sources instead of built files.
 */
let plain: Graph;
let streaming: Graph;

interface Graph {
  readonly code: string;
  readonly files: readonly string[];
  /** Bytes that are not the app's. */
  readonly ours: number;
}

beforeAll(async () => {
  plain = await graphOf("mcp");
  streaming = await graphOf("talking");
});

/** The graph of an `http.ts` that mounts what a module of the fixture app exports. */
async function graphOf(module: "mcp" | "talking"): Promise<Graph> {
  const contents = `
    import { httpRouter } from "convex/server";
    import { internal } from "./_generated/api.js";
    import { ${module} } from "./${module}.ts";
    const http = httpRouter();
    ${module}.registerRoutes(http, { dispatch: internal.${module}.dispatch });
    export default http;`;
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL("app", import.meta.url)), loader: "ts" },
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    platform: "browser",
    format: "esm",
    target: "esnext",
    conditions: ["@convex-mcp/source", "convex", "module"],
    external: ["convex/*"],
  });
  const parts = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  const used = parts.filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return {
    code: outputFiles[0]?.text ?? "",
    files: used.map(([file]) => file),
    ours: used
      .filter(([file]) => !file.includes("/test/app/") && file !== "<stdin>")
      .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0),
  };
}

it("holds every part of the gateway, or it would measure nothing", () => {
  for (const part of ["protocol/src/http", "auth/src", "audit/src", "convex-adapter/src"]) {
    expect(plain.files.some((file) => file.includes(part))).toBe(true);
  }
});

it("stays within its budget: what is ours of it, minified", () => {
  // docs/decisions/0004-size-of-the-http-graph.md
  expect(plain.ours).toBeLessThan(77 * 1024);
  expect(gzipSync(plain.code).length).toBeLessThan(28 * 1024);
});

it("has streaming only where an app passes it, and then a bounded amount", () => {
  const isOfStreaming = (file: string) => /\/src\/(streaming|channel)\b/.test(file);
  expect(plain.files.filter(isOfStreaming)).toEqual([]);
  expect(streaming.files.filter(isOfStreaming).length).toBeGreaterThan(10);
  expect(streaming.ours - plain.ours).toBeLessThan(20 * 1024);
});

it.each(["zod", "ajv", "new Function", "eval(", "node:", "jose", "queueMicrotask"])(
  "does not contain %s",
  (word) => {
    expect(plain.code).not.toContain(word);
    expect(streaming.code).not.toContain(word);
  },
);

it("does not use Buffer", () => {
  expect(plain.code + streaming.code).not.toMatch(/\bBuffer\b/);
});

it("comes from nothing but our packages and the app", () => {
  const files = [...plain.files, ...streaming.files];
  expect(files.filter((file) => file.includes("node_modules"))).toEqual([]);
});
