import { v } from "convex/values";
import {
  auditStatistics,
  exportAuditLog,
  listAuditEntries,
  vAuditKind,
  vAuditOutcome,
  verifyAuditLog,
} from "convex-mcp-gateway/audit";
import { components } from "./_generated/api.js";
import { query } from "./_generated/server.js";
import { requireAdmin } from "./users.ts";

// Each of these refuses by itself: a query can be called by anybody, whatever page or route it was written for.

const { mcpGateway } = components;

const vMark = v.object({ sequence: v.number(), hash: v.string() });

/** What each query takes: for the routes too, which say what is wrong with what they are sent. */
export const auditArgs = {
  list: {
    kind: v.optional(vAuditKind),
    subject: v.optional(v.string()),
    tool: v.optional(v.string()),
    client: v.optional(v.string()),
    session: v.optional(v.string()),
    outcome: v.optional(vAuditOutcome),
    from: v.optional(v.number()),
    to: v.optional(v.number()),
    cursor: v.optional(v.string()),
    limit: v.optional(v.number()),
  },
  statistics: { from: v.number(), to: v.number() },
  verification: { after: v.optional(vMark), anchor: v.optional(vMark) },
  lines: { cursor: v.optional(v.string()) },
};

/** A page of the audit log, newest first. */
export const list = query({
  args: auditArgs.list,
  handler: async (ctx, filter) => {
    await requireAdmin(ctx);
    return await listAuditEntries(ctx, mcpGateway, filter);
  },
});

/** Calls, outcomes and latencies by day. */
export const statistics = query({
  args: auditArgs.statistics,
  handler: async (ctx, range) => {
    await requireAdmin(ctx);
    return await auditStatistics(ctx, mcpGateway, range);
  },
});

/** A page of the verification of the chain. */
export const verification = query({
  args: auditArgs.verification,
  handler: async (ctx, options) => {
    await requireAdmin(ctx);
    return await verifyAuditLog(ctx, mcpGateway, options);
  },
});

/** A page of the log as JSON Lines, oldest first. */
export const lines = query({
  args: auditArgs.lines,
  handler: async (ctx, options) => {
    await requireAdmin(ctx);
    return await exportAuditLog(ctx, mcpGateway, options);
  },
});
