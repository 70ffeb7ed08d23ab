import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Embedded } from "../src/index.ts";
import { NO_ISSUERS, startFixture } from "./support.ts";

let engine: Embedded;
const lines: string[] = [];

beforeAll(async () => {
  engine = await startFixture(NO_ISSUERS, { log: (line) => lines.push(line) });
});
afterAll(() => engine.close());

const getJson = async (path: string) =>
  (await (await fetch(`${engine.url}${path}`)).json()) as Record<string, unknown>;

describe("the global scope of functions", () => {
  it("has what Convex has and nothing of Node's", async () => {
    expect(await getJson("/globals")).toEqual({
      present: ["fetch", "setTimeout", "crypto", "TextEncoder", "URL", "AsyncLocalStorage"],
      processKeys: ["env"],
      newFunction: "EvalError",
      evaluated: "EvalError",
      badUrl: "TypeError",
      encoded: true,
      digest: true,
      json: true,
      response: true,
      date: true,
      greeting: "hello",
      siteUrl: engine.url,
    });
  });

  it("is new for every HTTP action", async () => {
    expect(await getJson("/fresh")).toEqual({ requests: 1 });
    expect(await getJson("/fresh")).toEqual({ requests: 1 });
  });

  it("has no fetch in mutations and no timers in queries", async () => {
    await expect(engine.run("notes:fetchInMutation")).rejects.toThrow(/Can't use fetch\(\)/);
    await expect(engine.run("notes:timerInQuery")).rejects.toThrow(/Can't use setTimeout\(\)/);
  });
});

describe("time", () => {
  it("stands still in transactions, and performance.now() in queries", async () => {
    expect(await engine.run("notes:clockInMutation")).toMatchObject({ frozen: true, moved: true });
    expect(await engine.run("notes:clockInQuery")).toEqual({
      frozen: true,
      performanceFrozen: true,
    });
  });

  it("runs in HTTP actions, and is moved by advance()", async () => {
    const before = await getJson("/live-clock");
    expect(before["elapsed"]).toBeGreaterThanOrEqual(25);
    await engine.advance(3_600_000);
    const after = await getJson("/live-clock");
    expect((after["started"] as number) - (before["started"] as number)).toBeGreaterThan(3_599_000);
    const inMutation = (await engine.run("notes:clockInMutation")) as { now: number };
    expect(inMutation.now - Date.now()).toBeGreaterThan(3_590_000);
  });

  it("runs a component's crons when they fall due", async () => {
    const count = (by: string) => engine.run("ticks:count", { by }, { component: "clock" });
    await engine.advance(0);
    const interval = (await count("interval")) as number;
    expect(interval).toBeGreaterThanOrEqual(1);
    await engine.advance(9 * 60_000);
    const soon = (await count("interval")) as number;
    expect(soon - interval).toBeLessThanOrEqual(1);
    await engine.advance(10 * 60_000);
    expect((await count("interval")) as number).toBe(soon + 1);
    const daily = (await count("daily")) as number;
    await engine.advance(24 * 3_600_000);
    expect(await count("daily")).toBe(daily + 1);
  });

  it("runs scheduled functions when they fall due", async () => {
    await engine.run("notes:later", { ms: 60_000, text: "in a minute" });
    await engine.advance(59_000);
    expect(await engine.run("notes:texts")).not.toContain("in a minute");
    await engine.advance(1_000);
    expect(await engine.run("notes:texts")).toContain("in a minute");
  });
});

describe("function calls", () => {
  it("are recorded for HTTP actions and actions, top level only", async () => {
    engine.resetCalls();
    await fetch(`${engine.url}/notes`, {
      method: "POST",
      body: JSON.stringify({ text: "counted" }),
    });
    expect(engine.calls()).toEqual([
      { name: "notes:add", component: "", kind: "mutation", caller: "POST /notes" },
      { name: "notes:count", component: "", kind: "query", caller: "POST /notes" },
    ]);
    engine.resetCalls();
    await engine.run("notes:work");
    expect(engine.calls()).toEqual([
      { name: "notes:add", component: "", kind: "mutation", caller: "notes:work" },
      { name: "ticks:record", component: "clock", kind: "mutation", caller: "notes:work" },
      { name: "notes:count", component: "", kind: "query", caller: "notes:work" },
    ]);
    engine.resetCalls();
    await engine.run("notes:staleSnapshot");
    expect(engine.calls()).toEqual([]);
  });

  it("bring errors back as the caller's own, with what was written undone", async () => {
    const count = await engine.run("notes:count");
    expect(await getJson("/catch")).toEqual({
      caught: true,
      isConvexError: true,
      data: { reason: "refused" },
      count,
    });
    await expect(engine.run("notes:refuse")).rejects.toMatchObject({ data: { reason: "refused" } });
  });

  it("read a stale snapshot, with the identity kept", async () => {
    const count = (await engine.run("notes:count")) as number;
    const result = await engine.run("notes:staleSnapshot", {}, { identity: { subject: "alice" } });
    expect(result).toEqual({ fresh: count + 1, stale: count, identity: "alice" });
  });

  it("reach components, and refuse wrong arguments", async () => {
    expect(await engine.run("notes:ticks", { by: "nobody" })).toBe(0);
    await expect(engine.run("notes:add", { text: 1 })).rejects.toThrow(/Validator error/);
    await expect(engine.run("nowhere:nothing")).rejects.toThrow(/Could not find module/);
  });

  it("write their console lines to the log with the function's name", () => {
    expect(lines).toContain("[notes:work] working { on: 'it' }");
  });
});
