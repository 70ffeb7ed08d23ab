import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { api, internal } from "../src/component/_generated/api.js";
import { type Component, component, entry, rows } from "./support/component.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const START = Date.UTC(2026, 0, 1);
const client = { clientName: "Inspector", clientVersion: "1.0.0" };

let t: Component;
beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(START);
  t = component();
});
afterEach(() => vi.useRealTimers());

const create = (sessionId: string, owner = "ann", ttlMs = DAY, maxPerOwner = 50) =>
  t.mutation(api.sessions.create, {
    session: { sessionId, owner, protocolVersion: "2025-11-25", capabilities: "{}", ...client },
    ttlMs,
    maxPerOwner,
  });
const check = (sessionId: string, owner = "ann", ttlMs = DAY) =>
  t.mutation(api.sessions.check, { session: { sessionId, owner }, ttlMs });
const end = (sessionId: string, owner = "ann") =>
  t.mutation(api.sessions.end, { session: { sessionId, owner } });
const ids = async () => (await rows(t, "sessions")).map(({ sessionId }) => sessionId).sort();

describe("a session", () => {
  it("is its owner's", async () => {
    await create("s1");
    expect(await check("s1")).toEqual(client);
    expect(await check("s2")).toBeNull();
  });

  it("does not exist for anybody else", async () => {
    await create("s1");
    expect(await check("s1", "bob")).toBeNull();
    expect(await check("s1", "")).toBeNull();
    expect(await end("s1", "bob")).toBe(false);
    expect(await check("s1")).toEqual(client);
  });

  it("is not kept alive by somebody else", async () => {
    await create("s1");
    vi.setSystemTime(START + 10 * MINUTE);
    const before = await rows(t, "sessions");
    await check("s1", "bob");
    expect(await rows(t, "sessions")).toEqual(before);
  });

  it("ends once", async () => {
    await create("s1");
    expect(await end("s1")).toBe(true);
    expect(await end("s1")).toBe(false);
    expect(await check("s1")).toBeNull();
    expect(await rows(t, "sessions")).toEqual([]);
  });

  it("is gone at the end of its idle time, though its row is still there", async () => {
    await create("s1");
    vi.setSystemTime(START + DAY - 1);
    expect(await check("s1", "ann", 0)).toEqual(client);
    vi.setSystemTime(START + DAY);
    expect(await check("s1")).toBeNull();
    expect(await end("s1")).toBe(false);
    expect(await ids()).toEqual(["s1"]);
  });
});

describe("the row of a session", () => {
  it("is not written by a request until minutes have passed", async () => {
    await create("s1");
    const made = await rows(t, "sessions");
    for (const after of [0, 1, MINUTE, 5 * MINUTE - 1]) {
      vi.setSystemTime(START + after);
      expect(await check("s1")).toEqual(client);
      expect(await rows(t, "sessions")).toEqual(made);
    }
    vi.setSystemTime(START + 5 * MINUTE);
    await check("s1");
    expect(await rows(t, "sessions")).toEqual([
      { ...made[0], lastSeenAt: START + 5 * MINUTE, expiresAt: START + 5 * MINUTE + DAY },
    ]);
  });

  it("keeps a session that is used alive, however short its idle time", async () => {
    await create("s1", "ann", MINUTE);
    for (let second = 20; second <= 600; second += 20) {
      vi.setSystemTime(START + second * 1000);
      expect(await check("s1", "ann", MINUTE)).toEqual(client);
    }
    vi.setSystemTime(START + 660_000);
    expect(await check("s1", "ann", MINUTE)).toBeNull();
  });
});

describe("the cap of an owner", () => {
  it("replaces the session that was idle longest", async () => {
    for (const [index, id] of ["s1", "s2", "s3"].entries()) {
      vi.setSystemTime(START + index * MINUTE);
      await create(id, "ann", DAY, 3);
    }
    vi.setSystemTime(START + 30 * MINUTE);
    await check("s1");
    await create("s4", "ann", DAY, 3);
    expect(await ids()).toEqual(["s1", "s3", "s4"]);
  });

  it("is each owner's own", async () => {
    await create("b1", "bob", DAY, 1);
    await create("a1", "ann", DAY, 1);
    await create("a2", "ann", DAY, 1);
    expect(await ids()).toEqual(["a2", "b1"]);
  });

  it("holds at once where it was lowered", async () => {
    for (const id of ["s1", "s2", "s3", "s4", "s5"]) await create(id);
    vi.setSystemTime(START + 1);
    await create("s6", "ann", DAY, 2);
    expect(await ids()).toEqual(["s5", "s6"]);
  });
});

describe("expired sessions", () => {
  const expired = async (count: number) => {
    await t.run(async (ctx) => {
      for (let index = 0; index < count; index++) {
        await ctx.db.insert("sessions", {
          sessionId: `old${index}`,
          owner: "ann",
          protocolVersion: "2025-11-25",
          capabilities: "{}",
          lastSeenAt: 0,
          expiresAt: START,
          ...client,
        });
      }
    });
  };

  it("are deleted by the cron, in batches that go on by themselves", async () => {
    await expired(450);
    await create("s1", "bob");
    await t.mutation(internal.sessions.drain, {});
    expect(await rows(t, "sessions")).toHaveLength(251);
    await t.finishAllScheduledFunctions(vi.runAllTimers);
    expect(await ids()).toEqual(["s1"]);
  });

  it("are deleted on request, which says how many and whether it goes on", async () => {
    await expired(201);
    expect(await t.mutation(api.sessions.prune, {})).toEqual({ deleted: 200, done: false });
    await t.finishAllScheduledFunctions(vi.runAllTimers);
    expect(await rows(t, "sessions")).toEqual([]);
    expect(await t.mutation(api.sessions.prune, {})).toEqual({ deleted: 0, done: true });
  });
});

describe("what is recorded of sessions", () => {
  const ISSUER = "https://a.test";
  const begin = (sessionId: string, maxPerOwner = 50) =>
    t.mutation(api.sessions.create, {
      session: {
        sessionId,
        owner: `${ISSUER}|ann`,
        protocolVersion: "2025-11-25",
        capabilities: "{}",
        ...client,
      },
      ttlMs: DAY,
      maxPerOwner,
      recording: {
        entry: entry({
          kind: "session",
          name: "start",
          subject: "ann",
          issuer: ISSUER,
          sessionId,
          ip: "192.0.2.7",
        }),
        retentionMs: 90 * DAY,
        chain: true,
      },
    });
  const told = async () =>
    (await rows(t, "auditEntries")).map(({ name, sessionId, subject, errorCode = "" }) =>
      `${name} ${sessionId} ${subject} ${errorCode}`.trim(),
    );

  it("is that one made place for another, and that one ran out", async () => {
    await begin("s1", 1);
    vi.setSystemTime(START + MINUTE);
    await begin("s2", 1);
    vi.setSystemTime(START + 2 * DAY);
    await t.mutation(internal.sessions.drain, {});
    expect(await told()).toEqual([
      "start s1 ann",
      "end s1 ann Replaced",
      "start s2 ann",
      "end s2 ann Expired",
    ]);
    const last = (await rows(t, "auditEntries")).at(-1);
    expect(last).toMatchObject({ kind: "session", outcome: "ok", ...client });
    expect(last).toHaveProperty("salt");
    expect(last).not.toHaveProperty("ip");
  });

  it("is nothing of sessions that nobody records", async () => {
    await create("s1", "ann", DAY, 1);
    await create("s2", "ann", DAY, 1);
    vi.setSystemTime(START + 2 * DAY);
    await t.mutation(internal.sessions.drain, {});
    expect([await told(), await ids()]).toEqual([[], []]);
  });

  it("is not whose it was, once they are erased", async () => {
    await begin("s1");
    await t.mutation(api.erasure.erase, { subject: "ann", issuer: ISSUER });
    vi.setSystemTime(START + 2 * DAY);
    await t.mutation(internal.sessions.drain, {});
    expect(await told()).toEqual(["start undefined undefined", "end undefined undefined Expired"]);
    expect(JSON.stringify(await rows(t, "auditEntries"))).not.toMatch(/ann|s1/);
  });
});
