import { watchedUri } from "@convex-mcp/fixtures";
import { type McpChange, notifyChanged } from "convex-mcp-gateway";
import { v } from "convex/values";
import { components } from "./_generated/api.js";
import { mutation } from "./_generated/server.js";

/** A mutation that changes nothing, and tells of it all the same. */
function telling(change: McpChange) {
  return mutation({
    args: {},
    returns: v.string(),
    handler: async (ctx) => {
      await notifyChanged(ctx, components.mcpGateway, change);
      return "Told.";
    },
  });
}

export const changeTools = telling({ kind: "tools" });
export const changePrompts = telling({ kind: "prompts" });
export const changeResource = telling({ kind: "resource", uri: watchedUri });
