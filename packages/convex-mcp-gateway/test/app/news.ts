import { notifyChanged } from "convex-mcp-gateway";
import { v } from "convex/values";
import { components } from "./_generated/api.js";
import { internalMutation, internalQuery, mutation, query } from "./_generated/server.js";

export const board = query({
  args: {},
  handler: async (ctx) => (await ctx.db.query("rows").collect()).map(({ label }) => label),
});

/** The row, the news of it, and then perhaps neither. */
export const post = mutation({
  args: { label: v.string(), fail: v.boolean() },
  returns: v.null(),
  handler: async (ctx, { label, fail }) => {
    await ctx.db.insert("rows", { label });
    await notifyChanged(ctx, components.mcpGateway, { kind: "resource", uri: "news://board" });
    if (fail) throw new Error("not posted");
    return null;
  },
});

/** Publishes whatever a test wants. */
export const publish = internalMutation({
  args: { change: v.any() },
  returns: v.null(),
  handler: async (ctx, { change }) => {
    await notifyChanged(ctx, components.mcpGateway, change);
    return null;
  },
});

export const ban = internalMutation({
  args: { subject: v.string() },
  returns: v.null(),
  handler: async (ctx, { subject }) => {
    await ctx.db.insert("rows", { label: `banned ${subject}` });
    return null;
  },
});

export const isBanned = internalQuery({
  args: { subject: v.string() },
  returns: v.boolean(),
  handler: async (ctx, { subject }) => {
    const row = await ctx.db
      .query("rows")
      .withIndex("by_label", (q) => q.eq("label", `banned ${subject}`))
      .first();
    return row !== null;
  },
});
