import { v } from "convex/values";
import { query } from "./_generated/server.js";
import { mcp } from "./mcp.ts";
import { isAdmin } from "./users.ts";

/** The audit log, newest first, for admins; `null` for everybody else. */
export const list = query({
  args: { cursor: v.optional(v.string()) },
  handler: async (ctx, filter) => {
    const user = await ctx.auth.getUserIdentity();
    return user !== null && isAdmin(user) ? await mcp.listAuditEntries(ctx, filter) : null;
  },
});
