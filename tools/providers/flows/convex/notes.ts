import { notifyChanged } from "convex-mcp-gateway";
import { v } from "convex/values";
import { components } from "./_generated/api";
import { internalMutation, internalQuery, mutation, query } from "./_generated/server";

export const vRead = v.object({
  subject: v.string(),
  issuer: v.string(),
  notes: v.array(v.string()),
});

/** Who asks, by which issuer, and the notes of all users. */
export const read = query({
  args: {},
  returns: vRead,
  handler: async (ctx) => {
    const user = await ctx.auth.getUserIdentity();
    const notes = await ctx.db.query("notes").collect();
    return {
      subject: user?.subject ?? "",
      issuer: user?.issuer ?? "",
      notes: notes.map(({ text }) => text),
    };
  },
});

export const add = mutation({
  args: { text: v.string() },
  returns: v.null(),
  handler: async (ctx, { text }) => {
    const user = await ctx.auth.getUserIdentity();
    await ctx.db.insert("notes", { owner: user?.subject ?? "", text });
    return null;
  },
});

export const publish = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    await notifyChanged(ctx, components.mcpGateway, { kind: "tools" });
    return null;
  },
});

/** Deploys the app anew, or takes that back. */
export const move = internalMutation({
  args: { to: v.union(v.literal("first"), v.literal("next")) },
  returns: v.null(),
  handler: async (ctx, { to }) => {
    for (const { _id } of await ctx.db.query("moves").collect()) await ctx.db.delete(_id);
    if (to === "next") await ctx.db.insert("moves", {});
    return null;
  },
});

export const hasMoved = internalQuery({
  args: {},
  returns: v.boolean(),
  handler: async (ctx) => (await ctx.db.query("moves").first()) !== null,
});
