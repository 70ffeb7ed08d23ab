import type { ComponentApi } from "@convex-mcp/convex-adapter";
import { afterEach, expect, it, vi } from "vitest";
import { pushAuditLog, type RunActionCtx } from "./push.ts";

afterEach(() => vi.unstubAllGlobals());

/** A log with one entry, of which nothing was sent yet, and how far it was then. */
function log() {
  const advanced: unknown[] = [];
  const entry = { kind: "tool", tool: "a", outcome: "ok" };
  const page = { entries: [{ id: "e1", at: 1, entry }], next: 1, done: true };
  const ctx = {
    runQuery: async (fn: unknown) => (fn === "cursor" ? 0 : page),
    runMutation: async (_fn: unknown, args: unknown) => void advanced.push(args),
  } as unknown as RunActionCtx;
  const exporting = { cursor: "cursor", page: "page", advance: "advance" };
  return { ctx, component: { exporting } as unknown as ComponentApi, advanced };
}

it.each([
  ["an answer", () => new Promise<never>(() => undefined)],
  ["the end of an answer", async () => new Response(new ReadableStream())],
])(
  "waits for %s no longer than it is told to, where fetch knows no signal",
  async (_what, fetch) => {
    vi.stubGlobal("fetch", fetch);
    const { ctx, component, advanced } = log();
    const options = {
      endpoint: "https://otel.example.com",
      format: "jsonl",
      timeoutMs: 20,
    } as const;
    await expect(pushAuditLog(ctx, component, options)).rejects.toThrow(/time/i);
    expect(advanced).toEqual([]);
  },
);
