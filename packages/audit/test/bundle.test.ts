import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import * as audit from "../src/index.ts";

const index = fileURLToPath(new URL("../src/index.ts", import.meta.url));

const FORBIDDEN = [
  /new Function/,
  /\beval\(/,
  /node:/,
  /\brequire\(/,
  /\bimport\b/,
  /\bBuffer\b/,
  /\bprocess\b/,
  /queueMicrotask/,
];

async function bundle(names: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: `export ${names} from ${JSON.stringify(index)}`, resolveDir: "/" },
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
  });
  return outputFiles.map(({ text }) => text).join("");
}

describe("bundles", () => {
  it.each([
    ["{ createRedactor, redact }", 3400],
    ["{ createPayloadWriter }", 3500],
    ["*", 7600],
  ])("%s is at most %i bytes, minified and compressed", async (names, most) => {
    const text = await bundle(names);
    expect(gzipSync(text).length).toBeLessThanOrEqual(most);
  });

  it("needs nothing but the language and the web", async () => {
    const text = await bundle("*");
    const found = FORBIDDEN.filter((forbidden) => forbidden.test(text)).map(String);
    expect(found).toEqual([]);
  });

  it("leaves the hash to those who import it", async () => {
    const text = await bundle("*");
    // The first constant of SHA-256 (FIPS 180-4, 4.2.2), in decimal or hexadecimal.
    expect(text).not.toMatch(/1116352408|428a2f98/i);
  });

  it("exports these names", () => {
    expect(Object.keys(audit).sort()).toEqual([
      "ENTRY_LIMITS",
      "RUNNING_DEADLINE_MS",
      "RedactPathError",
      "SECRET_KEYS",
      "createPayloadWriter",
      "createRedaction",
      "createRedactor",
      "fitEntry",
      "isRedaction",
      "isSecretKey",
      "jsonLine",
      "jsonLinesSink",
      "memorySink",
      "outcomeAt",
      "parsePath",
      "parseTraceparent",
      "redact",
      "redactHeaders",
      "redactJson",
      "redactText",
    ]);
  });
});
