import { v } from "convex/values";
import { internal } from "./_generated/api.js";
import type { Doc } from "./_generated/dataModel.js";
import { internalMutation, type MutationCtx } from "./_generated/server.js";
import { leafHash, readLeaves, writeLeaves } from "./chain.ts";
import { type Place, placeFields, settledFrom, takeBatch } from "./entries.ts";
import { appendLink, entryLinksFrom, readState, writeState } from "./links.ts";
import { foldRefusals } from "./misuse.ts";
import { DRAIN_BATCH } from "./shared.ts";
import { fold } from "./statistics.ts";

/**
 * What is younger is left alone: a transaction's clock stands still when it begins, and it may commit 16 seconds later
 * (1 for its code, 15 for the database).
 */
export const LAG_MS = 60_000;
/** How far back a round looks once more for what was committed later than that after all. */
const OVERLAP_MS = 120_000;

type Row = Doc<"auditEntries">;

const vPlace = v.object(placeFields);

/**
 * What the cron runs: entries that say their last word get their place in the chain, in the order in which they settled,
 * and are counted. A batch is a transaction and a link. It reads the entries and never writes them.
 */
export const seal = internalMutation({
  args: { from: v.optional(vPlace), until: v.optional(v.number()) },
  returns: v.null(),
  handler: async (ctx, args) => {
    if (args.from === undefined) await foldRefusals(ctx);
    const state = await readState(ctx);
    const until = args.until ?? Date.now() - LAG_MS;
    const from = args.from ?? { settledAt: state.sealedTo - OVERLAP_MS, createdAt: 0, seen: false };
    const { batch, done } = await takeBatch(settledFrom(ctx, from, until));
    const last = batch.at(-1);
    const fresh = await withoutSealed(ctx, batch);
    if (fresh.length > 0) {
      await appendLink(ctx, { kind: "entries", ...(await summary(fresh)) });
      await fold(ctx, fresh);
    }
    const sealedTo = Math.max(state.sealedTo, done ? until : (last?.settledAt ?? 0));
    const { links } = await readState(ctx);
    const keep = last === undefined ? state.keep : last.keep;
    await writeState(ctx, { sealedTo, links, ...(keep === undefined ? {} : { keep }) });
    if (!done && last !== undefined) {
      const next = { from: after(last, from), until };
      await ctx.scheduler.runAfter(0, internal.sealing.seal, next);
    }
    return null;
  },
});

/** The last place again, since two entries may share it; beyond it, where a whole batch does. */
function after({ settledAt = 0, _creationTime: createdAt }: Row, from: Place): Place {
  const seen = settledAt === from.settledAt && createdAt === from.createdAt;
  return { settledAt, createdAt, seen };
}

async function withoutSealed(ctx: MutationCtx, batch: readonly Row[]): Promise<readonly Row[]> {
  const [from, to] = [batch[0]?.settledAt, batch.at(-1)?.settledAt];
  if (from === undefined || to === undefined) return batch;
  const sealed = new Set<string>();
  let beyond = 0;
  for await (const link of entryLinksFrom(ctx, from)) {
    for (const { id, settledAt } of readLeaves(link)) {
      sealed.add(id);
      if (settledAt > to) beyond += 1;
    }
    // A link is of so many entries in a row at most: one behind as many as these has none of the batch.
    if (beyond > 2 * DRAIN_BATCH) break;
  }
  return batch.filter(({ _id }) => !sealed.has(_id));
}

async function summary(rows: readonly Row[]) {
  const leaves = await Promise.all(
    rows.map(async (row) => ({
      id: row._id,
      settledAt: row.settledAt ?? 0,
      createdAt: row._creationTime,
      expiresAt: row.expiresAt,
      hash: await leafHash(row),
      erased: row.erased !== undefined,
    })),
  );
  return {
    body: writeLeaves(leaves),
    count: leaves.length,
    from: Math.min(...leaves.map(({ settledAt }) => settledAt)),
    to: Math.max(...leaves.map(({ settledAt }) => settledAt)),
    expiresAt: Math.max(...leaves.map(({ expiresAt }) => expiresAt)),
  };
}
