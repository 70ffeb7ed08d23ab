import { type Infer, v } from "convex/values";
import type { Doc } from "./_generated/dataModel.js";
import { mutation, type MutationCtx, query, type QueryCtx } from "./_generated/server.js";
import { findClient, useClient, writeReplaced } from "./bridgeClients.ts";
import { writeRecorded } from "./entries.ts";
import { displaced } from "./room.ts";
import { DRAIN_BATCH, type Entry, vRecording } from "./shared.ts";

const grantFields = {
  grantId: v.string(),
  owner: v.string(),
  clientId: v.string(),
  codeKey: v.string(),
  liveUntil: v.number(),
  data: v.string(),
  expiresAt: v.number(),
};
const vGrant = v.object(grantFields);

/** Where a request came from, for the entry of what it ends. */
const vOrigin = v.object({
  ip: v.optional(v.string()),
  userAgent: v.optional(v.string()),
  platformRequestId: v.optional(v.string()),
});

/** What became of a grant whose refresh token came. */
const vHeld = v.union(v.literal("claimed"), v.literal("repeated"), v.literal("reused"));

/** By a function of the app. */
const REVOKED = { name: "revoked", outcome: "ok" } as const;
/** By a newer one of the same user. */
const REPLACED = { name: "replaced", outcome: "ok" } as const;
/** By nobody. */
const EXPIRED = { name: "expired", outcome: "ok" } as const;

/**
 * Adds a grant, and notes that its client is used. An owner who has `perOwner` loses the oldest. The last of `recordings` is
 * the sign-in's.
 */
export const add = mutation({
  args: {
    grant: vGrant,
    perOwner: v.number(),
    clientExpiresAt: v.number(),
    now: v.number(),
    recordings: v.array(vRecording),
  },
  returns: v.null(),
  handler: async (ctx, { grant, perOwner, clientExpiresAt, now, recordings }) => {
    const { owner, clientId } = grant;
    const theirs = ctx.db
      .query("bridgeGrants")
      .withIndex("by_owner", (q) => q.eq("owner", owner))
      .order("desc");
    for (const row of await displaced(theirs, { perOwner, total: Infinity })) {
      await end(ctx, row, row.expiresAt > now ? REPLACED : EXPIRED);
    }
    for (const recording of recordings) await writeRecorded(ctx, recording);
    const recording = recordings.at(-1);
    await ctx.db.insert("bridgeGrants", { ...grant, ...(recording && { recording }) });
    const use = { owner, perOwner, expiresAt: clientExpiresAt, now };
    await writeReplaced(ctx, recording, await useClient(ctx, clientId, use));
    return null;
  },
});

/** Redeems a code, once: the second time the grant is deleted. */
export const redeem = mutation({
  args: {
    grantId: v.string(),
    codeKey: v.string(),
    current: v.string(),
    now: v.number(),
    origin: vOrigin,
  },
  returns: v.union(
    v.object({ kind: v.literal("unknown") }),
    v.object({ kind: v.union(v.literal("redeemed"), v.literal("replayed")), grant: vGrant }),
  ),
  handler: async (ctx, { grantId, codeKey, current, now, origin }) => {
    const row = await findGrant(ctx, grantId, now);
    if (row === null || row.codeKey !== codeKey) return { kind: "unknown" as const };
    if (row.current !== undefined) {
      await end(ctx, row, { name: "codeReplayed", outcome: "denied", ...origin });
      return { kind: "replayed" as const, grant: toGrant(row) };
    }
    await ctx.db.patch(row._id, { current, expiresAt: row.liveUntil });
    return { kind: "redeemed" as const, grant: toGrant(row) };
  },
});

/** Leases a grant to one who holds its current refresh token; any but that and, for a while, the one before it deletes it. */
export const claim = mutation({
  args: {
    grantId: v.string(),
    current: v.string(),
    lease: v.object({ id: v.string(), until: v.number() }),
    now: v.number(),
    origin: vOrigin,
  },
  returns: v.union(
    v.object({ kind: v.union(v.literal("unknown"), v.literal("busy")) }),
    v.object({ kind: vHeld, grant: vGrant }),
  ),
  handler: async (ctx, { grantId, current, lease, now, origin }) => {
    const row = await findGrant(ctx, grantId, now);
    if (row?.current === undefined) return { kind: "unknown" as const };
    if (row.current !== current) {
      const { previous } = row;
      if (previous?.current === current && previous.until > now) {
        return { kind: "repeated" as const, grant: toGrant(row) };
      }
      await end(ctx, row, { name: "refreshReused", outcome: "denied", ...origin });
      return { kind: "reused" as const, grant: toGrant(row) };
    }
    if (row.lease !== undefined && row.lease.until > now) return { kind: "busy" as const };
    await ctx.db.patch(row._id, { lease });
    return { kind: "claimed" as const, grant: toGrant(row) };
  },
});

/** Ends a claim. False: its lease has passed to another. */
export const settle = mutation({
  args: {
    grantId: v.string(),
    leaseId: v.string(),
    settlement: v.union(
      v.object({ kind: v.literal("release") }),
      v.object({
        kind: v.literal("end"),
        reason: v.union(v.literal("revoked"), v.literal("refused")),
      }),
      v.object({
        kind: v.literal("rotate"),
        current: v.string(),
        previous: v.optional(v.object({ current: v.string(), until: v.number() })),
        data: v.string(),
        expiresAt: v.number(),
      }),
    ),
    origin: vOrigin,
  },
  returns: v.boolean(),
  handler: async (ctx, { grantId, leaseId, settlement, origin }) => {
    const row = await findRow(ctx, grantId);
    if (row?.lease?.id !== leaseId) return false;
    if (settlement.kind === "end") {
      const outcome = settlement.reason === "revoked" ? ("ok" as const) : ("denied" as const);
      await end(ctx, row, { name: settlement.reason, outcome, ...origin });
      return true;
    }
    const { kind: _kind, ...change } = settlement;
    await ctx.db.patch(row._id, { ...change, lease: undefined });
    return true;
  },
});

/** The live grants of a user, newest first, each with what its client said of itself; nothing that could be used. */
export const list = query({
  args: { owners: v.array(v.string()), now: v.number(), limit: v.number() },
  returns: v.array(
    v.object({
      id: v.string(),
      grantId: v.string(),
      clientId: v.string(),
      client: v.optional(v.string()),
      data: v.string(),
      createdAt: v.number(),
      expiresAt: v.number(),
    }),
  ),
  handler: async (ctx, { owners, now, limit }) => {
    const found = await Promise.all(owners.map((owner) => grantsOf(ctx, owner, limit)));
    const live = found
      .flat()
      .filter(({ expiresAt }) => expiresAt > now)
      .toSorted((one, other) => other._creationTime - one._creationTime);
    return Promise.all(
      live.slice(0, limit).map(async (row) => {
        const { _id, _creationTime, grantId, clientId, data, expiresAt } = row;
        const client = await findClient(ctx, clientId);
        const known = client === null ? {} : { client: client.data };
        return { id: _id, grantId, clientId, ...known, data, createdAt: _creationTime, expiresAt };
      }),
    );
  },
});

/** Deletes a grant. False: there is none, or it is nobody's of `owners`. */
export const revoke = mutation({
  args: { id: v.string(), owners: v.optional(v.array(v.string())) },
  returns: v.boolean(),
  handler: async (ctx, { id, owners }) => {
    const key = ctx.db.normalizeId("bridgeGrants", id);
    const row = key === null ? null : await ctx.db.get(key);
    if (row === null || (owners !== undefined && !owners.includes(row.owner))) return false;
    await end(ctx, row, REVOKED);
    return true;
  },
});

/** Deletes the grants of a user, in one transaction, and says how many there were. */
export const revokeAll = mutation({
  args: { owners: v.array(v.string()) },
  returns: v.number(),
  handler: async (ctx, { owners }) => {
    let deleted = 0;
    for (const owner of owners) {
      const rows = ctx.db.query("bridgeGrants").withIndex("by_owner", (q) => q.eq("owner", owner));
      for await (const row of rows) {
        await end(ctx, row, REVOKED);
        deleted += 1;
      }
    }
    return deleted;
  },
});

/** Deletes a grant that nobody asked to end. */
export function endExpired(ctx: MutationCtx, row: Doc<"bridgeGrants">): Promise<void> {
  return end(ctx, row, EXPIRED);
}

/** Deletes a grant, and writes why, as its sign-in was written. */
async function end(
  ctx: MutationCtx,
  { _id, recording }: Doc<"bridgeGrants">,
  what: Pick<Entry, "name" | "outcome"> & Infer<typeof vOrigin>,
): Promise<void> {
  await ctx.db.delete(_id);
  if (recording === undefined) return;
  const { ip: _ip, userAgent: _agent, platformRequestId: _request, ...entry } = recording.entry;
  await writeRecorded(ctx, { ...recording, entry }, what);
}

function grantsOf(ctx: Pick<QueryCtx, "db">, owner: string, limit: number) {
  return ctx.db
    .query("bridgeGrants")
    .withIndex("by_owner", (q) => q.eq("owner", owner))
    .order("desc")
    .take(limit + DRAIN_BATCH);
}

async function findGrant(
  ctx: Pick<QueryCtx, "db">,
  grantId: string,
  now: number,
): Promise<Doc<"bridgeGrants"> | null> {
  const row = await findRow(ctx, grantId);
  return row !== null && row.expiresAt > now ? row : null;
}

function findRow(ctx: Pick<QueryCtx, "db">, grantId: string): Promise<Doc<"bridgeGrants"> | null> {
  return ctx.db
    .query("bridgeGrants")
    .withIndex("by_grantId", (q) => q.eq("grantId", grantId))
    .unique();
}

function toGrant({
  grantId,
  owner,
  clientId,
  codeKey,
  liveUntil,
  data,
  expiresAt,
}: Doc<"bridgeGrants">) {
  return { grantId, owner, clientId, codeKey, liveUntil, data, expiresAt };
}
