import { McpGateway, mcpRateLimits, mcpStreaming, mcpTasks } from "convex-mcp-gateway";
import { components } from "./_generated/api.js";
import { options as keyed } from "./keyed.ts";
import { options } from "./working.ts";

const twice = { rate: 2, periodMs: 60_000 };

/** The tools that work, twice a minute for each user, and for strangers of one address. */
export const hurried: McpGateway = new McpGateway(components.mcpGateway, {
  ...options,
  features: [
    mcpTasks({ pollIntervalMs: 10 }),
    mcpStreaming(),
    mcpRateLimits({ user: twice, address: twice }),
  ],
});

/** Twice a minute for each user, with whatever token, and for each of their clients. */
export const rationed: McpGateway = new McpGateway(components.mcpGateway, {
  ...keyed,
  features: [mcpRateLimits({ user: twice })],
});
