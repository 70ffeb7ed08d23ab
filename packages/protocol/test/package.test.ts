import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import * as entry from "../src/index.ts";

/** What an app has in its bundle that imports these names. */
async function bundle(names: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export ${names} from "../src/index.ts"`,
      resolveDir: fileURLToPath(new URL(".", import.meta.url)),
    },
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
      "ClientFailure",
      "InputRequired",
      "MissingCapability",
      "Refused",
      "ToolError",
      "askByMail",
      "askInRounds",
      "canBeAsked",
      "checkHost",
      "checkMcpOptions",
      "checkOrigin",
      "corsHeaders",
      "createMcpHandler",
      "declaresTasks",
      "errorCodes",
      "fixedList",
      "isAllowedOrigin",
      "isInterruption",
      "isLogLevel",
      "logLevels",
      "memoryCancellations",
      "memoryChanges",
      "memoryCompletion",
      "memoryContinuations",
      "memoryEvents",
      "memoryListeners",
      "memoryLogLevels",
      "memoryMailbox",
      "memoryPrompts",
      "memoryResources",
      "memorySessions",
      "memorySubscriptions",
      "memoryTasks",
      "memoryTools",
      "missingCapabilityError",
      "modernVersions",
      "parseTemplate",
      "preflight",
      "rawJson",
      "readClientAnswer",
      "refuseHeaders",
      "resumption",
      "serveChanges",
      "serveCompletion",
      "servePrompts",
      "serveResources",
      "serveTasks",
      "streaming",
      "supportedVersions",
      "tasksCapability",
      "toClientRequest",
    ]);
  });

  it.each([
    ["tools alone, both eras", "{ createMcpHandler, rawJson }", 10],
    ["primitives", `{ createMcpHandler, serveResources, servePrompts, serveCompletion }`, 12],
    [
      "all of the protocol",
      `{ createMcpHandler, rawJson, serveResources, servePrompts, serveCompletion, streaming, askByMail,
         askInRounds, resumption, serveChanges, serveTasks, parseTemplate }`,
      // Half a KiB of it: what a revision cannot be asked, and what is no URI.
      18.5,
    ],
    ["all of it, with every store in memory", "*", 22.5],
  ])(
    "stays small, as a Convex HTTP action evaluates it on each request: %s",
    async (_, names, kib) => {
      const text = await bundle(names);
      expect(gzipSync(text).byteLength).toBeLessThanOrEqual(kib * 1024);
    },
  );

  it("leaves out what an app does not use", async () => {
    const everything = await bundle("*");
    const text = await bundle("{ createMcpHandler, memoryTools, memorySessions }");
    for (const part of [
      "subscriptions/listen",
      "tasks/get",
      "elicitation/create",
      "logging/setLevel",
      "resources/read",
      "prompts/get",
      "completion/complete",
      "HMAC",
    ]) {
      expect([part, everything.includes(part)]).toEqual([part, true]);
      expect([part, text.includes(part)]).toEqual([part, false]);
    }
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
    const text = await bundle("*");
    expect(text.includes(forbidden)).toBe(false);
  });
});
