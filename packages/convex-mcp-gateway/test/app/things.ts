import { ConvexError, v } from "convex/values";
import { api } from "./_generated/api.js";
import { action, mutation, query } from "./_generated/server.js";

export const vEverything = v.object({
  text: v.string(),
  number: v.number(),
  whole: v.int64(),
  flag: v.boolean(),
  nothing: v.null(),
  data: v.bytes(),
  list: v.array(v.int64()),
  map: v.record(v.string(), v.number()),
  either: v.union(v.literal("a"), v.literal("b")),
  free: v.any(),
  maybe: v.optional(v.string()),
});

export const echo = query({
  args: { value: vEverything },
  returns: vEverything,
  handler: async (_ctx, { value }) => value,
});

export const hello = query({ args: {}, handler: async () => "Hello" });

export const notANumber = query({ args: {}, returns: v.number(), handler: async () => Number.NaN });

export const subject = query({
  args: {},
  returns: v.union(v.string(), v.null()),
  handler: async (ctx) => (await ctx.auth.getUserIdentity())?.subject ?? null,
});

export const count = query({
  args: { label: v.string() },
  returns: v.number(),
  handler: async (ctx, { label }) =>
    (
      await ctx.db
        .query("rows")
        .withIndex("by_label", (q) => q.eq("label", label))
        .collect()
    ).length,
});

export const add = mutation({
  args: { label: v.string() },
  returns: v.id("rows"),
  handler: async (ctx, { label }) => ctx.db.insert("rows", { label }),
});

export const remove = mutation({
  args: { id: v.id("rows") },
  returns: v.null(),
  handler: async (ctx, { id }) => {
    await ctx.db.delete(id);
    return null;
  },
});

export const addThenThrow = mutation({
  args: { label: v.string(), speak: v.boolean() },
  handler: async (ctx, { label, speak }) => {
    await ctx.db.insert("rows", { label });
    if (speak)
      throw new ConvexError({ code: "TOO_MUCH", message: "That is too much.", secret: "s3cret" });
    throw new Error("internal detail s3cret");
  },
});

/** Its type claims a number. */
export const addThenLie = mutation({
  args: { label: v.string() },
  handler: async (ctx, { label }): Promise<number> => {
    await ctx.db.insert("rows", { label });
    return "not a number" as unknown as number;
  },
});

/** Gives more than its tool declares. */
export const wide = query({
  args: {},
  handler: async () => ({ shown: 1, items: [{ shown: 2, secret: "s3cret" }], secret: "s3cret" }),
});

export const picture = query({
  args: {},
  returns: v.object({ data: v.bytes(), page: v.string() }),
  handler: async () => ({
    data: new Uint8Array([1, 2, 3]).buffer,
    page: "https://example.com/picture",
  }),
});

export const relay = action({
  args: { label: v.string() },
  returns: v.union(v.string(), v.null()),
  handler: async (ctx, { label }): Promise<string | null> => {
    await ctx.runMutation(api.things.add, { label });
    return await ctx.runQuery(api.things.subject, {});
  },
});

export const explode = action({
  args: {},
  handler: async () => {
    throw new Error("internal detail s3cret");
  },
});

/** Never comes back, as an action whose process died. */
export const hang = action({ args: {}, handler: () => new Promise<null>(() => {}) });
