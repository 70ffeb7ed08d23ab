import { v } from "convex/values";
import type { Doc } from "./_generated/dataModel.js";
import { mutation, type MutationCtx } from "./_generated/server.js";
import { displaced, isSample, overflow, vRoom } from "./room.ts";

const signInFields = {
  signInId: v.string(),
  owner: v.string(),
  data: v.string(),
  expiresAt: v.number(),
};

/** Adds a sign-in, and evicts what there is no room for. False: there is one of that id, taken or not. */
export const begin = mutation({
  args: { signIn: v.object(signInFields), room: vRoom },
  returns: v.boolean(),
  handler: async (ctx, { signIn, room }) => {
    const before = await findSignIn(ctx, signIn.signInId);
    if (before !== null && before.expiresAt > room.now) return false;
    if (before !== null) await ctx.db.delete(before._id);
    const theirs = ctx.db
      .query("bridgeSignIns")
      .withIndex("by_owner", (q) => q.eq("owner", signIn.owner))
      .order("desc");
    for (const { _id } of await displaced(theirs, room)) await ctx.db.delete(_id);
    const sample = isSample(room.total);
    if (sample) await evictOldest(ctx, room.total);
    await ctx.db.insert("bridgeSignIns", { ...signIn, sample, taken: false });
    return true;
  },
});

/** Gives a sign-in to the first who takes it. The row stays, without its data, so that its id does not begin again. */
export const take = mutation({
  args: { signInId: v.string(), now: v.number() },
  returns: v.union(v.null(), v.object(signInFields)),
  handler: async (ctx, { signInId, now }) => {
    const row = await findSignIn(ctx, signInId);
    if (row === null || row.taken || row.expiresAt <= now) return null;
    const { _id, owner, data, expiresAt } = row;
    await ctx.db.patch(_id, { taken: true, data: "" });
    return { signInId, owner, data, expiresAt };
  },
});

function findSignIn(ctx: MutationCtx, signInId: string): Promise<Doc<"bridgeSignIns"> | null> {
  return ctx.db
    .query("bridgeSignIns")
    .withIndex("by_signInId", (q) => q.eq("signInId", signInId))
    .unique();
}

async function evictOldest(ctx: MutationCtx, total: number): Promise<void> {
  const samples = ctx.db
    .query("bridgeSignIns")
    .withIndex("by_sample", (q) => q.eq("sample", true))
    .order("desc");
  const all = ctx.db.query("bridgeSignIns").order("asc");
  for (const { _id } of await overflow(samples, all, total)) await ctx.db.delete(_id);
}
