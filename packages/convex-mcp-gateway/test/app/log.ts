import { v } from "convex/values";
import {
  auditStatistics,
  eraseAuditSubject,
  exportAuditLog,
  listAuditEntries,
  pushAuditLog,
  verifyAuditLog,
} from "convex-mcp-gateway/audit";
import { components } from "./_generated/api.js";
import { internalAction, internalMutation, internalQuery } from "./_generated/server.js";
import { mcp } from "./mcp.ts";

/** Entries of the audit log, newest first, as JSON: for tests that look at it from outside. */
export const entries = internalQuery({
  args: { tool: v.optional(v.string()), subject: v.optional(v.string()) },
  returns: v.string(),
  handler: async (ctx, filter) =>
    JSON.stringify(
      (await mcp.listAuditEntries(ctx, { kind: "tool", ...filter, limit: 200 })).entries,
    ),
});

const { mcpGateway } = components;

/** Entries of what is no tool. */
export const others = internalQuery({
  args: {
    kind: v.union(
      v.literal("auth"),
      v.literal("session"),
      v.literal("resource"),
      v.literal("prompt"),
      v.literal("registration"),
      v.literal("consent"),
    ),
  },
  returns: v.string(),
  handler: async (ctx, { kind }) =>
    JSON.stringify((await listAuditEntries(ctx, mcpGateway, { kind, limit: 200 })).entries),
});

export const verify = internalQuery({
  args: {},
  returns: v.any(),
  handler: (ctx) => verifyAuditLog(ctx, mcpGateway),
});

export const statistics = internalQuery({
  args: { from: v.number(), to: v.number() },
  returns: v.any(),
  handler: (ctx, range) => auditStatistics(ctx, mcpGateway, range),
});

export const page = internalQuery({
  args: { cursor: v.optional(v.string()) },
  returns: v.any(),
  handler: (ctx, options) => exportAuditLog(ctx, mcpGateway, options),
});

export const erase = internalMutation({
  args: { subject: v.string(), issuer: v.string() },
  returns: v.any(),
  handler: (ctx, person) => eraseAuditSubject(ctx, mcpGateway, person),
});

export const push = internalAction({
  args: { endpoint: v.string(), format: v.optional(v.literal("jsonl")) },
  returns: v.any(),
  handler: (ctx, options) =>
    pushAuditLog(ctx, mcpGateway, { ...options, headers: { Authorization: "Bearer collector" } }),
});
