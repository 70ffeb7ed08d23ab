import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Caller } from "@convex-mcp/protocol";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { memoryStores, type Principal, type Stores } from "../stores.ts";
import { sqliteStores } from "./stores.ts";

const session = { protocolVersion: "2025-11-25", clientInfo: {}, capabilities: {} } as const;

function caller(sessionId?: string, principal = "ada"): Caller<undefined, Principal> {
  const { signal } = new AbortController();
  return { context: undefined, principal, protocolVersion: "2025-11-25", sessionId, signal };
}

let stores: Stores;

async function open(principal = "ada"): Promise<Caller<undefined, Principal>> {
  const id = await stores.sessions.create(caller(undefined, principal), session);
  return caller(id, principal);
}

afterEach(() => {
  stores.close();
  vi.useRealTimers();
});

describe.each([
  { name: "memory", make: memoryStores },
  { name: "sqlite", make: () => sqliteStores(":memory:") },
])("$name", ({ make }) => {
  beforeEach(() => {
    stores = make();
  });

  it("a session is its owner's until it ends", async () => {
    const { sessions } = stores;
    const mine = await open();
    const id = mine.sessionId!;
    const thief = caller(id, "eve");
    expect(await sessions.check(mine, id)).toBe(true);
    expect(await sessions.check(thief, id)).toBe(false);
    expect(await sessions.end(thief, id)).toBe(false);
    expect(await sessions.check(mine, "another")).toBe(false);
    expect(await sessions.end(mine, id)).toBe(true);
    expect(await sessions.check(mine, id)).toBe(false);
    expect(await sessions.end(mine, id)).toBe(false);
  });

  it("a session that nobody uses is gone after an hour, and one in use is not", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    stores.close();
    stores = make();
    const { sessions } = stores;
    const [used, idle] = [await open(), await open()];
    vi.advanceTimersByTime(40 * 60_000);
    expect(await sessions.check(used, used.sessionId!)).toBe(true);
    vi.advanceTimersByTime(40 * 60_000);
    expect(await sessions.check(used, used.sessionId!)).toBe(true);
    expect(await sessions.check(idle, idle.sessionId!)).toBe(false);
  });

  it("knows what the client of a session can be asked", async () => {
    const { sessions } = stores;
    const capabilities = { elicitation: { form: {} }, sampling: {} };
    const id = await sessions.create(caller(), { ...session, capabilities });
    expect(await sessions.capabilities?.(caller(id), id!)).toEqual(capabilities);
    expect(await sessions.capabilities?.(caller(id, "eve"), id!)).toEqual({});
  });

  it("keeps log levels and subscriptions by session", async () => {
    const { logs, subscriptions } = stores;
    const [mine, other] = [await open(), await open()];
    expect(await logs.get(mine)).toBeUndefined();
    await logs.set(mine, "debug");
    await logs.set(mine, "error");
    expect([await logs.get(mine), await logs.get(other)]).toEqual(["error", undefined]);
    await subscriptions.add(mine, "a:b");
    await subscriptions.add(mine, "a:b");
    expect(await subscriptions.has(mine, "a:b")).toBe(true);
    expect(await subscriptions.has(other, "a:b")).toBe(false);
    await subscriptions.remove(mine, "a:b");
    expect(await subscriptions.has(mine, "a:b")).toBe(false);
  });

  it("cancels the request that is meant", async () => {
    const { cancellations } = stores;
    const [mine, other] = [await open(), await open()];
    const done = new AbortController();
    const wished = [
      cancellations.cancelled(mine, 1, done.signal),
      cancellations.cancelled(mine, "1", done.signal),
      cancellations.cancelled(other, 1, done.signal),
    ];
    await cancellations.cancel(mine, 1);
    await cancellations.cancel(mine, 2);
    expect(await wished[0]).toBe(true);
    done.abort();
    expect(await Promise.all(wished)).toEqual([true, false, false]);
  });

  it("delivers an answer once, to the session that was asked", async () => {
    const { mailbox } = stores;
    const [mine, other] = [await open(), await open()];
    const never = new AbortController().signal;
    await mailbox.open(mine, "q", Date.now() + 5000);
    const answer = mailbox.wait(mine, "q", never);
    const yes = { kind: "result", result: { action: "accept" } } as const;
    expect(await mailbox.put(other, "q", yes)).toBe(false);
    expect(await mailbox.put(mine, "unasked", yes)).toBe(false);
    expect(await mailbox.put(mine, "q", yes)).toBe(true);
    expect(await answer).toEqual(yes);
    expect(await mailbox.put(mine, "q", yes)).toBe(false);
  });

  it("waits for an answer no longer than it may", async () => {
    const { mailbox } = stores;
    const mine = await open();
    const over = new AbortController();
    await mailbox.open(mine, "late", Date.now() + 60);
    await mailbox.open(mine, "given up", Date.now() + 5000);
    const givenUp = mailbox.wait(mine, "given up", over.signal);
    expect(await mailbox.wait(mine, "late", over.signal)).toBeUndefined();
    over.abort();
    expect(await givenUp).toBeUndefined();
  });

  it("continues a round once", async () => {
    const { continuations } = stores;
    const until = Date.now() + 5000;
    expect(await continuations.redeem(caller(), "n", until)).toBe(true);
    expect(await continuations.redeem(caller(), "n", until)).toBe(false);
    expect(await continuations.redeem(caller(), "m", until)).toBe(true);
  });

  it("replays a stream to its own session", async () => {
    const { events } = stores;
    const [mine, other] = [await open(), await open()];
    await events.append(mine, "s", { sequence: 1, data: "one", last: false });
    await events.append(mine, "s", { sequence: 2, data: "two", last: false });
    const [one, two] = [
      { sequence: 1, data: "one" },
      { sequence: 2, data: "two" },
    ];
    expect(await events.replay(mine, "s", 0)).toEqual({ events: [one, two], ended: false });
    await events.append(mine, "s", { sequence: 3, data: "three", last: true });
    expect(await events.replay(mine, "s", 2)).toEqual({
      events: [{ sequence: 3, data: "three" }],
      ended: true,
    });
    expect(await events.replay(mine, "s", 3)).toEqual({ events: [], ended: true });
    expect(await events.replay(other, "s", 0)).toBeUndefined();
    expect(await events.replay(mine, "t", 0)).toBeUndefined();
  });
});

describe("a SQLite file", () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "stores-"));
    stores = sqliteStores(join(directory, "mcp.db"));
  });

  afterEach(() => rmSync(directory, { recursive: true }));

  it("keeps sessions and all that is theirs, and drops it with them", async () => {
    const mine = await open();
    const id = mine.sessionId!;
    await stores.logs.set(mine, "error");
    await stores.events.append(mine, "s", { sequence: 1, data: "one", last: true });
    stores.close();
    stores = sqliteStores(join(directory, "mcp.db"));
    expect(await stores.sessions.check(mine, id)).toBe(true);
    expect(await stores.logs.get(mine)).toBe("error");
    expect(await stores.events.replay(mine, "s", 0)).toMatchObject({ ended: true });
    await stores.sessions.end(mine, id);
    expect(await stores.logs.get(mine)).toBeUndefined();
    expect(await stores.events.replay(mine, "s", 0)).toBeUndefined();
  });

  it("says what to do about the lock of a process that was killed", () => {
    const file = join(directory, "other.db");
    mkdirSync(`${file}.lock`);
    expect(() => sqliteStores(file)).toThrow(
      `${file} is locked. If no process uses it any more, remove ${file}.lock.`,
    );
    rmSync(`${file}.lock`, { recursive: true });
    sqliteStores(file).close();
  });

  it("is shared by processes that write at once", { timeout: 30_000 }, async () => {
    const file = join(directory, "mcp.db");
    const script = `
      import sqlite from "node-sqlite3-wasm";
      const database = new sqlite.Database(${JSON.stringify(file)});
      database.exec("pragma busy_timeout = 5000");
      const end = Date.now() + 500;
      for (let n = 0; Date.now() < end; n++) database.run("insert into rounds values (?, 0)", [process.pid + "-" + n]);
      console.log("wrote");
    `;
    const args = ["--input-type=module", "-e", script];
    const cwd = fileURLToPath(new URL("../..", import.meta.url));
    const child = promisify(execFile)(process.execPath, args, { cwd });
    const mine = await open();
    for (let n = 0; n < 50; n += 1) {
      await stores.logs.set(mine, "debug");
      await new Promise((resolve) => {
        setTimeout(resolve, 10);
      });
    }
    expect((await child).stdout).toBe("wrote\n");
    expect(await stores.sessions.check(mine, mine.sessionId!)).toBe(true);
  });
});
