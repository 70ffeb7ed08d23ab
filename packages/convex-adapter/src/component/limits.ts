import { ConvexError, type Infer, v } from "convex/values";
import { api, components, internal } from "./_generated/api.js";
import { internalMutation, mutation, type MutationCtx } from "./_generated/server.js";

/** How often a caller may ask. */
const rateFields = {
  kind: v.union(v.literal("token bucket"), v.literal("fixed window")),
  rate: v.number(),
  periodMs: v.number(),
  burst: v.number(),
};

/** One use of a limit by one caller. */
const vUse = v.object({ name: v.string(), key: v.string(), ...rateFields });
export type Use = Infer<typeof vUse>;

/** The limits that are used up, as places in the list that was asked about, and when each has room again. */
const vExceeded = v.object({
  kind: v.literal("exceeded"),
  exceeded: v.array(v.object({ index: v.number(), retryAfterMs: v.number() })),
});
export type Exceeded = Infer<typeof vExceeded>;

const countFields = {
  uses: v.array(vUse),
  /** Count what has happened already, also where that is too much: it is owed. */
  anyway: v.optional(v.boolean()),
};
const vCount = v.object(countFields);
type Count = Infer<typeof vCount>;

/** What is made anyway by a request that counts, in the same transaction. */
const FUNCTIONS = {
  record: api.audit.record,
  check: api.sessions.check,
  create: api.sessions.create,
  setLogLevel: api.sessions.setLogLevel,
  subscribe: api.subscriptions.add,
} as const;
const vFunction = v.union(
  v.literal("record"),
  v.literal("check"),
  v.literal("create"),
  v.literal("setLogLevel"),
  v.literal("subscribe"),
);
export type CountedFunction = Infer<typeof vFunction>;

/**
 * How long the limiter's rows live, which know no expiry: it starts with the first use, and a limit is full again then. Its
 * longest window is a third of this.
 */
const RETENTION_MS = 93 * 24 * 60 * 60_000;

/** Counts one use of each limit; where one is used up, of none, and nothing is written. */
export const take = mutation({
  args: countFields,
  returns: v.union(v.null(), vExceeded),
  handler: async (ctx, count) => (await exceededBy(ctx, count)) ?? null,
});

/** The same, and then what the request needs anyway. */
export const first = mutation({
  args: { ...countFields, next: vFunction, args: v.any() },
  returns: v.union(vExceeded, v.object({ kind: v.literal("done"), value: v.any() })),
  handler: async (ctx, { next, args, ...count }) => {
    const exceeded = await exceededBy(ctx, count);
    if (exceeded !== undefined) return exceeded;
    // Each validates its own arguments.
    const value: unknown = await ctx.runMutation(FUNCTIONS[next], args);
    return { kind: "done" as const, value };
  },
});

/** A transaction of its own, so that what was counted is undone by the limit that refuses. */
export const takeAll = internalMutation({
  args: countFields,
  returns: v.null(),
  handler: async (ctx, count) => {
    const exceeded = await each(ctx, count);
    if (exceeded !== undefined) throw new ConvexError(exceeded);
    return null;
  },
});

/** What the cron runs: deletes the limiter's old rows, and goes on in the background when there are many. */
export const drain = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const before = Date.now() - RETENTION_MS;
    await ctx.runMutation(components.rateLimiter.lib.clearAll, { before });
    return null;
  },
});

/** Counts in the transaction of whoever calls: all, or where one is used up none. */
export async function exceededBy(ctx: MutationCtx, count: Count): Promise<Exceeded | undefined> {
  // The limiter writes nothing of a use that it refuses.
  if (count.uses.length < 2) return each(ctx, count);
  try {
    await ctx.runMutation(internal.limits.takeAll, count);
    return undefined;
  } catch (error) {
    if (!(error instanceof ConvexError)) throw error;
    return error.data as Exceeded;
  }
}

/** Counts one after another, also behind one that refuses: the caller is told the longest wait. */
async function each(
  ctx: MutationCtx,
  { uses, anyway = false }: Count,
): Promise<Exceeded | undefined> {
  const exceeded: Exceeded["exceeded"] = [];
  for (const [index, { name, key, kind, rate, periodMs, burst }] of uses.entries()) {
    const numbers = { rate, period: periodMs, capacity: burst };
    const { ok, retryAfter = 0 } = await ctx.runMutation(components.rateLimiter.lib.rateLimit, {
      name,
      key,
      reserve: anyway,
      // Windows of a day begin at midnight UTC, for everybody.
      config: kind === "fixed window" ? { kind, ...numbers, start: 0 } : { kind, ...numbers },
    });
    if (!ok) exceeded.push({ index, retryAfterMs: retryAfter });
  }
  return exceeded.length === 0 ? undefined : { kind: "exceeded", exceeded };
}
