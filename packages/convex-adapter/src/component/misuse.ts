import { type Infer, v } from "convex/values";
import type { MutationCtx } from "./_generated/server.js";
import { writeWhole } from "./entries.ts";
import { DRAIN_BATCH, type Keeping, keepingFields, vKind } from "./shared.ts";

const MINUTE = 60_000;
/** Counted a minute and reason; further ones are only read, so that no flood becomes a flood of writes. */
const MAX_COUNT = 100;
const MAX_REASON = 64;
/** There are some forty reasons, and five minutes between two rounds: strangers must not count faster than that is folded. */
const MOST_FOLDED = 2 * DRAIN_BATCH;

/** How it is counted that somebody named what is not theirs; `unknown`: what there is not as well, and any other refusal. */
export const vMisuse = v.object({ ...keepingFields, unknown: v.boolean() });
export type Misuse = Infer<typeof vMisuse>;

/** A refusal that is counted. A reason is of one kind. */
export interface CountedRefusal extends Keeping {
  readonly reason: string;
  /** Default: `"auth"`. */
  readonly kind?: Infer<typeof vKind>;
}

/** Counts refusals, in rows of which there are as many as minutes and reasons. */
export async function countRefusal(
  ctx: MutationCtx,
  { reason: whole, ...how }: CountedRefusal,
  times = 1,
): Promise<void> {
  const minute = Math.floor(Date.now() / MINUTE);
  const reason = whole.slice(0, MAX_REASON);
  const row = await ctx.db
    .query("auditRefusals")
    .withIndex("by_minute", (q) => q.eq("minute", minute).eq("reason", reason))
    .unique();
  if (row === null) {
    await ctx.db.insert("auditRefusals", {
      minute,
      reason,
      count: Math.min(times, MAX_COUNT),
      ...how,
    });
  } else if (row.count < MAX_COUNT) {
    await ctx.db.patch(row._id, { count: Math.min(row.count + times, MAX_COUNT) });
  }
}

/** Counts that somebody named what is another's; or, where that is wanted, what there is not. */
export async function countMisuse(
  ctx: MutationCtx,
  what: "Session" | "Answer",
  isForeign: boolean,
  misuse: Misuse | undefined,
): Promise<void> {
  if (misuse === undefined || !(isForeign || misuse.unknown)) return;
  const { unknown: _, ...keeping } = misuse;
  await countRefusal(ctx, { reason: `${isForeign ? "foreign" : "unknown"}${what}`, ...keeping });
}

/** Minutes that are over become entries, one for each reason: called by each round of the sealer. */
export async function foldRefusals(ctx: MutationCtx): Promise<void> {
  const rows = await ctx.db
    .query("auditRefusals")
    .withIndex("by_minute", (q) => q.lt("minute", Math.floor(Date.now() / MINUTE) - 1))
    .take(MOST_FOLDED);
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
