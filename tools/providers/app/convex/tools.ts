import { defineMcpQuery, type McpTool, type ToolMetadata, vMcpCall } from "convex-mcp-gateway";
import { v } from "convex/values";
import { api } from "./_generated/api";

declare module "convex-mcp-gateway" {
  interface ToolMetadata {
    /** As the gateway's README has an app give its metadata a type. */
    readonly plan?: "free" | "paid";
  }
}

// @ts-expect-error It is another plan than there is.
export const mistaken: ToolMetadata = { plan: "cheap" };

/** What a page leaves to its reader. The scopes are spelled as the provider of the page does. */
const scopes = (process.env["TOOL_SCOPES"] ?? "").split(" ").filter((scope) => scope !== "");

export const tools: readonly McpTool[] = [
  defineMcpQuery({
    name: "whoami",
    description: "Who calls.",
    fn: api.users.whoami,
    args: { mcp: v.optional(vMcpCall) },
    returns: v.object({ subject: v.string(), platform: v.boolean() }),
    metadata: { scopes, plan: "free" },
  }),
];
