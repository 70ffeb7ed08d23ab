import { v } from "convex/values";
import { mutation, query } from "./_generated/server.js";
import { readLeaves } from "./chain.ts";
import { toEntry } from "./entries.ts";
import { readState } from "./links.ts";
import { vEntry } from "./shared.ts";

/** Entries and links looked for before a page ends without any: a transaction reads 4,096 ranges of indexes. */
const MAX_LOOKED = 1_000;

/**
 * The entries of the next link that has any, in the order in which they were sealed. `next` is the cursor of the page
 * after it; `done` says that nothing more is sealed yet.
 */
export const page = query({
  args: { next: v.number() },
  returns: v.object({
    entries: v.array(v.object({ id: v.string(), at: v.number(), entry: vEntry })),
    next: v.number(),
    done: v.boolean(),
  }),
  handler: async (ctx, { next }) => {
    const { links: end } = await readState(ctx);
    const links = ctx.db
      .query("auditLinks")
      .withIndex("by_sequence", (q) => q.gte("sequence", next));
    let looked = 0;
    let reached = next;
    for await (const link of links) {
      reached = link.sequence + 1;
      const leaves = readLeaves(link);
      const entries = [];
      for (const { id } of leaves) {
        const entryId = ctx.db.normalizeId("auditEntries", id);
        const row = entryId === null ? null : await ctx.db.get(entryId);
        if (row !== null) entries.push({ id: row._id, at: row._creationTime, entry: toEntry(row) });
      }
      looked += 1 + leaves.length;
      if (entries.length > 0 || looked >= MAX_LOOKED) {
        return { entries, next: reached, done: reached >= end };
      }
    }
    return { entries: [], next: reached, done: true };
  },
});

/** How far the export of a name is. */
export const cursor = query({
  args: { name: v.string() },
  returns: v.number(),
  handler: async (ctx, { name }) =>
    (
      await ctx.db
        .query("auditExports")
        .withIndex("by_name", (q) => q.eq("name", name))
        .unique()
    )?.next ?? 0,
});

/** Moves an export on, never back: of two that run at once the slower one has sent twice, and skips nothing. */
export const advance = mutation({
  args: { name: v.string(), next: v.number() },
  returns: v.null(),
  handler: async (ctx, { name, next }) => {
    const row = await ctx.db
      .query("auditExports")
      .withIndex("by_name", (q) => q.eq("name", name))
      .unique();
    if (row === null) await ctx.db.insert("auditExports", { name, next });
    else if (row.next < next) await ctx.db.patch(row._id, { next });
    return null;
  },
});
