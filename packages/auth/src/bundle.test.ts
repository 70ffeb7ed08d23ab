import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";
import { describe, expect, it } from "vitest";

import * as bridge from "./bridge/index.ts";
import * as assertion from "./assertion.ts";
import * as apikeys from "./apikeys.ts";
import * as root from "./index.ts";
import * as introspection from "./introspection.ts";
import * as jwt from "./jwt.ts";

async function bundle(entry: string) {
  const result = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["convex", "module"],
    metafile: true,
    write: false,
  });
  const code = Buffer.concat(result.outputFiles.map((file) => file.contents));
  return {
    text: new TextDecoder().decode(code),
    gzipped: gzipSync(code).length,
    inputs: Object.keys(result.metafile.inputs),
  };
}

// Each would fail in an isolate without Node and without code generation.
const FORBIDDEN = ["node:", "Buffer", "process.", "queueMicrotask", "new Function", "eval("];

describe("the root entry", () => {
  it("exports what the README lists", () => {
    expect(Object.keys(root).sort()).toEqual([
      "WELL_KNOWN_PROTECTED_RESOURCE",
      "audienceMatches",
      "audiencesOf",
      "challenge",
      "createGuard",
      "decodeJwtPayload",
      "inTime",
      "isScopeToken",
      "missingScopes",
      "parseBearer",
      "parseChallenges",
      "protectedResourceMetadata",
      "protectedResourceMetadataUrl",
      "scopesOf",
    ]);
  });

  it("is at most 4 KB, without jose", async () => {
    const { gzipped, inputs, text } = await bundle("./index.ts");
    expect(inputs.filter((input) => input.includes("node_modules"))).toEqual([]);
    expect(text).not.toContain("ERR_JWS");
    expect(gzipped).toBeLessThanOrEqual(4096);
    for (const word of FORBIDDEN) expect(text).not.toContain(word);
  });
});

describe("the jwt entry", () => {
  it("exports the verifier only", () => {
    expect(Object.keys(jwt)).toEqual(["createJwtVerifier"]);
  });

  it("is at most 12 KB, with jose and nothing else", async () => {
    const { gzipped, inputs, text } = await bundle("./jwt.ts");
    const foreign = inputs.filter((input) => input.includes("node_modules"));
    expect(foreign.length).toBeGreaterThan(0);
    expect(foreign.filter((input) => !input.includes("/node_modules/jose/"))).toEqual([]);
    expect(gzipped).toBeLessThanOrEqual(12 * 1024);
    for (const word of FORBIDDEN) expect(text).not.toContain(word);
  });
});

describe("the assertion entry", () => {
  it("exports what makes assertions only", () => {
    expect(Object.keys(assertion)).toEqual(["createClientAssertion"]);
  });

  it("is at most 7 KB, with jose and nothing else", async () => {
    const { gzipped, inputs, text } = await bundle("./assertion.ts");
    const foreign = inputs.filter((input) => input.includes("node_modules"));
    expect(foreign.filter((input) => !input.includes("/node_modules/jose/"))).toEqual([]);
    expect(gzipped).toBeLessThanOrEqual(7 * 1024);
    for (const word of FORBIDDEN) expect(text).not.toContain(word);
  });
});

describe("the bridge entry", () => {
  it("exports what the README lists", () => {
    expect(Object.keys(bridge).toSorted()).toEqual([
      "createBridge",
      "createGrantReader",
      "isPublicAddress",
      "memoryBridgeStore",
    ]);
  });

  it("is at most 18 KB, without jose", async () => {
    const { gzipped, inputs, text } = await bundle("./bridge/index.ts");
    expect(inputs.filter((input) => input.includes("node_modules"))).toEqual([]);
    expect(gzipped).toBeLessThanOrEqual(18 * 1024);
    for (const word of FORBIDDEN) expect(text).not.toContain(word);
  });
});

describe.each([
  ["introspection", introspection, ["createIntrospectionVerifier"]],
  ["apikeys", apikeys, ["createApiKey", "hashApiKey", "isApiKey"]],
])("the %s entry", (name, entry, names) => {
  it("exports these", () => {
    expect(Object.keys(entry).sort()).toEqual(names);
  });

  it("is at most 4 KB, with nothing of others", async () => {
    const { gzipped, inputs, text } = await bundle(`./${name}.ts`);
    expect(inputs.filter((input) => input.includes("node_modules"))).toEqual([]);
    expect(gzipped).toBeLessThanOrEqual(4096);
    for (const word of FORBIDDEN) expect(text).not.toContain(word);
  });
});
