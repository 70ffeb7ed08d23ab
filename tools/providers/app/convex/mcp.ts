import { McpGateway, requireScopes } from "convex-mcp-gateway";
import { components } from "./_generated/api";
import { tools } from "./tools";

/** Replaced by that of a page. */
export const mcp: McpGateway = new McpGateway(components.mcpGateway, {
  serverInfo: { name: "notes", version: "1.0.0" },
  tools,
  authorize: requireScopes(),
});
export const { dispatch } = mcp.functions();
