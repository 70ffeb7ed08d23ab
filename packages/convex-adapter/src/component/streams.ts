import { v } from "convex/values";
import type { Doc } from "./_generated/dataModel.js";
import { mutation, query } from "./_generated/server.js";
import { MAX_CHARS, vSessionKey } from "./shared.ts";

const streamArgs = { session: vSessionKey, streamId: v.string() };

/** Keeps a message of a stream, in parts that fit into documents. The first makes the stream. */
export const append = mutation({
  args: {
    ...streamArgs,
    sequence: v.number(),
    parts: v.array(v.string()),
    last: v.boolean(),
    ttlMs: v.number(),
  },
  returns: v.null(),
  handler: async (ctx, { session, streamId, sequence, parts, last, ttlMs }) => {
    const expiresAt = Date.now() + ttlMs;
    for (const [part, data] of parts.entries()) {
      const event = { ...session, streamId, sequence, part, data, last, expiresAt };
      await ctx.db.insert("streamEvents", event);
    }
    return null;
  },
});

/**
 * The messages after one of a stream, as many as a transaction may read, and whether the stream has ended with them.
 * `null`: unknown, expired, or of another session or owner.
 */
export const replay = query({
  args: { ...streamArgs, after: v.number() },
  returns: v.union(
    v.null(),
    v.object({
      events: v.array(v.object({ sequence: v.number(), data: v.string() })),
      ended: v.boolean(),
    }),
  ),
  handler: async (ctx, { session, streamId, after }) => {
    const latest = await ctx.db
      .query("streamEvents")
      .withIndex("by_stream", (q) => q.eq("streamId", streamId))
      .order("desc")
      .first();
    const theirs = latest?.sessionId === session.sessionId && latest.owner === session.owner;
    if (!theirs || latest.expiresAt <= Date.now()) return null;
    const rows = ctx.db
      .query("streamEvents")
      .withIndex("by_stream", (q) => q.eq("streamId", streamId).gt("sequence", after));
    const { events, complete } = await join(rows);
    // Of a long stream the first messages may be gone already; a client must not take the rest for all.
    if (events[0] !== undefined && events[0].sequence !== after + 1) return null;
    return { events, ended: latest.last && complete };
  },
});

/** Messages from their parts, until `MAX_CHARS` are read: what follows is for the next time. */
async function join(rows: AsyncIterable<Doc<"streamEvents">>) {
  const events: { sequence: number; data: string }[] = [];
  let chars = 0;
  for await (const { sequence, part, data } of rows) {
    const event = events.at(-1);
    if (part > 0 && event?.sequence === sequence) {
      event.data += data;
    } else if (chars >= MAX_CHARS) {
      return { events, complete: false };
    } else {
      events.push({ sequence, data });
    }
    chars += data.length;
  }
  return { events, complete: true };
}
