import { v } from "convex/values";
import { mutation, type QueryCtx } from "./_generated/server.js";
import type { Doc } from "./_generated/dataModel.js";
import { writeRecorded } from "./entries.ts";
import type { Handle } from "./handle.ts";
import {
  DRAIN_BATCH,
  handleFields,
  MAX_CHARS,
  type Report,
  vRecording,
  vReport,
} from "./shared.ts";

/** As many as are told of at once. */
const MAX_REPORTS = 500;

type Reader = Pick<QueryCtx, "db">;

/** Makes the handle of a call. */
export const open = mutation({
  args: { ...handleFields, ttlMs: v.number() },
  returns: v.null(),
  handler: async (ctx, { handle, owner, ttlMs }) => {
    const { id: handleId, token } = handle;
    const expiresAt = Date.now() + ttlMs;
    await ctx.db.insert("handles", { handleId, token, owner, cancelled: false, expiresAt });
    return null;
  },
});

/** Notes that the caller no longer wants the result: the action is told when it next uses its handle. */
export const cancel = mutation({
  args: { ...handleFields, recording: v.optional(vRecording) },
  returns: v.null(),
  handler: async (ctx, { handle, owner, recording }) => {
    const found = await findHandle(ctx, handle, owner);
    if (found === null || found.cancelled) return null;
    await ctx.db.patch(found._id, { cancelled: true });
    await writeRecorded(ctx, recording);
    return null;
  },
});

/** Ends a handle, since its action has ended, and gives what that said last. */
export const close = mutation({
  args: { ...handleFields, after: v.number() },
  returns: v.array(vReport),
  handler: async (ctx, { handle, owner, after }) => {
    const found = await findHandle(ctx, handle, owner);
    if (found === null) return [];
    const rest = await reportsAfter(ctx, handle, after);
    await ctx.db.delete(found._id);
    // Of a talkative action the cron deletes the rest.
    const said = await ctx.db
      .query("reports")
      .withIndex("by_handle", (q) => q.eq("handleId", handle.id))
      .take(DRAIN_BATCH);
    for (const { _id } of said) await ctx.db.delete(_id);
    return rest;
  },
});

/** A live handle, for whom it was made. Nobody else has one of this id, whatever they know of it. */
export async function findHandle(
  ctx: Reader,
  { id, token }: Handle,
  owner: string,
): Promise<Doc<"handles"> | null> {
  const found = await ctx.db
    .query("handles")
    .withIndex("by_handleId", (q) => q.eq("handleId", id))
    .unique();
  const theirs = found?.token === token && found.owner === owner;
  return theirs && found.expiresAt > Date.now() ? found : null;
}

/** What was said by a handle that was found, after a report; the rest of much is for the next time. */
export async function reportsAfter(ctx: Reader, { id }: Handle, after: number): Promise<Report[]> {
  const rows = ctx.db
    .query("reports")
    .withIndex("by_handle", (q) => q.eq("handleId", id).gt("sequence", after));
  const reports: Report[] = [];
  let chars = 0;
  for await (const { sequence, kind, json } of rows) {
    if (reports.length === MAX_REPORTS || chars >= MAX_CHARS) break;
    reports.push({ sequence, kind, json });
    chars += json.length;
  }
  return reports;
}
