import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PERSONAL, personHash, readLeaves } from "../src/component/chain.ts";
import { api, internal } from "../src/component/_generated/api.js";
import type { Doc } from "../src/component/_generated/dataModel.js";
import {
  type Component,
  component,
  entry,
  limitedComponent,
  ok,
  rows,
} from "./support/component.ts";
import {
  cost,
  DAY,
  exported,
  HOUR,
  ISSUER,
  MINUTE,
  ofAnn,
  seal,
  settle,
  verify,
  write,
} from "./support/log.ts";

let t: Component;
beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(Date.UTC(2026, 0, 1));
  t = component();
});
afterEach(() => vi.useRealTimers());

const calls = (count: number) => Array.from({ length: count }, () => ({}));
const entries = () => rows(t, "auditEntries");
const links = () => rows(t, "auditLinks");
type Row = Doc<"auditEntries">;
/** What somebody with access to the database does. */
type Changes = { readonly [Field in keyof Row]?: Row[Field] | undefined };
const edit = (id: Row["_id"], fields: Changes) =>
  t.run((ctx) => ctx.db.patch(id, fields as Partial<Row>));
const remove = (id: Row["_id"] | Doc<"auditLinks">["_id"]) => t.run((ctx) => ctx.db.delete(id));
const nth = async (index: number) => (await entries()).at(index)!;

describe("sealing", () => {
  it("leaves alone what may still be followed by something earlier", async () => {
    await write(t, calls(1));
    await seal(t, MINUTE - 1);
    expect(await links()).toEqual([]);
    await seal(t, 1);
    expect(await links()).toMatchObject([{ sequence: 0, kind: "entries", count: 1, previous: "" }]);
  });

  it("goes on by itself in batches, each a link with the hash of the one before", async () => {
    await write(t, calls(450));
    await seal(t);
    const chain = await links();
    expect(chain).toHaveLength(3);
    expect(Math.max(...chain.map(({ count }) => count))).toBe(200);
    expect(chain.at(-1)?.total).toBe(450);
    expect(chain.slice(1).map(({ previous }) => previous)).toEqual([
      chain.at(0)!.hash,
      chain.at(1)!.hash,
    ]);
    await seal(t);
    expect(await links()).toHaveLength(3);
    expect(await verify(t)).toMatchObject({ problems: [], links: 3, entries: 450, unsealable: 0 });
  });

  it("comes to an end where more entries than a batch settled at one time", async () => {
    await t.run(async (ctx) => {
      for (let index = 0; index < 450; index++) {
        await ctx.db.insert("auditEntries", { ...entry(), settledAt: Date.now(), expiresAt: 9e15 });
      }
    });
    await seal(t);
    await seal(t);
    expect((await exported(t)).ids).toHaveLength(450);
  });

  it("finds what was committed late, behind what is sealed already", async () => {
    await write(t, calls(3));
    await seal(t);
    const late = Date.now() - 2 * MINUTE - 1;
    await t.run((ctx) =>
      ctx.db.insert("auditEntries", { ...entry(), salt: "s", settledAt: late, expiresAt: 9e15 }),
    );
    expect((await links()).map(({ count }) => count)).toEqual([3]);
    await seal(t, 1);
    expect((await links()).map(({ count }) => count)).toEqual([3, 1]);
    await seal(t);
    expect(await verify(t)).toMatchObject({ problems: [], entries: 4 });
    expect((await exported(t)).ids).toHaveLength(4);
  });

  it("seals nothing twice when two rounds run at once", async () => {
    await write(t, calls(250));
    vi.setSystemTime(Date.now() + 2 * MINUTE);
    await Promise.all([
      t.mutation(internal.sealing.seal, {}),
      t.mutation(internal.sealing.seal, {}),
    ]);
    await settle(t);
    const { ids } = await exported(t);
    expect(new Set(ids).size).toBe(250);
    expect(ids).toHaveLength(250);
  });

  it("stays within what a transaction may read where entries are big", async () => {
    t = limitedComponent();
    await write(
      t,
      Array.from({ length: 60 }, () => ({ args: "é".repeat(65_536), result: "é".repeat(65_536) })),
    );
    await seal(t);
    expect(await verify(t)).toMatchObject({ problems: [], entries: 60 });
    expect((await exported(t)).ids).toHaveLength(60);
  });

  it("seals the place of entries that were written without a chain, not what they say", async () => {
    await write(t, calls(2), { chain: false });
    await seal(t);
    const [first, second] = [await nth(0), await nth(1)];
    await edit(first._id, { tool: "another" });
    expect(await verify(t)).toMatchObject({ problems: [], unsealable: 2 });
    await remove(second._id);
    expect((await verify(t)).kinds).toEqual(["deleted"]);
  });
});

describe("sealing after a flood", () => {
  it("looks at few of the links that are made in minutes, or it would never go on", async () => {
    await write(t, calls(5));
    await seal(t, MINUTE);
    const { _id: _, _creationTime: __, ...whole } = (await links()).at(0)!;
    await t.run(async (ctx) => {
      for (let index = 1; index <= 100; index++) {
        const to = whole.to + index * 1000;
        const leaves = Array.from({ length: 200 }, (_leaf, at) => [`${index}-${at}`, to, 1, 9, ""]);
        const more = { sequence: index, from: to, to, body: JSON.stringify(leaves), count: 200 };
        await ctx.db.insert("auditLinks", { ...whole, ...more });
      }
    });
    const { read } = await cost(t, (ctx) => ctx.runMutation(internal.sealing.seal, {}));
    expect(read).toBeLessThan(20);
    expect((await links()).filter(({ kind }) => kind === "entries")).toHaveLength(101);
  });
});

describe("sealing an action's entry", () => {
  const begin = () =>
    t.mutation(api.audit.begin, {
      entry: entry({ outcome: "unknown" }),
      retentionMs: 90 * DAY,
      deadlineMs: MINUTE,
      chain: true,
    });

  it("waits until it is closed", async () => {
    const entryId = await begin();
    await write(t, calls(1));
    await seal(t);
    expect((await exported(t)).ids).toHaveLength(1);
    await t.mutation(api.audit.finish, { entryId, end: ok });
    await seal(t);
    expect((await exported(t)).ids).toHaveLength(2);
    expect(await verify(t)).toMatchObject({ problems: [], entries: 2 });
  });

  it("waits with a lost one until none can come back, and then refuses to change it", async () => {
    const [early, never] = [await begin(), await begin()];
    vi.setSystemTime(Date.now() + 2 * MINUTE);
    await t.mutation(internal.audit.closeLost, {});
    await seal(t, 20 * MINUTE);
    expect((await exported(t)).ids).toEqual([]);
    expect(await t.mutation(api.audit.finish, { entryId: early, end: ok })).toBe(true);
    await seal(t, HOUR);
    expect(await t.mutation(api.audit.finish, { entryId: never, end: ok })).toBe(false);
    expect((await entries()).map(({ outcome }) => outcome)).toEqual(["ok", "lost"]);
    expect(await verify(t)).toMatchObject({ problems: [], entries: 2 });
  });
});

describe("a lost entry that is closed late", () => {
  it("is closed by what comes back after its deadline, also where that was moved", async () => {
    const entryId = await t.mutation(api.audit.begin, {
      entry: entry({ outcome: "unknown" }),
      retentionMs: 90 * DAY,
      deadlineMs: 5 * HOUR,
    });
    vi.setSystemTime(Date.now() + 5 * HOUR + MINUTE);
    await t.mutation(internal.audit.closeLost, {});
    await seal(t);
    expect(await t.mutation(api.audit.finish, { entryId, end: ok })).toBe(true);
  });

  it("is sealed all the same, however late the cron was", async () => {
    await t.mutation(api.audit.begin, {
      entry: entry({ outcome: "unknown" }),
      retentionMs: 90 * DAY,
      deadlineMs: MINUTE,
    });
    vi.setSystemTime(Date.now() + 5 * HOUR);
    await seal(t);
    await t.mutation(internal.audit.closeLost, {});
    await seal(t);
    expect((await exported(t)).ids).toHaveLength(1);
  });
});

describe("verification finds", () => {
  beforeEach(async () => {
    await write(t, [...calls(5), ofAnn()]);
    await seal(t);
    await write(t, calls(5));
    await seal(t);
    expect(await verify(t)).toMatchObject({ problems: [], entries: 11 });
  });

  it.each([
    ["what was called", { tool: "another" }],
    ["how it ended", { outcome: "failed" }],
    ["who called", { subject: "bob" }],
    ["the arguments", { args: "{}" }],
    ["a field that is gone", { subject: undefined }],
    ["a field that is new", { decision: "allow" }],
    ["how long it is kept", { expiresAt: 1 }],
    ["when it settled", { settledAt: 1 }],
    ["the salt", { salt: "another" }],
  ] satisfies readonly (readonly [string, Changes])[])("an edit of %s", async (_what, fields) => {
    const { _id } = await nth(5);
    await edit(_id, fields);
    expect((await verify(t)).problems).toMatchObject([{ kind: "edited", link: 0, entry: _id }]);
  });

  it("a person that was taken out by hand, with the hash in its place", async () => {
    await t.mutation(api.erasure.erase, { subject: "ann", issuer: ISSUER });
    const erased = await nth(5);
    const other = await nth(0);
    expect((await verify(t)).problems).toEqual([]);
    await edit(other._id, { erased: { ...erased.erased!, person: "0" } });
    expect((await verify(t)).kinds).toEqual(["edited", "erased"]);
  });

  it("an entry that was deleted", async () => {
    const { _id } = await nth(7);
    await remove(_id);
    expect((await verify(t)).problems).toMatchObject([{ kind: "deleted", link: 1, entry: _id }]);
  });

  it.each([
    ["within the time of a link", 0],
    ["between two links", 3000],
  ])("an entry that no link has, %s", async (_where, later) => {
    const { settledAt = 0 } = await nth(later === 0 ? 3 : 5);
    await t.run((ctx) =>
      ctx.db.insert("auditEntries", {
        ...entry(),
        settledAt: settledAt + later,
        expiresAt: 9e15,
      }),
    );
    expect((await verify(t)).kinds).toEqual(["unsealed"]);
  });

  it.each([
    ["the first", 0],
    ["the last", 1],
  ])("that %s link was deleted", async (_which, index) => {
    await remove((await links()).at(index)!._id);
    expect((await verify(t)).kinds).toContain("gap");
  });

  it("a link that was edited", async () => {
    const first = (await links()).at(0)!;
    await t.run((ctx) => ctx.db.patch(first._id, { count: 5 }));
    expect((await verify(t)).kinds).toEqual(["link"]);
  });

  it("links that changed places", async () => {
    const [one, other] = [(await links()).at(0)!, (await links()).at(1)!];
    await t.run(async (ctx) => {
      await ctx.db.patch(one._id, { sequence: 1 });
      await ctx.db.patch(other._id, { sequence: 0 });
    });
    expect((await verify(t)).kinds).toContain("link");
  });

  it("that the oldest were deleted, where a forged link says that they were dropped", async () => {
    const first = (await links()).at(0)!;
    for (const { id } of readLeaves(first)) await remove(id as Row["_id"]);
    await remove(first._id);
    const { _id: _, _creationTime: __, ...link } = (await links()).at(0)!;
    const forged = { ...link, sequence: -1, kind: "retention" as const, to: 1, body: "" };
    await t.run((ctx) => ctx.db.insert("auditLinks", forged));
    expect((await verify(t)).kinds).toContain("gap");
  });

  it("a link that is missing, and an entry, wherever a page ends", async () => {
    for (let round = 0; round < 6; round++) {
      await write(t, calls(1));
      await seal(t);
    }
    for (const { _id, _creationTime: _, ...link } of await links()) {
      await remove(_id);
      expect((await verify(t)).kinds, `link ${link.sequence}`).toContain("gap");
      await t.run((ctx) => ctx.db.insert("auditLinks", link));
      expect((await verify(t)).problems).toEqual([]);
    }
    for (const { _id } of (await entries()).slice(10)) await remove(_id);
    expect((await verify(t)).problems).toHaveLength(7);
  });

  it("a link too many, where a page ends", async () => {
    for (let round = 0; round < 6; round++) {
      await write(t, calls(1));
      await seal(t);
    }
    const all = await links();
    for (const index of [0, 4, 5, 7]) {
      const { _id: _, _creationTime: __, ...link } = all.at(index)!;
      const forged = { ...link, body: "[]", hash: "0".repeat(64) };
      const id = await t.run((ctx) => ctx.db.insert("auditLinks", forged));
      expect((await verify(t)).kinds, `link ${index}`).toContain("gap");
      await remove(id);
      expect((await verify(t)).problems).toEqual([]);
    }
  });

  it.each([-1, Number.NaN, 0.5])(
    "a person that was taken out by hand, in the name of link %d",
    async (link) => {
      const row = await nth(5);
      const person = await personHash(row);
      const gone = Object.fromEntries(PERSONAL.map((field) => [field, undefined]));
      await edit(row._id, { ...gone, salt: undefined, erased: { at: 1, link, person } });
      expect((await verify(t)).kinds).toEqual(["erased"]);
    },
  );

  it("a chain that was made anew, by a link that was noted elsewhere", async () => {
    const { last } = await verify(t);
    const { sequence, hash } = (await links()).at(0)!;
    await t.run(async (ctx) => {
      for (const link of await ctx.db.query("auditLinks").collect()) await ctx.db.delete(link._id);
      for (const state of await ctx.db.query("auditState").collect())
        await ctx.db.delete(state._id);
      await ctx.db.delete((await ctx.db.query("auditEntries").first())!._id);
    });
    await seal(t);
    expect((await verify(t)).problems).toEqual([]);
    expect((await verify(t, { sequence, hash })).kinds).toEqual(["link"]);
    expect((await verify(t, last!)).kinds).toEqual(["gap"]);
  });

  it("nothing wrong in what retention, pruning and erasure did", async () => {
    await t.mutation(api.erasure.erase, { subject: "ann", issuer: ISSUER });
    await settle(t);
    expect((await verify(t)).problems).toEqual([]);
    const { _creationTime } = await nth(4);
    await t.mutation(api.retention.prune, { before: _creationTime });
    await settle(t);
    expect(await entries()).toHaveLength(7);
    expect((await verify(t)).problems).toEqual([]);
    vi.setSystemTime(Date.now() + 100 * DAY);
    await write(t, calls(1));
    await t.mutation(internal.retention.drain, {});
    await seal(t);
    await t.mutation(internal.retention.drop, {});
    await settle(t);
    expect(await entries()).toHaveLength(1);
    expect((await links()).map(({ kind }) => kind)).toEqual(["entries", "retention"]);
    expect((await verify(t)).problems).toEqual([]);
  });
});

describe("pruning", () => {
  it("says nothing of what is still to come", async () => {
    await write(t, calls(2));
    await seal(t);
    await t.mutation(api.retention.prune, { before: Infinity });
    await write(t, calls(2));
    await seal(t);
    const { _id } = await nth(0);
    await remove(_id);
    expect((await verify(t)).kinds).toEqual(["deleted"]);
  });
});

describe("erasing a person", () => {
  it("leaves the entry, and nothing of who it was", async () => {
    await write(t, [ofAnn(), ofAnn({ issuer: "https://other.test" })]);
    await t.mutation(api.erasure.erase, { subject: "ann", issuer: ISSUER });
    const [gone, other] = await entries();
    expect(JSON.stringify(gone)).not.toMatch(/ann|192\.0|p7|4bf92/);
    expect(gone).not.toHaveProperty("salt");
    expect(gone).toMatchObject({ kind: "tool", tool: "list_things", outcome: "ok" });
    expect(other).toMatchObject({ subject: "ann", ip: "192.0.2.7" });
  });

  it("verifies whether it was sealed before or after", async () => {
    await write(t, [ofAnn(), ofAnn()]);
    await seal(t);
    await write(t, [ofAnn()]);
    await t.mutation(api.erasure.erase, { subject: "ann", issuer: ISSUER });
    await seal(t);
    expect(await verify(t)).toMatchObject({ problems: [], entries: 3, unsealable: 0 });
    const { _id } = await nth(0);
    await edit(_id, { outcome: "failed" });
    expect((await verify(t)).kinds).toEqual(["edited"]);
  });

  it("goes on in the background, past those of another issuer", async () => {
    const other = { issuer: "https://other.test" };
    await write(
      t,
      Array.from({ length: 250 }, () => ofAnn(other)),
    );
    await write(
      t,
      Array.from({ length: 450 }, (_, index) => ofAnn({ outcome: index % 2 ? "ok" : "failed" })),
    );
    await seal(t);
    const first = await t.mutation(api.erasure.erase, { subject: "ann", issuer: ISSUER });
    expect(first.done).toBe(false);
    await settle(t);
    const left = (await entries()).filter(({ subject }) => subject === "ann");
    expect(left).toHaveLength(250);
    expect(left.every(({ issuer }) => issuer === other.issuer)).toBe(true);
    expect(await verify(t)).toMatchObject({ problems: [], entries: 700 });
  });

  it("passes over nobody where many entries have one time", async () => {
    // So late a time that convex-test cannot tell two creation times apart.
    vi.setSystemTime(8e15);
    await t.run(async (ctx) => {
      for (let index = 0; index < 450; index++) {
        const { issuer: _, ...nobodys } = ofAnn();
        const row = index % 3 === 0 ? nobodys : ofAnn();
        await ctx.db.insert("auditEntries", { ...row, settledAt: 8e15, expiresAt: 9e15 });
      }
    });
    await t.mutation(api.erasure.erase, { subject: "ann", issuer: ISSUER });
    await settle(t);
    expect((await entries()).filter(({ issuer }) => issuer === ISSUER)).toEqual([]);
    expect((await entries()).filter(({ subject }) => subject === "ann")).toHaveLength(150);
  });

  it("takes an action's end too that comes afterwards", async () => {
    const begun = { entry: ofAnn(), retentionMs: DAY, deadlineMs: MINUTE, chain: true };
    const entryId = await t.mutation(api.audit.begin, begun);
    await t.mutation(api.erasure.erase, { subject: "ann", issuer: ISSUER });
    const end = { ...ok, result: '"ann"', error: "ann" };
    expect(await t.mutation(api.audit.finish, { entryId, end })).toBe(true);
    expect(JSON.stringify(await entries())).not.toContain("ann");
    await seal(t);
    expect(await verify(t)).toMatchObject({ problems: [], entries: 1 });
  });
});

describe("retention by count", () => {
  it("drops the oldest, a link at a time, and what it says of them", async () => {
    await write(t, calls(1000), { keep: 300 });
    await seal(t);
    await t.mutation(internal.retention.drop, {});
    await settle(t);
    const left = await entries();
    expect(left.length).toBeGreaterThanOrEqual(300);
    expect(left.length).toBeLessThan(500);
    expect(left.every(({ _creationTime }) => _creationTime >= left.at(0)!._creationTime)).toBe(
      true,
    );
    expect((await verify(t)).problems).toEqual([]);
    await t.mutation(internal.retention.drop, {});
    await settle(t);
    expect(await entries()).toHaveLength(left.length);
  });

  it("may drop the link of an erasure before the entries that it is about", async () => {
    await write(t, [...calls(3), ofAnn()], { keep: 2 });
    await t.mutation(api.erasure.erase, { subject: "ann", issuer: ISSUER });
    await seal(t);
    await write(t, calls(1), { keep: 2 });
    await seal(t);
    await t.mutation(internal.retention.drop, {});
    await settle(t);
    expect((await links()).some(({ kind }) => kind === "erasure")).toBe(false);
    expect(await verify(t)).toMatchObject({ problems: [], entries: 5 });
  });

  it("ends with the option", async () => {
    await write(t, calls(200), { keep: 1 });
    await write(t, calls(10));
    await seal(t);
    await t.mutation(internal.retention.drop, {});
    expect(await entries()).toHaveLength(210);
  });
});
