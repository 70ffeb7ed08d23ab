import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import * as entry from "../src/index.ts";

async function bundle(path: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(path, import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "neutral",
    external: ["zod"],
  });
  return outputFiles.map(({ text }) => text).join("");
}

describe("the package", () => {
  it("exports these names", () => {
    expect(Object.keys(entry).sort()).toEqual([
      "ToolError",
      "checkHost",
      "checkOrigin",
      "corsHeaders",
      "createMcpHandler",
      "errorCodes",
      "isAllowedOrigin",
      "memorySessions",
      "memoryTools",
      "preflight",
      "rawJson",
      "supportedVersions",
    ]);
  });

  it("stays small: a Convex HTTP action evaluates it on each request", async () => {
    const text = await bundle("../src/index.ts");
    expect(gzipSync(text).byteLength).toBeLessThanOrEqual(8 * 1024);
  });

  it.each([
    ["node:", "the isolate has no Node modules"],
    ["Buffer.", "nor this global"],
    ["process.", "nor this one"],
    ["queueMicrotask", "nor this one"],
    ["new Function", "code generation from strings is off there"],
    ["eval(", "code generation from strings is off there"],
    ["zod", "the schema library belongs to the subpath alone"],
    ["convex/", "the protocol knows no backend"],
  ])("does not contain %s: %s", async (forbidden) => {
    const text = await bundle("../src/index.ts");
    expect(text.includes(forbidden)).toBe(false);
  });
});
