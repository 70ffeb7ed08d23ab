import { ConvexError, v } from "convex/values";
import { query } from "./_generated/server.js";

export const text = query({ args: {}, handler: async () => "é 😀" });

export const bytes = query({
  args: {},
  handler: async () => new Uint8Array([0, 127, 128, 255]).buffer,
});

export const folder = query({ args: {}, handler: async () => ["one", "two"] });

export const row = query({
  args: { id: v.id("rows") },
  returns: v.union(v.null(), v.object({ label: v.string(), size: v.int64() })),
  handler: async (ctx, { id }) => {
    const found = await ctx.db.get(id);
    return found === null ? null : { label: found.label, size: BigInt(found.label.length) };
  },
});

export const page = query({
  args: {
    chapter: v.union(v.literal("intro"), v.literal("end")),
    number: v.int64(),
    scale: v.optional(v.number()),
    dark: v.optional(v.boolean()),
  },
  handler: async (_ctx, args) => args,
});

/** Only who asks has any. */
export const mine = query({
  args: { name: v.string() },
  handler: async (ctx, { name }) => {
    const user = await ctx.auth.getUserIdentity();
    return user?.subject === name ? `for ${name} alone` : null;
  },
});

export const fail = query({
  args: { how: v.string() },
  handler: async (_ctx, { how }): Promise<string> => {
    if (how === "speak") throw new ConvexError({ message: "Out of paper.", secret: "s3cret" });
    throw new Error("internal detail s3cret");
  },
});

export const letter = query({
  args: {
    customer: v.string(),
    tone: v.optional(v.union(v.literal("kind"), v.literal("firm"))),
  },
  returns: v.string(),
  handler: async (ctx, { customer, tone = "kind" }) => {
    const user = await ctx.auth.getUserIdentity();
    return `A ${tone} letter to ${customer} from ${user?.subject ?? "nobody"}.`;
  },
});

const vBlock = v.object({ type: v.literal("image"), data: v.string(), mimeType: v.string() });

export const album = query({
  args: {},
  returns: v.array(
    v.object({
      role: v.union(v.literal("user"), v.literal("assistant")),
      content: v.union(v.string(), vBlock),
    }),
  ),
  handler: async () => [
    { role: "user" as const, content: "What is this?" },
    {
      role: "user" as const,
      content: { type: "image" as const, data: "AQID", mimeType: "image/png" },
    },
    { role: "assistant" as const, content: "A picture." },
  ],
});

/** What was asked for, and numbers enough to be cut. */
export const suggest = query({
  args: { value: v.string(), context: v.optional(v.record(v.string(), v.string())) },
  returns: v.array(v.string()),
  handler: async (ctx, { value, context }) => {
    if (value === "throw") throw new Error("internal detail s3cret");
    const user = await ctx.auth.getUserIdentity();
    const asked = `${user?.subject ?? "nobody"} ${value} ${JSON.stringify(context ?? null)}`;
    const more = value === "many" ? Array.from({ length: 149 }, (_, index) => `${index}`) : [];
    return [asked, ...more];
  },
});

/** Its type claims strings. */
export const lie = query({
  args: { value: v.string(), context: v.optional(v.record(v.string(), v.string())) },
  handler: async (): Promise<string[]> => [1] as unknown as string[],
});
