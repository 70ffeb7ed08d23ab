import type { Caller, Change } from "@convex-mcp/protocol";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Config } from "../config.ts";
import type { Principal } from "../identity/principal.ts";
import type { RequestScope } from "../identity/scope.ts";
import { createFeed } from "./feed.ts";

const START = Date.UTC(2026, 0, 1);
const tools = { subject: { kind: "tools", name: "" }, ids: ["1"], full: false };

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(START);
});
afterEach(() => vi.useRealTimers());

/** A stream over looks that a test answers, and when they came. */
function watch(look: (at: number) => unknown) {
  const looks: number[] = [];
  const opened: unknown[] = [];
  const told: Change[] = [];
  const config = { component: { changes: {}, listeners: {} }, features: [] } as unknown as Config;
  const ctx = {
    runMutation: async (_: unknown, args: unknown) => {
      opened.push(args);
      return "listener";
    },
    runQuery: async () => {
      const at = Date.now() - START;
      looks.push(at);
      return look(at);
    },
  };
  const caller = {
    context: { ctx } as unknown as RequestScope,
    principal: { kind: "anonymous" },
    protocolVersion: "2026-07-28",
    sessionId: undefined,
    signal: new AbortController().signal,
  } satisfies Caller<RequestScope, Principal>;
  const end = new AbortController();
  const feed = createFeed(config, { kinds: ["tools"], maxMs: 60_000, maxStreams: 3 });
  const changes = feed.watch(caller, { kinds: ["tools"], uris: ["a:b"], taskIds: [] }, end.signal);
  const over = (async () => {
    for await (const change of changes) told.push(change);
  })();
  return { looks, opened, told, end, over };
}

describe("the looks of a stream", () => {
  it("are 14 in the first minute, and 12 in each after it", async () => {
    const { looks, end, over } = watch(() => []);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(looks).toHaveLength(14);
    expect(looks.slice(0, 4).map((at) => Math.round(at / 100))).toEqual([10, 25, 48, 81]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(looks).toHaveLength(26);
    end.abort();
    await over;
    expect(vi.getTimerCount()).toBe(0);
  });

  it("begin anew after news, each second at most", async () => {
    let id = 0;
    const { looks, told, end } = watch(() => [{ ...tools, ids: [String((id += 1))] }]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(looks).toHaveLength(10);
    expect(told).toHaveLength(10);
    end.abort();
  });

  it("wait for none before the first second, and note the stream once", async () => {
    const { looks, opened, end } = watch(() => []);
    await vi.advanceTimersByTimeAsync(999);
    expect(looks).toEqual([]);
    expect(opened).toEqual([{ owner: "anonymous", ttlMs: 60_000, maxPerOwner: 3 }]);
    end.abort();
  });

  it("tell a row once", async () => {
    const { told, end } = watch(() => [tools]);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(told).toEqual([{ kind: "tools" }]);
    end.abort();
  });

  it("end with the stream's place", async () => {
    const { looks, over } = watch((at) => (at > 3_000 ? null : []));
    await vi.advanceTimersByTimeAsync(30_000);
    await over;
    expect(looks).toHaveLength(3);
  });

  it("that fail end the stream with their error", async () => {
    const { over } = watch(() => {
      throw new Error("too many requests");
    });
    const failed = expect(over).rejects.toThrow("too many requests");
    await vi.advanceTimersByTimeAsync(2_000);
    await failed;
  });
});
