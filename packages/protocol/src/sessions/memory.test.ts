import { describe, expect, it } from "vitest";
import type { Caller } from "../rpc/caller.ts";
import { memorySessions } from "./memory.ts";

const info = { protocolVersion: "2025-11-25", clientInfo: {}, capabilities: {} } as const;

function caller(principal: string | undefined): Caller<undefined, string | undefined> {
  const { signal } = new AbortController();
  return {
    context: undefined,
    principal,
    protocolVersion: "2025-11-25",
    sessionId: undefined,
    signal,
  };
}

function store(limits: { ttlMs?: number; maxPerOwner?: number; max?: number } = {}) {
  const clock = { time: 0 };
  const sessions = memorySessions<undefined, string | undefined>({
    ownerOf: (principal) => principal,
    now: () => clock.time,
    ...limits,
  });
  const open = async (who: string) => (await sessions.create(caller(who), info)) ?? "";
  const lives = (who: string, id: string) => sessions.check(caller(who), id);
  return { clock, sessions, open, lives };
}

describe("memorySessions", () => {
  it("gives no session to who has no name", async () => {
    expect(await store().sessions.create(caller(undefined), info)).toBeUndefined();
    expect(await store().sessions.check(caller(undefined), "x")).toBe(false);
  });

  it("ends a session that is idle for its time, and keeps one in use", async () => {
    const { clock, open, lives } = store({ ttlMs: 100 });
    const [used, idle] = [await open("ada"), await open("ada")];
    clock.time = 60;
    expect(await lives("ada", used)).toBe(true);
    clock.time = 100;
    expect(await lives("ada", idle)).toBe(false);
    expect(await lives("ada", used)).toBe(true);
    clock.time = 199;
    expect(await lives("ada", used)).toBe(true);
    clock.time = 299;
    expect(await lives("ada", used)).toBe(false);
  });

  it("makes room for an owner's next session at the cost of the least used", async () => {
    const { open, lives } = store({ maxPerOwner: 2 });
    const other = await open("eve");
    const [a, b] = [await open("ada"), await open("ada")];
    await lives("ada", a);
    const c = await open("ada");
    expect(await Promise.all([a, b, c].map((id) => lives("ada", id)))).toEqual([true, false, true]);
    expect(await lives("eve", other)).toBe(true);
  });

  it("makes room at the cost of the least used of all", async () => {
    const { open, lives } = store({ max: 2 });
    const [a, b] = [await open("ada"), await open("eve")];
    const c = await open("bob");
    expect(await lives("ada", a)).toBe(false);
    expect(await lives("eve", b)).toBe(true);
    expect(await lives("bob", c)).toBe(true);
  });

  it("is not ended by anyone else", async () => {
    const { sessions, open, lives } = store();
    const id = await open("ada");
    expect(await sessions.end(caller("eve"), id)).toBe(false);
    expect(await sessions.end(caller(undefined), id)).toBe(false);
    expect(await lives("ada", id)).toBe(true);
    expect(await sessions.end(caller("ada"), id)).toBe(true);
    expect(await sessions.end(caller("ada"), id)).toBe(false);
  });

  it("names the option that is wrong", () => {
    expect(() => store({ max: 0 })).toThrow(/^max: /);
    expect(() => store({ ttlMs: Number.NaN })).toThrow(/^ttlMs: /);
  });
});
