import { defineMcpAction, type McpTool, vMcpCall } from "convex-mcp-gateway";
import { v } from "convex/values";
import { internal } from "./_generated/api.js";

/** Fixtures that talk to their clients from actions of their own, through `mcpCall`. */
export const actionTools: readonly McpTool[] = [
  defineMcpAction({
    name: "test_tool_with_logging",
    description: "Logs three lines.",
    fn: internal.talks.withLogging,
    args: { mcp: vMcpCall },
  }),
  defineMcpAction({
    name: "test_tool_with_progress",
    description: "Reports its progress in three steps.",
    fn: internal.talks.withProgress,
    args: { mcp: vMcpCall },
  }),
  defineMcpAction({
    name: "test_elicitation",
    description: "Asks the user for a name and an address.",
    fn: internal.talks.elicitation,
    args: { message: v.string(), mcp: vMcpCall },
    describe: { message: "What the user is shown" },
  }),
  defineMcpAction({
    name: "test_input_required_result_multi_round",
    description: "Asks twice, one after the other.",
    fn: internal.talks.multiRound,
    args: { mcp: vMcpCall },
  }),
  defineMcpAction({
    name: "test_wait_in_action",
    description: "Works until it is cancelled, in an action of its own.",
    fn: internal.talks.wait,
    args: { label: v.string(), mcp: vMcpCall },
  }),
];
