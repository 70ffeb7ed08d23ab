import { v } from "convex/values";
import type { Doc } from "./_generated/dataModel.js";
import { mutation, type MutationCtx } from "./_generated/server.js";
import { countRefusal, type Misuse, vMisuse } from "./misuse.ts";
import { displaced, isSample, overflow, vRoom } from "./room.ts";

const signInFields = {
  signInId: v.string(),
  owner: v.string(),
  data: v.string(),
  expiresAt: v.number(),
};

/** Adds a sign-in, and evicts what there is no room for, which is counted. False: there is one of that id, taken or not. */
export const begin = mutation({
  args: { signIn: v.object(signInFields), room: vRoom, misuse: v.optional(vMisuse) },
  returns: v.boolean(),
  handler: async (ctx, { signIn, room, misuse }) => {
    const before = await findSignIn(ctx, signIn.signInId);
    if (before !== null && before.expiresAt > room.now) return false;
    if (before !== null) await ctx.db.delete(before._id);
    const theirs = ctx.db
      .query("bridgeSignIns")
      .withIndex("by_owner", (q) => q.eq("owner", signIn.owner))
      .order("desc");
    const evicted = await displaced(theirs, room);
    for (const { _id } of evicted) await ctx.db.delete(_id);
    const sample = isSample(room.total);
    if (sample) evicted.push(...(await evictOldest(ctx, room.total)));
    // Those that were taken, or are over, wait for nobody.
    const lost = evicted.filter(({ taken, expiresAt }) => !taken && expiresAt > room.now);
    if (lost.length > 0) await countDisplaced(ctx, lost.length, misuse);
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

async function countDisplaced(
  ctx: MutationCtx,
  times: number,
  misuse: Misuse | undefined,
): Promise<void> {
  if (misuse?.unknown !== true) return;
  const { unknown: _, ...keeping } = misuse;
  await countRefusal(ctx, { reason: "signIn: displaced", ...keeping }, times);
}

async function evictOldest(ctx: MutationCtx, total: number): Promise<Doc<"bridgeSignIns">[]> {
  const samples = ctx.db
    .query("bridgeSignIns")
    .withIndex("by_sample", (q) => q.eq("sample", true))
    .order("desc");
  const all = ctx.db.query("bridgeSignIns").order("asc");
  const oldest = await overflow(samples, all, total);
  for (const { _id } of oldest) await ctx.db.delete(_id);
  return oldest;
}
