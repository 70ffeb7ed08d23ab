import { v } from "convex/values";
import { mutation, query } from "./_generated/server.js";
import { DRAIN_BATCH } from "./shared.ts";

/** A key that is used is written once in this time. */
const TOUCH_AFTER_MS = 60 * 60_000;

const listedFields = {
  id: v.string(),
  start: v.string(),
  name: v.string(),
  scopes: v.array(v.string()),
  createdAt: v.number(),
  expiresAt: v.number(),
  lastUsedAt: v.optional(v.number()),
};

/** Stores a key by its hash. `null`: its owner has `maxPerOwner` already. */
export const create = mutation({
  args: {
    key: v.object({
      hash: v.string(),
      start: v.string(),
      owner: v.string(),
      name: v.string(),
      scopes: v.array(v.string()),
    }),
    ttlMs: v.number(),
    maxPerOwner: v.number(),
  },
  returns: v.union(v.null(), v.object({ id: v.string(), expiresAt: v.number() })),
  handler: async (ctx, { key, ttlMs, maxPerOwner }) => {
    const now = Date.now();
    const theirs = await ctx.db
      .query("apiKeys")
      .withIndex("by_owner", (q) => q.eq("owner", key.owner).gt("expiresAt", now))
      .take(maxPerOwner);
    if (theirs.length >= maxPerOwner) return null;
    const expiresAt = now + ttlMs;
    return { id: await ctx.db.insert("apiKeys", { ...key, expiresAt }), expiresAt };
  },
});

/** The live keys of an owner, the one that expires last first; nothing of them that could be used. */
export const list = query({
  args: { owner: v.string(), now: v.number(), limit: v.number() },
  returns: v.array(v.object(listedFields)),
  handler: async (ctx, { owner, now, limit }) => {
    const rows = await ctx.db
      .query("apiKeys")
      .withIndex("by_owner", (q) => q.eq("owner", owner).gt("expiresAt", now))
      .order("desc")
      .take(limit);
    return rows.map(({ _id, _creationTime, start, name, scopes, expiresAt, lastUsedAt }) => ({
      id: _id,
      start,
      name,
      scopes,
      createdAt: _creationTime,
      expiresAt,
      ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
    }));
  },
});

/** The key of a hash. Whether it has expired is for the caller to say: what a query says of the time may be old. */
export const find = query({
  args: { hash: v.string() },
  returns: v.union(v.null(), v.object({ owner: v.string(), ...listedFields })),
  handler: async (ctx, { hash }) => {
    const row = await ctx.db
      .query("apiKeys")
      .withIndex("by_hash", (q) => q.eq("hash", hash))
      .unique();
    if (row === null) return null;
    const { _id, _creationTime, hash: _, ...rest } = row;
    return { ...rest, id: _id, createdAt: _creationTime };
  },
});

/** Notes that a key was used, if nothing of the kind was noted for an hour. */
export const touch = mutation({
  args: { id: v.string() },
  returns: v.null(),
  handler: async (ctx, { id }) => {
    const key = ctx.db.normalizeId("apiKeys", id);
    const row = key === null ? null : await ctx.db.get(key);
    const now = Date.now();
    if (row !== null && (row.lastUsedAt ?? 0) <= now - TOUCH_AFTER_MS) {
      await ctx.db.patch(row._id, { lastUsedAt: now });
    }
    return null;
  },
});

/** Deletes a key, and ends the streams that it opened. False: there is none, or it is another's than `owner`'s. */
export const revoke = mutation({
  args: { id: v.string(), owner: v.optional(v.string()) },
  returns: v.boolean(),
  handler: async (ctx, { id, owner }) => {
    const key = ctx.db.normalizeId("apiKeys", id);
    const row = key === null ? null : await ctx.db.get(key);
    if (row === null || (owner !== undefined && row.owner !== owner)) return false;
    await ctx.db.delete(row._id);
    // As `resolveTokens` names who brings it.
    const bearer = ["resolved", `apikey:${row._id}`, row.owner].map(encodeURIComponent).join(":");
    const streams = await ctx.db
      .query("listeners")
      .withIndex("by_owner", (q) => q.eq("owner", bearer))
      .take(DRAIN_BATCH);
    for (const { _id } of streams) await ctx.db.delete(_id);
    return true;
  },
});
