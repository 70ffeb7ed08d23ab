import { v } from "convex/values";
import { mutation, query } from "./_generated/server.js";
import { findHandle, reportsAfter } from "./handles.ts";
import { handleFields, vReport, vReportKind } from "./shared.ts";

/** A report has to fit into a document, and many of them into a transaction. */
const MAX_REPORT = 128 * 1024;

/** Says something to the caller. `null`: the handle is unknown, ended, expired or somebody else's. */
export const tell = mutation({
  args: { ...handleFields, kind: vReportKind, json: v.string() },
  returns: v.union(v.null(), v.object({ sequence: v.number(), cancelled: v.boolean() })),
  handler: async (ctx, { handle, owner, kind, json }) => {
    const found = await findHandle(ctx, handle, owner);
    if (found === null) return null;
    if (json.length > MAX_REPORT) {
      throw new Error(
        `A ${kind} for the caller may have ${MAX_REPORT} characters as JSON; this one has ${json.length}.`,
      );
    }
    const before = await ctx.db
      .query("reports")
      .withIndex("by_handle", (q) => q.eq("handleId", handle.id))
      .order("desc")
      .first();
    const sequence = (before?.sequence ?? 0) + 1;
    const { expiresAt, cancelled } = found;
    await ctx.db.insert("reports", {
      handleId: handle.id,
      owner,
      sequence,
      kind,
      json,
      expiresAt,
    });
    return { sequence, cancelled };
  },
});

/** What was said after a report, in its order: polled by the HTTP action while the action runs. */
export const list = query({
  args: { ...handleFields, after: v.number() },
  returns: v.array(vReport),
  handler: async (ctx, { handle, owner, after }) =>
    (await findHandle(ctx, handle, owner)) === null ? [] : reportsAfter(ctx, handle, after),
});

/** Leaves the reply to a question. */
export const reply = mutation({
  args: { ...handleFields, sequence: v.number(), reply: v.string() },
  returns: v.null(),
  handler: async (ctx, { handle, owner, sequence, reply: json }) => {
    if ((await findHandle(ctx, handle, owner)) === null) return null;
    const question = await ctx.db
      .query("reports")
      .withIndex("by_handle", (q) => q.eq("handleId", handle.id).eq("sequence", sequence))
      .unique();
    if (question !== null) await ctx.db.patch(question._id, { reply: json });
    return null;
  },
});

/** The reply to a question, as soon as there is one: polled by the action. `null`: nobody will reply any more. */
export const replyTo = query({
  args: { ...handleFields, sequence: v.number() },
  returns: v.union(v.null(), v.object({ reply: v.optional(v.string()), cancelled: v.boolean() })),
  handler: async (ctx, { handle, owner, sequence }) => {
    const found = await findHandle(ctx, handle, owner);
    if (found === null) return null;
    const question = await ctx.db
      .query("reports")
      .withIndex("by_handle", (q) => q.eq("handleId", handle.id).eq("sequence", sequence))
      .unique();
    const { reply: json } = question ?? {};
    return { cancelled: found.cancelled, ...(json === undefined ? {} : { reply: json }) };
  },
});
