import { McpGateway, mcpChanges, mcpTasks } from "convex-mcp-gateway";
import { components } from "./_generated/api.js";
import { options } from "./working.ts";

/** Tells of its tasks. */
export const telling: McpGateway = new McpGateway(components.mcpGateway, {
  ...options,
  features: [mcpTasks(), mcpChanges({ maxMs: 60_000 })],
});

export const { dispatch, runTask } = telling.functions();
