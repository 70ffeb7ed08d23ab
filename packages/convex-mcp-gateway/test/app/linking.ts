import { v } from "convex/values";
import { defineMcpAction, McpGateway, mcpStreaming } from "convex-mcp-gateway";
import { components, internal } from "./_generated/api.js";
import { internalMutation, internalQuery, mutation, type QueryCtx } from "./_generated/server.js";

/** A page to visit, which knows whose call it is of. */
export const linking: McpGateway = new McpGateway(components.mcpGateway, {
  serverInfo: { name: "linking", version: "1.0.0" },
  tools: [
    defineMcpAction({
      name: "connect",
      description: "Has its user connect something on a page.",
      args: {},
      handler: async (ctx, _args, channel) => {
        const link: string = await ctx.runMutation(internal.linking.begin, {});
        const url = `https://app.test/connect?link=${link}`;
        await channel.elicit({ mode: "url", message: "Connect your account.", url });
        const visitor: string | null = await ctx.runQuery(internal.linking.visitor, { link });
        return `${visitor ?? "nobody"} came`;
      },
    }),
  ],
  authorize: (_ctx, { identity }) => identity !== null,
  features: [mcpStreaming()],
});

export const { dispatch } = linking.functions();

function find(ctx: QueryCtx, link: string) {
  return ctx.db
    .query("links")
    .withIndex("by_link", (q) => q.eq("link", link))
    .unique();
}

/** The link of the caller; in each round the same, since the answer is one to the same question. */
export const begin = internalMutation({
  args: {},
  returns: v.string(),
  handler: async (ctx) => {
    const user = await ctx.auth.getUserIdentity();
    if (user === null) throw new Error("Expected a user.");
    const owner = user.tokenIdentifier;
    const open = await ctx.db
      .query("links")
      .withIndex("by_owner", (q) => q.eq("owner", owner))
      .unique();
    if (open !== null) return open.link;
    const link = crypto.randomUUID();
    await ctx.db.insert("links", { link, owner });
    return link;
  },
});

/** What the page does, as the user who is signed in there: whose link it is says the link, who came the browser. */
export const visit = mutation({
  args: { link: v.string() },
  returns: v.boolean(),
  handler: async (ctx, { link }) => {
    const user = await ctx.auth.getUserIdentity();
    const row = await find(ctx, link);
    if (row === null || row.owner !== user?.tokenIdentifier) return false;
    await ctx.db.patch(row._id, { visitor: user.subject });
    return true;
  },
});

export const visitor = internalQuery({
  args: { link: v.string() },
  returns: v.union(v.null(), v.string()),
  handler: async (ctx, { link }) => (await find(ctx, link))?.visitor ?? null,
});
