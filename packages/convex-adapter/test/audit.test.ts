import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { api, internal } from "../src/component/_generated/api.js";
import {
  type Component,
  component,
  entry,
  limitedComponent,
  ok,
  rows,
} from "./support/component.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const START = Date.UTC(2026, 0, 1);

let t: Component;
beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(START);
  t = component();
});
afterEach(() => vi.useRealTimers());

const outcomes = async () => {
  const { entries } = await t.query(api.reading.list, { limit: 200 });
  return entries.map(({ entry }) => entry.outcome);
};
const begin = (changes = {}) =>
  t.mutation(api.audit.begin, {
    entry: entry({ outcome: "unknown" }),
    retentionMs: DAY,
    deadlineMs: MINUTE,
    ...changes,
  });
const finish = (entryId: string | null, end = ok) =>
  t.mutation(api.audit.finish, { entryId: entryId ?? "", end });
const session = { key: { sessionId: "s1", owner: "ann" }, ttlMs: DAY };
const createSession = () =>
  t.mutation(api.sessions.create, {
    session: {
      sessionId: "s1",
      owner: "ann",
      protocolVersion: "2025-11-25",
      clientName: "Inspector",
      clientVersion: "1.0.0",
      capabilities: "{}",
    },
    ttlMs: DAY,
    maxPerOwner: 5,
  });

describe("record", () => {
  it("writes the entry with the end of its retention", async () => {
    const whole = entry({ subject: "ann", args: '{"$ref":"é"}', argsBytes: 13, cut: true });
    expect(await t.mutation(api.audit.record, { entry: whole, retentionMs: DAY })).toBe(true);
    const [row] = await rows(t, "auditEntries");
    expect(row).toMatchObject({ ...whole, expiresAt: START + DAY });
    expect(row).not.toHaveProperty("deadline");
  });

  it("takes the client's name from the session that it checks", async () => {
    await createSession();
    await t.mutation(api.audit.record, { entry: entry(), retentionMs: DAY, session });
    expect((await rows(t, "auditEntries"))[0]).toMatchObject({
      clientName: "Inspector",
      clientVersion: "1.0.0",
    });
  });

  it("writes that it was refused where the session is another's, and nothing of a stranger", async () => {
    await createSession();
    const theirs = { ...session, key: { sessionId: "s1", owner: "bob" } };
    for (const subject of [undefined, "bob"]) {
      const named = entry({ sessionId: "s1", ...(subject === undefined ? {} : { subject }) });
      const args = { entry: named, retentionMs: DAY, session: theirs };
      expect(await t.mutation(api.audit.record, args)).toBe(false);
    }
    const [row, ...others] = await rows(t, "auditEntries");
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      subject: "bob",
      outcome: "denied",
      errorCode: "SessionNotFound",
    });
    expect(row).not.toHaveProperty("sessionId");
  });

  it("writes the entry without that session where it is to be written anyway", async () => {
    await createSession();
    const theirs = { ...session, key: { sessionId: "s1", owner: "bob" }, anyway: true };
    const named = entry({ sessionId: "s1" });
    const args = { entry: named, retentionMs: DAY, session: theirs };
    expect(await t.mutation(api.audit.record, args)).toBe(false);
    const [row] = await rows(t, "auditEntries");
    expect(row).toMatchObject({ tool: named.tool });
    expect(row).not.toHaveProperty("sessionId");
    expect(row).not.toHaveProperty("clientName");
  });
});

describe("begin and finish", () => {
  it("open an entry that runs, and close it", async () => {
    const id = await begin();
    expect(await outcomes()).toEqual(["running"]);
    expect(await finish(id)).toBe(true);
    const [row] = await rows(t, "auditEntries");
    expect(row).toMatchObject(ok);
    expect(row).not.toHaveProperty("deadline");
  });

  it("close an entry once", async () => {
    const id = await begin();
    await finish(id, { outcome: "failed", error: "no" });
    expect(await finish(id)).toBe(false);
    expect(await outcomes()).toEqual(["failed"]);
  });

  it.each(["", "nonsense", "10000;sessions"])("close nothing for the id %j", async (id) => {
    await begin();
    expect(await finish(id)).toBe(false);
    expect(await outcomes()).toEqual(["running"]);
  });

  it("close nothing that was recorded whole", async () => {
    await t.mutation(api.audit.record, { entry: entry(), retentionMs: DAY });
    const [row] = await rows(t, "auditEntries");
    expect(await finish(row?._id ?? null, { outcome: "failed" })).toBe(false);
    expect(await outcomes()).toEqual(["ok"]);
  });

  it("remember that the arguments were cut", async () => {
    const id = await begin({ entry: entry({ cut: true }) });
    await finish(id);
    expect((await rows(t, "auditEntries"))[0]).toMatchObject({ cut: true });
  });
});

describe("an action that never comes back", () => {
  it("reads lost at once after its deadline, before any cron has run", async () => {
    await begin();
    vi.setSystemTime(START + MINUTE - 1);
    expect(await outcomes()).toEqual(["running"]);
    vi.setSystemTime(START + MINUTE);
    expect(await outcomes()).toEqual(["lost"]);
    expect((await rows(t, "auditEntries"))[0]).toMatchObject({ outcome: "running" });
  });

  it("is closed as lost by the cron, and no other", async () => {
    await begin();
    await t.mutation(api.audit.record, { entry: entry(), retentionMs: DAY });
    vi.setSystemTime(START + MINUTE - 1);
    await begin({ deadlineMs: DAY });
    await t.mutation(internal.audit.closeLost, {});
    expect((await rows(t, "auditEntries"))[0]).toMatchObject({ outcome: "running" });
    vi.setSystemTime(START + MINUTE);
    await t.mutation(internal.audit.closeLost, {});
    const stored = await rows(t, "auditEntries");
    expect(stored.map(({ outcome }) => outcome)).toEqual(["lost", "ok", "running"]);
    expect(stored[0]).not.toHaveProperty("deadline");
  });

  it("may come back after all: what it says is the truth", async () => {
    const early = await begin();
    vi.setSystemTime(START + MINUTE);
    expect(await finish(early)).toBe(true);
    const late = await begin();
    vi.setSystemTime(START + 2 * MINUTE);
    await t.mutation(internal.audit.closeLost, {});
    expect(await outcomes()).toEqual(["lost", "ok"]);
    expect(await finish(late)).toBe(true);
    expect(await outcomes()).toEqual(["ok", "ok"]);
  });

  it("is closed in batches that go on by themselves", async () => {
    await t.run(async (ctx) => {
      for (let index = 0; index < 450; index++) {
        const running = entry({ outcome: "running" });
        await ctx.db.insert("auditEntries", {
          ...running,
          deadline: START,
          expiresAt: START + DAY,
        });
      }
    });
    await t.mutation(internal.audit.closeLost, {});
    const lost = async () =>
      (await rows(t, "auditEntries")).filter(({ outcome }) => outcome === "lost").length;
    expect(await lost()).toBe(200);
    await t.finishAllScheduledFunctions(vi.runAllTimers);
    expect(await lost()).toBe(450);
  });
});

describe("old entries", () => {
  const fill = (count: number, expiresAt: number) =>
    t.run(async (ctx) => {
      for (let index = 0; index < count; index++) {
        await ctx.db.insert("auditEntries", { ...entry(), expiresAt });
      }
    });

  it("are deleted by the cron at the end of their retention, in batches", async () => {
    await fill(450, START);
    await fill(1, START + 1);
    await t.mutation(internal.retention.drain, {});
    expect(await rows(t, "auditEntries")).toHaveLength(251);
    await t.finishAllScheduledFunctions(() => vi.advanceTimersByTime(0));
    expect(await rows(t, "auditEntries")).toHaveLength(1);
  });

  it("are deleted on request when they were made before a time, in batches", async () => {
    await fill(450, START + DAY);
    const before = START + MINUTE;
    vi.setSystemTime(before);
    await fill(3, START + DAY);
    expect(await t.mutation(api.retention.prune, { before })).toEqual({
      deleted: 200,
      done: false,
    });
    await t.finishAllScheduledFunctions(vi.runAllTimers);
    expect(await rows(t, "auditEntries")).toHaveLength(3);
    expect(await t.mutation(api.retention.prune, { before })).toEqual({ deleted: 0, done: true });
  });

  it("are deleted in one go when they are few", async () => {
    await fill(199, START);
    vi.setSystemTime(START + 1);
    const before = START + 1;
    expect(await t.mutation(api.retention.prune, { before })).toEqual({ deleted: 199, done: true });
  });
});

describe("entries as big as they get", () => {
  const whole = entry({ args: "x".repeat(65_536), result: "x".repeat(65_536) });
  const count = 150;
  const fill = async (fields: { outcome?: "running"; deadline?: number; expiresAt: number }) => {
    for (let index = 0; index < count; index++) {
      await t.run((ctx) => ctx.db.insert("auditEntries", { ...whole, ...fields }));
    }
  };
  const left = async (outcome: "ok" | "running") => {
    let found = 0;
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await t.query(api.reading.list, {
        limit: 20,
        ...(cursor === undefined ? {} : { cursor }),
      });
      found += page.entries.filter(({ entry: { outcome: was } }) => was === outcome).length;
      cursor = page.cursor;
    }
    return found;
  };
  beforeEach(() => {
    t = limitedComponent();
  });

  it("are drained within what a transaction may read", async () => {
    await fill({ expiresAt: START });
    await t.mutation(internal.retention.drain, {});
    await t.finishAllScheduledFunctions(vi.runAllTimers);
    expect(await left("ok")).toBe(0);
  });

  it("are pruned within it", async () => {
    await fill({ expiresAt: START + DAY });
    const first = await t.mutation(api.retention.prune, { before: START + DAY });
    expect(first).toMatchObject({ done: false });
    await t.finishAllScheduledFunctions(vi.runAllTimers);
    expect(await left("ok")).toBe(0);
  });

  it("are closed as lost within it", async () => {
    await fill({ outcome: "running", deadline: START, expiresAt: START + DAY });
    await t.mutation(internal.audit.closeLost, {});
    await t.finishAllScheduledFunctions(vi.runAllTimers);
    expect((await t.query(api.reading.list, { limit: 1 })).entries[0]?.entry.outcome).toBe("lost");
    expect(await t.mutation(internal.audit.closeLost, {})).toBeNull();
  });
});

describe("prune", () => {
  it("refuses a time that is none, instead of deleting everything", async () => {
    await t.mutation(api.audit.record, { entry: entry(), retentionMs: DAY });
    await expect(t.mutation(api.retention.prune, { before: Number.NaN })).rejects.toThrow(/before/);
    expect(await rows(t, "auditEntries")).toHaveLength(1);
  });
});
