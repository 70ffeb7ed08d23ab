import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { beforeAll, expect, it } from "vitest";

/**
 * An HTTP action evaluates the module graph of `http.ts` on every request, so its size is a cost of every request.
 * These are the Convex bundler's own settings, over sources instead of built files.
 */
let code: string;
let files: readonly string[];
let ours: number;

beforeAll(async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(new URL("app/http.ts", import.meta.url))],
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
  code = outputFiles[0]?.text ?? "";
  files = Object.keys(metafile.inputs);
  const parts = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  ours = parts
    .filter(([file]) => !file.includes("/test/app/"))
    .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
});

it("holds every part of the gateway, or it would measure nothing", () => {
  for (const part of ["protocol/src/http", "auth/src", "audit/src", "convex-adapter/src"]) {
    expect(files.some((file) => file.includes(part))).toBe(true);
  }
});

it("stays within its budget: what is ours of it, minified", () => {
  // docs/decisions/0004-size-of-the-http-graph.md
  expect(ours).toBeLessThan(76 * 1024);
  expect(gzipSync(code).length).toBeLessThan(28 * 1024);
});

it.each(["zod", "ajv", "new Function", "eval(", "node:", "jose", "queueMicrotask"])(
  "does not contain %s",
  (word) => {
    expect(code).not.toContain(word);
  },
);

it("does not use Buffer", () => {
  expect(code).not.toMatch(/\bBuffer\b/);
});

it("comes from nothing but our packages and the app", () => {
  expect(files.filter((file) => file.includes("node_modules"))).toEqual([]);
});
