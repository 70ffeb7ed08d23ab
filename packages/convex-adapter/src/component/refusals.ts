import { v } from "convex/values";
import { mutation, type MutationCtx } from "./_generated/server.js";
import { writeWhole } from "./entries.ts";
import { DRAIN_BATCH, keepingFields, vKind } from "./shared.ts";

const MINUTE = 60_000;
/** Counted a minute and reason; further ones are only read, so that no flood becomes a flood of writes. */
const MAX_COUNT = 100;
const MAX_REASON = 64;

/** Counts one refusal of somebody who is not known, or who asks too often. A reason is of one kind. */
export const count = mutation({
  args: { reason: v.string(), kind: v.optional(vKind), ...keepingFields },
  returns: v.null(),
  handler: async (ctx, { reason, ...keeping }) => {
    const minute = Math.floor(Date.now() / MINUTE);
    const row = await ctx.db
      .query("auditRefusals")
      .withIndex("by_minute", (q) =>
        q.eq("minute", minute).eq("reason", reason.slice(0, MAX_REASON)),
      )
      .unique();
    if (row === null) {
      const counted = { minute, reason: reason.slice(0, MAX_REASON), count: 1 };
      await ctx.db.insert("auditRefusals", { ...counted, ...keeping });
    } else if (row.count < MAX_COUNT) {
      await ctx.db.patch(row._id, { count: row.count + 1 });
    }
    return null;
  },
});

/** Minutes that are over become entries, one for each reason: called by each round of the sealer. */
export async function foldRefusals(ctx: MutationCtx): Promise<void> {
  const rows = await ctx.db
    .query("auditRefusals")
    .withIndex("by_minute", (q) => q.lt("minute", Math.floor(Date.now() / MINUTE) - 1))
    .take(DRAIN_BATCH);
  for (const { _id, _creationTime: _, minute, reason, kind, count: counted, ...keeping } of rows) {
    const entry = {
      kind: kind ?? ("auth" as const),
      name: reason,
      outcome: "denied" as const,
      count: counted,
      // "As many, or more."
      ...(counted < MAX_COUNT ? {} : { cut: true }),
      args: JSON.stringify({ minute: new Date(minute * MINUTE).toISOString() }),
    };
    await writeWhole(ctx, entry, keeping);
    await ctx.db.delete(_id);
  }
}
