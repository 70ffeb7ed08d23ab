import { defineMcpAction, type McpTool, vMcpCall } from "convex-mcp-gateway";
import { v } from "convex/values";
import { internal } from "./_generated/api.js";

/** Fixtures that go on as tasks, for the clients that know tasks (SEP-2663). */
export const taskTools: readonly McpTool[] = [
  defineMcpAction({
    name: "slow_compute",
    description: "Takes as many seconds as it is told to.",
    fn: internal.jobs.compute,
    args: { seconds: v.number(), label: v.string(), mcp: vMcpCall },
    task: "optional",
  }),
  defineMcpAction({
    name: "failing_job",
    description: "Fails after a second.",
    fn: internal.jobs.fail,
    args: { mcp: vMcpCall },
    task: "required",
  }),
  defineMcpAction({
    name: "protocol_error_job",
    description: "Asks where it may work, of clients that do not tell.",
    fn: internal.jobs.locate,
    args: { mcp: vMcpCall },
    task: "optional",
  }),
  defineMcpAction({
    name: "confirm_delete",
    description: "Asks before it pretends to delete a file.",
    fn: internal.jobs.confirmDelete,
    args: { filename: v.string(), mcp: vMcpCall },
    task: "optional",
  }),
  defineMcpAction({
    name: "multi_input",
    description: "Asks two questions at once.",
    fn: internal.jobs.askTwice,
    args: { mcp: vMcpCall },
    task: "optional",
  }),
];
