import { defineMcpQuery, type McpTool, vMcpCall } from "convex-mcp-gateway";
import { v } from "convex/values";
import { api } from "./_generated/api";

/** What a page leaves to its reader. The scopes are spelled as the provider of the page does. */
const scopes = (process.env["TOOL_SCOPES"] ?? "").split(" ").filter((scope) => scope !== "");

export const tools: readonly McpTool[] = [
  defineMcpQuery({
    name: "whoami",
    description: "Who calls.",
    fn: api.users.whoami,
    args: { mcp: v.optional(vMcpCall) },
    returns: v.object({ subject: v.string(), platform: v.boolean() }),
    metadata: { scopes },
  }),
];
