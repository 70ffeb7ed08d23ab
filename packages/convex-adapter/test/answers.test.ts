import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { api, internal } from "../src/component/_generated/api.js";
import { component } from "./support/component.ts";

const key = { owner: "ann", tool: "pay", key: "k" };

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("answers", () => {
  it("are found by owner, tool and key until they expire", async () => {
    const t = component();
    await t.mutation(api.answers.keep, { ...key, call: "c", json: "{}", ttlMs: 1000 });
    expect(await t.query(api.answers.find, key)).toEqual({ call: "c", json: "{}" });
    for (const other of [{ owner: "bob" }, { tool: "get" }, { key: "K" }]) {
      expect(await t.query(api.answers.find, { ...key, ...other })).toBeNull();
    }
    vi.advanceTimersByTime(1000);
    expect(await t.query(api.answers.find, key)).toBeNull();
  });

  it("take the place of those that have expired, and are drained", async () => {
    const t = component();
    await t.mutation(api.answers.keep, { ...key, call: "c", json: "{}", ttlMs: 1000 });
    vi.advanceTimersByTime(1000);
    await t.mutation(api.answers.keep, { ...key, call: "d", ttlMs: 1000 });
    expect(await t.query(api.answers.find, key)).toEqual({ call: "d" });
    vi.advanceTimersByTime(1000);
    await t.mutation(internal.expiry.drain, { table: "answers" });
    expect(await t.run((ctx) => ctx.db.query("answers").collect())).toEqual([]);
  });
});
