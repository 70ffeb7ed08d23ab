import { v } from "convex/values";
import { mutation, type MutationCtx } from "./_generated/server.js";
import { countRefusal } from "./misuse.ts";
import { keepingFields, vKind } from "./shared.ts";

/** No name that we give is longer. */
const MAX_ID = 64;

/**
 * Counts one refusal of somebody who is not known, who asks too often, or who named what is not theirs. What is `named` may be somebody
 * else's: `unknownTask` is counted as `foreignTask` then.
 */
export const count = mutation({
  args: {
    reason: v.string(),
    kind: v.optional(vKind),
    named: v.optional(v.object({ id: v.string(), owner: v.string() })),
    ...keepingFields,
  },
  returns: v.null(),
  handler: async (ctx, { reason, named, ...how }) => {
    const owner = named && (await ownerOf(ctx, reason, named.id.slice(0, MAX_ID)));
    const isForeign = owner !== undefined && owner !== named?.owner;
    const counted = isForeign ? reason.replace("unknown", "foreign") : reason;
    await countRefusal(ctx, { ...how, reason: counted });
    return null;
  },
});

/** Whose what was named is, if it is at all. */
async function ownerOf(
  { db }: Pick<MutationCtx, "db">,
  reason: string,
  id: string,
): Promise<string | undefined> {
  const found =
    reason === "unknownTask"
      ? await db
          .query("tasks")
          .withIndex("by_taskId", (q) => q.eq("taskId", id))
          .unique()
      : await db
          .query("streamEvents")
          .withIndex("by_stream", (q) => q.eq("streamId", id))
          .first();
  return found?.owner;
}
