import { v } from "convex/values";
import { defineMcpMutation, McpGateway, mcpRateLimits, requireScopes } from "convex-mcp-gateway";
import { api, components } from "./_generated/api.js";

/** Limits and nothing else beside tools: what `bundle.test.ts` measures. */
export const metered: McpGateway = new McpGateway(components.mcpGateway, {
  serverInfo: { name: "metered", version: "1.0.0" },
  tools: [
    defineMcpMutation({
      name: "add",
      description: "Adds a row.",
      fn: api.things.add,
      args: { label: v.string() },
    }),
  ],
  authorize: requireScopes(),
  features: [mcpRateLimits({ user: { rate: 60, periodMs: 60_000 } })],
});
