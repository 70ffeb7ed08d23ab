import { v } from "convex/values";
import { internalQuery } from "./_generated/server.js";
import { mcp } from "./mcp.ts";

/** Entries of the audit log, newest first, as JSON: for tests that look at it from outside. */
export const entries = internalQuery({
  args: { tool: v.optional(v.string()), subject: v.optional(v.string()) },
  returns: v.string(),
  handler: async (ctx, filter) =>
    JSON.stringify((await mcp.listAuditEntries(ctx, { ...filter, limit: 200 })).entries),
});
