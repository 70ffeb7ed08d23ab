import { v } from "convex/values";
import { internal } from "./_generated/api.js";
import { internalMutation } from "./_generated/server.js";
import { endExpired } from "./bridgeGrants.ts";
import { DRAIN_BATCH, MAX_CHARS } from "./shared.ts";

/** The tables whose rows are worth nothing once they expire. Sessions, subscriptions, tasks and audit entries have drains of their own. */
const vTable = v.union(
  v.literal("answers"),
  v.literal("letters"),
  v.literal("continuations"),
  v.literal("cancellations"),
  v.literal("streamEvents"),
  v.literal("handles"),
  v.literal("reports"),
  v.literal("changes"),
  v.literal("listeners"),
  v.literal("taskTexts"),
  v.literal("taskQuestions"),
  v.literal("apiKeys"),
  v.literal("bridgeClients"),
  v.literal("bridgeSignIns"),
  v.literal("bridgeGrants"),
  v.literal("auditStatistics"),
);

/** What the crons run: deletes what has expired of a table, and goes on in the background when there is much. */
export const drain = internalMutation({
  args: { table: vTable },
  returns: v.null(),
  handler: async (ctx, { table }) => {
    const expired = ctx.db
      .query(table)
      .withIndex("by_expiresAt", (q) => q.lte("expiresAt", Date.now()));
    let deleted = 0;
    let chars = 0;
    for await (const row of expired) {
      if (deleted === DRAIN_BATCH || chars >= MAX_CHARS) {
        await ctx.scheduler.runAfter(0, internal.expiry.drain, { table });
        return null;
      }
      // Its beginning is in the log, and so is its end.
      if ("codeKey" in row) await endExpired(ctx, row);
      else await ctx.db.delete(row._id);
      deleted += 1;
      chars += JSON.stringify(row).length;
    }
    return null;
  },
});
