import { v } from "convex/values";
import type { Doc } from "./_generated/dataModel.js";
import { mutation, query, type QueryCtx } from "./_generated/server.js";
import { countMisuse, vMisuse } from "./misuse.ts";
import { type SessionKey, vSessionKey } from "./shared.ts";

const letterArgs = { session: vSessionKey, letterId: v.string() };

/** Expects an answer of a session's client until a time. */
export const open = mutation({
  args: { ...letterArgs, expiresAt: v.number() },
  returns: v.null(),
  handler: async (ctx, { session, letterId, expiresAt }) => {
    await ctx.db.insert("letters", { ...session, letterId, expiresAt });
    return null;
  },
});

/**
 * Leaves an answer, the first alone. False: none is expected, or not any more, or not of this session. To somebody else's question
 * it is counted; any other may be late.
 */
export const put = mutation({
  args: { ...letterArgs, answer: v.string(), misuse: v.optional(vMisuse) },
  returns: v.boolean(),
  handler: async (ctx, { session, letterId, answer, misuse }) => {
    const letter = await findLetter(ctx, session, letterId);
    if (letter === null) {
      const owner = (await findById(ctx, letterId))?.owner ?? session.owner;
      if (owner !== session.owner) await countMisuse(ctx, "Answer", true, misuse);
    }
    if (letter === null || letter.answer !== undefined) return false;
    await ctx.db.patch(letter._id, { answer });
    return true;
  },
});

/** Whether the answer is there: what the one who waits polls. `null`: nothing is expected any more. */
export const arrived = query({
  args: letterArgs,
  returns: v.union(v.null(), v.boolean()),
  handler: async (ctx, { session, letterId }) => {
    const letter = await findLetter(ctx, session, letterId);
    return letter === null ? null : letter.answer !== undefined;
  },
});

/** The answer, once. `null`: there is none. */
export const take = mutation({
  args: letterArgs,
  returns: v.union(v.null(), v.string()),
  handler: async (ctx, { session, letterId }) => {
    const letter = await findLetter(ctx, session, letterId);
    if (letter === null) return null;
    await ctx.db.delete(letter._id);
    return letter.answer ?? null;
  },
});

async function findLetter(
  ctx: Pick<QueryCtx, "db">,
  { sessionId, owner }: SessionKey,
  letterId: string,
): Promise<Doc<"letters"> | null> {
  const found = await findById(ctx, letterId);
  const theirs = found?.sessionId === sessionId && found.owner === owner;
  return theirs && found.expiresAt > Date.now() ? found : null;
}

function findById({ db }: Pick<QueryCtx, "db">, letterId: string) {
  return db
    .query("letters")
    .withIndex("by_letterId", (q) => q.eq("letterId", letterId))
    .unique();
}
