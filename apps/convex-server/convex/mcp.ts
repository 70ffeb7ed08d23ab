import { mcpChanges, McpGateway, mcpStreaming, mcpTasks } from "convex-mcp-gateway";
import { actionTools } from "./actions.ts";
import { components } from "./_generated/api.js";
import { inlineTools } from "./inline.ts";
import { prompts, resources } from "./primitives.ts";
import { taskTools } from "./tasks.ts";
import { contentTools } from "./tools.ts";

/** Everything that the suite asks for. */
export const mcp: McpGateway = new McpGateway(components.mcpGateway, {
  serverInfo: { name: "convex-server", version: "0.0.0", title: "MCP on Convex" },
  tools: [...contentTools, ...actionTools, ...inlineTools, ...taskTools],
  features: [
    resources,
    prompts,
    mcpStreaming({ resumable: true }),
    mcpChanges({ getStream: true }),
    mcpTasks({ pollIntervalMs: 100, maxOpen: 100 }),
  ],
  authorize: () => true,
  // All callers are one user here, whose sessions must not push each other out.
  sessions: { maxPerOwner: 10_000 },
});

export const { dispatch, runTask } = mcp.functions();
