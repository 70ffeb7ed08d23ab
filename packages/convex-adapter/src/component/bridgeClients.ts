import { v } from "convex/values";
import type { Doc } from "./_generated/dataModel.js";
import { mutation, type MutationCtx, query, type QueryCtx } from "./_generated/server.js";
import { writeRecorded, writeWhole } from "./entries.ts";
import { displaced, isSample, overflow, vRate, vRoom, waitFor } from "./room.ts";
import { type Recording, vRecording } from "./shared.ts";

const HOUR = 60 * 60_000;
/** Whose a client is that several users sign in with. */
const NOBODY = "";

const clientFields = {
  clientId: v.string(),
  owner: v.string(),
  used: v.boolean(),
  data: v.string(),
  expiresAt: v.number(),
};

/** The client of an id. Whether it has expired is for the caller to say: what a query says of the time may be old. */
export const find = query({
  args: { clientId: v.string() },
  returns: v.union(v.null(), v.object(clientFields)),
  handler: async (ctx, { clientId }) => {
    const row = await findClient(ctx, clientId);
    if (row === null) return null;
    const { owner, used, data, expiresAt } = row;
    return { clientId, owner, used, data, expiresAt };
  },
});

/** The same of a document. It is fetched where there is none, so that counts: a number is how long to wait for that. */
export const findDocument = mutation({
  args: { clientId: v.string(), now: v.number(), rates: v.array(vRate) },
  returns: v.union(v.null(), v.number(), v.object(clientFields)),
  handler: async (ctx, { clientId, now, rates }) => {
    const row = await findClient(ctx, clientId);
    if (row === null || row.expiresAt <= now) return (await waitFor(ctx, rates)) ?? null;
    const { owner, used, data, expiresAt } = row;
    return { clientId, owner, used, data, expiresAt };
  },
});

/**
 * Adds a client, or replaces the one of that id, and evicts what there is no room for. A number is how long to wait where
 * a rate is used up; nothing is written then.
 */
export const save = mutation({
  args: {
    client: v.object(clientFields),
    room: vRoom,
    rates: v.array(vRate),
    recording: v.optional(vRecording),
  },
  returns: v.union(v.null(), v.number()),
  handler: async (ctx, { client, room, rates, recording }) => {
    const wait = await waitFor(ctx, rates);
    if (wait !== undefined) return wait;
    await writeRecorded(ctx, recording);
    const { clientId, owner, data, expiresAt } = client;
    const before = await findClient(ctx, clientId);
    if (before !== null && before.used && before.expiresAt > room.now) {
      await ctx.db.patch(before._id, { data, expiresAt });
      return null;
    }
    if (before !== null) await ctx.db.delete(before._id);
    const sample = isSample(room.total);
    await writeReplaced(ctx, recording, await evictUnused(ctx, { owner, sample }, room));
    const { used } = client;
    const row = { clientId, owner, used, data, sample, at: room.now, expiresAt };
    await ctx.db.insert("bridgeClients", row);
    return null;
  },
});

/** A page of all clients, newest first; expired ones may be among them for an hour. */
export const list = query({
  args: { limit: v.number(), cursor: v.optional(v.number()) },
  returns: v.object({
    clients: v.array(v.object({ ...clientFields, registeredAt: v.number() })),
    cursor: v.union(v.null(), v.number()),
  }),
  handler: async (ctx, { limit, cursor = Infinity }) => {
    const rows = await ctx.db
      .query("bridgeClients")
      .withIndex("by_creation_time", (q) => q.lt("_creationTime", cursor))
      .order("desc")
      .take(limit);
    const clients = rows.map(
      ({ _creationTime: registeredAt, clientId, owner, used, data, expiresAt }) => ({
        clientId,
        owner,
        used,
        data,
        expiresAt,
        registeredAt,
      }),
    );
    return { clients, cursor: rows.length < limit ? null : (rows.at(-1)?._creationTime ?? null) };
  },
});

/**
 * Notes that a user signs in with a client. The first is its owner from then on, and may have `perOwner`; with the second
 * it is nobody's. A client of many users is written once an hour: their sign-ins would conflict. Gives how many it replaced.
 */
export async function useClient(
  ctx: MutationCtx,
  clientId: string,
  {
    owner,
    perOwner,
    expiresAt,
    now,
  }: { owner: string; perOwner: number; expiresAt: number; now: number },
): Promise<number> {
  const client = await findClient(ctx, clientId);
  if (client === null || client.expiresAt <= now) return 0;
  const isShared = client.used && client.owner !== owner;
  if (client.used && client.at > now - HOUR && !(isShared && client.owner !== NOBODY)) return 0;
  const change = { at: now, expiresAt: Math.max(client.expiresAt, expiresAt) };
  if (client.used) {
    await ctx.db.patch(client._id, isShared ? { ...change, owner: NOBODY } : change);
    return 0;
  }
  const theirs = ctx.db
    .query("bridgeClients")
    .withIndex("by_owner", (q) => q.eq("owner", owner).eq("used", true))
    .order("desc");
  const replaced = await displaced(theirs, { perOwner, total: Infinity });
  for (const { _id } of replaced) await ctx.db.delete(_id);
  await ctx.db.patch(client._id, { ...change, owner, used: true });
  return replaced.length;
}

/** Writes how many clients made way for one, as that was written. */
export async function writeReplaced(
  ctx: MutationCtx,
  recording: Recording | undefined,
  count: number,
): Promise<void> {
  if (count === 0 || recording === undefined) return;
  const { entry: _, ...keeping } = recording;
  const entry = { kind: "registration", name: "replaced", outcome: "ok", count } as const;
  await writeWhole(ctx, entry, keeping);
}

export function findClient(
  ctx: Pick<QueryCtx, "db">,
  clientId: string,
): Promise<Doc<"bridgeClients"> | null> {
  return ctx.db
    .query("bridgeClients")
    .withIndex("by_clientId", (q) => q.eq("clientId", clientId))
    .unique();
}

async function evictUnused(
  ctx: MutationCtx,
  { owner, sample }: { owner: string; sample: boolean },
  room: { perOwner: number; total: number },
): Promise<number> {
  const theirs = ctx.db
    .query("bridgeClients")
    .withIndex("by_owner", (q) => q.eq("owner", owner).eq("used", false))
    .order("desc");
  const replaced = await displaced(theirs, room);
  for (const { _id } of replaced) await ctx.db.delete(_id);
  if (!sample) return replaced.length;
  const samples = ctx.db
    .query("bridgeClients")
    .withIndex("by_sample", (q) => q.eq("used", false).eq("sample", true))
    .order("desc");
  const all = ctx.db.query("bridgeClients").withIndex("by_age", (q) => q.eq("used", false));
  const oldest = await overflow(samples, all, room.total);
  for (const { _id } of oldest) await ctx.db.delete(_id);
  return replaced.length + oldest.length;
}
