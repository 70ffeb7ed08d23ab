import { v } from "convex/values";
import { internal } from "./_generated/api.js";
import type { Doc } from "./_generated/dataModel.js";
import { internalMutation, mutation, type MutationCtx } from "./_generated/server.js";
import { takeBatch, writeRow, writeWhole } from "./entries.ts";
import { type End, type Entry, keepingFields, vEnd, vEntry, vSessionKey } from "./shared.ts";
import { isForeign, useSession } from "./sessions.ts";

/**
 * How long after its deadline an entry is lost for good, and is sealed as lost. No action runs longer than half an hour, so
 * none comes back after this.
 */
const LOST_FOR_GOOD_MS = 3_600_000;

/** The session to check before an entry is written, in the same transaction. */
const vCheck = v.object({
  key: vSessionKey,
  ttlMs: v.number(),
  /** Write the entry as it is, without the session, where it does not exist. */
  anyway: v.optional(v.boolean()),
});

/**
 * Writes a whole entry. False: the session that was to be checked does not exist, and what was written is that it was refused,
 * unless `anyway`; of a stranger nothing.
 */
export const record = mutation({
  args: { entry: vEntry, ...keepingFields, session: v.optional(vCheck) },
  returns: v.boolean(),
  handler: async (ctx, { entry, session, ...keeping }) => {
    const found =
      session === undefined ? undefined : await useSession(ctx, session.key, session.ttlMs);
    const holds = found !== null || session?.anyway === true;
    const isKnown = entry.subject !== undefined;
    const whole = inSession(holds ? entry : { ...entry, ...NO_SESSION }, found);
    const stolen = found === null && session !== undefined && (await isForeign(ctx, session.key));
    const why = stolen ? { error: FOREIGN } : {};
    if (holds || isKnown) await writeWhole(ctx, { ...whole, ...why }, keeping);
    return found !== null;
  },
});

/** How a request ends whose session is unknown, expired or somebody else's. */
const NO_SESSION = { outcome: "denied", errorCode: "SessionNotFound" } as const;

/** What is for the log alone: a caller must not learn of it. */
const FOREIGN = "The session that the request names is somebody else's.";

/** Opens the entry of an action before it runs: should the action die, the entry says so once `deadlineMs` have passed. */
export const begin = mutation({
  args: { entry: vEntry, ...keepingFields, deadlineMs: v.number() },
  returns: v.string(),
  handler: async (ctx, { entry, deadlineMs, ...keeping }) => {
    const deadline = Date.now() + deadlineMs;
    return writeRow(ctx, { ...entry, outcome: "running" }, keeping, { deadline });
  },
});

/**
 * Closes an entry that `begin` opened, once. What comes after its deadline is still the truth, and replaces `lost`, until
 * that is sealed.
 */
export const finish = mutation({
  args: { entryId: v.string(), end: vEnd },
  returns: v.boolean(),
  handler: (ctx, { entryId, end }) => closeEntry(ctx, entryId, end),
});

/** What the cron runs: entries of actions that never came back are closed as lost. */
export const closeLost = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const late = ctx.db
      .query("auditEntries")
      .withIndex("by_deadline", (q) => q.gt("deadline", 0).lte("deadline", Date.now()));
    const { batch, done } = await takeBatch(late);
    for (const { _id, deadline = 0 } of batch) {
      // Never in the past: what settled then is sealed already.
      const settledAt = Math.max(deadline + LOST_FOR_GOOD_MS, Date.now());
      await ctx.db.patch(_id, { outcome: "lost", deadline: undefined, settledAt });
    }
    if (!done) await ctx.scheduler.runAfter(0, internal.audit.closeLost, {});
    return null;
  },
});

/** What `finish` does. */
export async function closeEntry(ctx: MutationCtx, entryId: string, end: End): Promise<boolean> {
  const id = ctx.db.normalizeId("auditEntries", entryId);
  const entry = id === null ? null : await ctx.db.get(id);
  if (entry === null || (entry.outcome !== "running" && entry.outcome !== "lost")) return false;
  const now = Date.now();
  if (entry.outcome === "lost" && now >= (entry.settledAt ?? Infinity)) return false;
  const cut = entry.cut === true || end.cut === true;
  const { result: _, error: __, ...impersonal } = end;
  await ctx.db.patch(entry._id, {
    ...(entry.erased === undefined ? end : impersonal),
    ...(cut ? { cut } : {}),
    deadline: undefined,
    settledAt: now,
  });
  return true;
}

/** Gives an entry that is open another deadline. */
export async function deferEntry(
  ctx: MutationCtx,
  entryId: string,
  deadline: number,
): Promise<void> {
  const id = ctx.db.normalizeId("auditEntries", entryId);
  const entry = id === null ? null : await ctx.db.get(id);
  if (entry?.outcome === "running") await ctx.db.patch(entry._id, { deadline });
}

/** An entry with what its session knows of the client, and without the session that there is not. */
function inSession(entry: Entry, found: Doc<"sessions"> | null | undefined): Entry {
  if (found === undefined) return entry;
  const { sessionId: _, ...outside } = entry;
  if (found === null) return outside;
  return { ...entry, clientName: found.clientName, clientVersion: found.clientVersion };
}
