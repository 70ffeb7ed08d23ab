import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";

/**
 * An HTTP action evaluates the module graph of `http.ts` on every request, so its size is a cost of every request.
 * These are the Convex bundler's own settings, over sources instead of built files.
 */
interface Bundle {
  readonly code: string;
  readonly files: readonly string[];
  /** Bytes of what is not the app's. */
  readonly ours: number;
}

async function bundle(entry: string): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
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
  return {
    code: outputFiles[0]?.text ?? "",
    files: parts.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file),
    ours: parts
      .filter(([file]) => !/(^|\/)test\/app\//.test(file))
      .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0),
  };
}

let tools: Bundle;
let primitives: Bundle;
let streaming: Bundle;
let changes: Bundle;
let tasks: Bundle;
let limits: Bundle;
let bridged: Bundle;
let everything: Bundle;

beforeAll(async () => {
  [tools, primitives, streaming, changes, tasks, limits, bridged, everything] = await Promise.all([
    bundle("app/mounts.ts"),
    bundle("app/shelf.ts"),
    bundle("app/talking.ts"),
    bundle("app/watching.ts"),
    bundle("app/working.ts"),
    bundle("app/metered.ts"),
    bundle("app/bridged.ts"),
    bundle("app/http.ts"),
  ]);
});

const PRIMITIVES = ["resources", "prompts", "completion"];

describe("the graph of an app with tools alone", () => {
  it("holds every part of the gateway, or it would measure nothing", () => {
    for (const part of ["protocol/src/http", "auth/src", "audit/src", "convex-adapter/src"]) {
      expect(tools.files.some((file) => file.includes(part))).toBe(true);
    }
  });

  it("stays within its budget: what is ours of it, minified", () => {
    // docs/decisions/0004-size-of-the-http-graph.md
    expect(tools.ours).toBeLessThan(88.5 * 1024);
    expect(gzipSync(tools.code).length).toBeLessThan(33.5 * 1024);
  });

  it("is without what reads the audit log, beside its list", () => {
    const isOfLog = (file: string) =>
      /gateway\/src\/(audit\/|auditLog)|audit\/src\/otel/.test(file);
    expect(everything.files.filter(isOfLog)).toEqual([]);
  });

  it("is without what reads the headers of `mcpHeaders`, which no tool of it asks for", () => {
    expect(tools.files.filter((it) => it.endsWith("protocol/src/tools/headers.ts"))).toEqual([]);
  });

  it.each(PRIMITIVES)("is without %s", (part) => {
    expect(tools.files.filter((file) => file.includes(`/src/${part}/`))).toEqual([]);
    expect(tools.files.filter((file) => file.includes(`/methods/${part}.ts`))).toEqual([]);
  });
});

describe("what an app imports for a tool", () => {
  it.each(["idempotency", "headers"])("is in no other app's graph: %s", (name) => {
    const file = `convex-adapter/src/tools/${name}.ts`;
    expect(everything.files.some((it) => it.endsWith(file))).toBe(true);
    for (const { files } of [tools, primitives, streaming]) {
      expect(files.filter((it) => it.endsWith(file))).toEqual([]);
    }
  });
});

describe("the graph of an app with resources and prompts", () => {
  it.each(PRIMITIVES)("has %s", (part) => {
    expect(primitives.files.some((file) => file.includes(`convex-adapter/src/${part}/`))).toBe(
      true,
    );
  });

  it("stays within its budget: what they add, minified", () => {
    expect(primitives.ours - tools.ours).toBeLessThan(19 * 1024);
  });
});

describe("the graph of an app with streaming", () => {
  const isOfStreaming = (file: string) => /\/src\/(streaming|channel)\b/.test(file);

  it("has what other graphs are without", () => {
    expect(streaming.files.filter(isOfStreaming).length).toBeGreaterThan(10);
    expect(tools.files.filter(isOfStreaming)).toEqual([]);
    expect(primitives.files.filter(isOfStreaming)).toEqual([]);
  });

  it("stays within its budget: what it adds, minified", () => {
    expect(streaming.ours - tools.ours).toBeLessThan(20 * 1024);
  });
});

describe("the graph of an app with rate limits", () => {
  it("has what other graphs are without", () => {
    const isOfLimits = (file: string) => file.includes("/src/limits/");
    expect(everything.files.filter(isOfLimits).length).toBeGreaterThan(3);
    for (const { files } of [tools, primitives, streaming, changes]) {
      expect(files.filter(isOfLimits)).toEqual([]);
    }
  });

  it("stays within its budget: what it adds, minified", () => {
    expect(limits.ours - tools.ours).toBeLessThan(5.25 * 1024);
  });
});

describe("the graph of an app with change notifications", () => {
  const isOfChanges = (file: string) => file.includes("/src/changes");

  it("has what other graphs are without", () => {
    expect(changes.files.filter(isOfChanges).length).toBeGreaterThan(5);
    for (const { files } of [tools, primitives, streaming]) {
      expect(files.filter(isOfChanges)).toEqual([]);
    }
  });

  it("stays within its budget: what it and resources add, minified", () => {
    expect(changes.ours - tools.ours).toBeLessThan(23 * 1024);
  });
});

describe("the graph of an app with streaming and tasks", () => {
  const isOfTasks = (file: string) => /\/src\/(tasks\b|methods\/tasks)/.test(file);

  it("has what other graphs are without, and no tasks in memory", () => {
    expect(tasks.files.filter(isOfTasks).length).toBeGreaterThan(5);
    expect(tasks.files.filter((file) => file.endsWith("/tasks/memory.ts"))).toEqual([]);
    for (const { files } of [tools, primitives, streaming]) {
      expect(files.filter(isOfTasks)).toEqual([]);
    }
  });

  it("stays within its budget: what tasks add, minified", () => {
    expect(tasks.ours - streaming.ours).toBeLessThan(9 * 1024);
  });
});

describe("the graph of an app with a bridge", () => {
  const isOfBridge = (file: string) => /\/src\/bridge[/.]/.test(file);

  it("has what other graphs are without, and no bridge in memory", () => {
    expect(bridged.files.filter(isOfBridge).length).toBeGreaterThan(20);
    expect(bridged.files.filter((file) => file.endsWith("/bridge/memory.ts"))).toEqual([]);
    for (const { files } of [tools, primitives, streaming, changes, tasks]) {
      expect(files.filter(isOfBridge)).toEqual([]);
    }
  });

  it("stays within its budget: what the bridge adds, minified", () => {
    expect(bridged.ours - tools.ours).toBeLessThan(53 * 1024);
  });
});

describe("all", () => {
  it.each(["zod", "ajv", "new Function", "eval(", "node:", "jose", "queueMicrotask"])(
    "do not contain %s",
    (word) => {
      expect(everything.code).not.toContain(word);
    },
  );

  it("do not use Buffer", () => {
    expect(everything.code).not.toMatch(/\bBuffer\b/);
  });

  it("come from nothing but our packages and the app", () => {
    expect(everything.files.filter((file) => file.includes("node_modules"))).toEqual([]);
  });
});
