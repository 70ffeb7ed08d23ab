import { form } from "@convex-mcp/fixtures";
import { mcpCall, vMcpCall } from "convex-mcp-gateway";
import { ConvexError, v } from "convex/values";
import { components } from "./_generated/api.js";
import { internalAction } from "./_generated/server.js";
import { pause } from "./talks.ts";

const mcp = vMcpCall;

export const compute = internalAction({
  args: { seconds: v.number(), label: v.string(), mcp },
  returns: v.string(),
  handler: async (_ctx, { seconds, label }) => {
    await pause(seconds * 1_000);
    return `Computed ${label}`;
  },
});

export const fail = internalAction({
  args: { mcp },
  returns: v.null(),
  handler: async () => {
    await pause(1_000);
    throw new ConvexError("This job always fails");
  },
});

/** Needs what no client of the suite declares, which fails a task. */
export const locate = internalAction({
  args: { mcp },
  returns: v.string(),
  handler: async (ctx, { mcp: handle }) => {
    const roots = await mcpCall(ctx, components.mcpGateway, handle).listRoots();
    return JSON.stringify(roots);
  },
});

export const confirmDelete = internalAction({
  args: { filename: v.string(), mcp },
  returns: v.string(),
  handler: async (ctx, { filename, mcp: handle }) => {
    const call = mcpCall(ctx, components.mcpGateway, handle);
    const question = form(`Delete ${filename}?`, "confirm", "boolean");
    const { action } = await call.elicit({ key: "confirm", ...question });
    return action === "accept" ? `Deleted ${filename}` : "Kept";
  },
});

export const askTwice = internalAction({
  args: { mcp },
  returns: v.string(),
  handler: async (ctx, { mcp: handle }) => {
    const call = mcpCall(ctx, components.mcpGateway, handle);
    const answers = await Promise.all([
      call.elicit({ key: "name", ...form("Which name?", "name") }),
      call.elicit({ key: "confirm", ...form("Really?", "confirm", "boolean") }),
    ]);
    return JSON.stringify(answers.map(({ content }) => content));
  },
});
