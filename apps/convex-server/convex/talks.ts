import { account, form, type WaitStatus } from "@convex-mcp/fixtures";
import { mcpCall, vMcpCall } from "convex-mcp-gateway";
import { v } from "convex/values";
import { components, internal } from "./_generated/api.js";
import { internalAction } from "./_generated/server.js";
import { vWaitStatus } from "./values.ts";

const mcp = vMcpCall;
const stepMs = 50;

/** Lets time pass, as work would. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

export const withLogging = internalAction({
  args: { mcp },
  returns: v.string(),
  handler: async (ctx, { mcp: handle }) => {
    const call = mcpCall(ctx, components.mcpGateway, handle);
    await call.log("info", "Tool execution started");
    await pause(stepMs);
    await call.log("info", "Tool processing data");
    await pause(stepMs);
    await call.log("info", "Tool execution completed");
    return "Tool with logging executed successfully";
  },
});

export const withProgress = internalAction({
  args: { mcp },
  returns: v.string(),
  handler: async (ctx, { mcp: handle }) => {
    const call = mcpCall(ctx, components.mcpGateway, handle);
    for (const progress of [0, 50, 100]) {
      await call.progress(progress, 100, `Completed step ${progress} of 100`);
      await pause(stepMs);
    }
    return "Tool with progress executed successfully";
  },
});

export const elicitation = internalAction({
  args: { message: v.string(), mcp },
  returns: v.string(),
  handler: async (ctx, { message, mcp: handle }) => {
    const call = mcpCall(ctx, components.mcpGateway, handle);
    const { action, content = {} } = await call.elicit({ message, requestedSchema: account });
    return `Elicitation completed: action=${action}, content=${JSON.stringify(content)}`;
  },
});

export const multiRound = internalAction({
  args: { mcp },
  returns: v.string(),
  handler: async (ctx, { mcp: handle }) => {
    const call = mcpCall(ctx, components.mcpGateway, handle);
    const first = await call.elicit({ key: "step1", ...form("Your name?", "name") });
    const second = await call.elicit({ key: "step2", ...form("Your color?", "color") });
    return `${String(first.content?.["name"])} likes ${String(second.content?.["color"])}`;
  },
});

/** Works until its caller wants no more, at most for 30 seconds. */
export const wait = internalAction({
  args: { label: v.string(), mcp },
  returns: vWaitStatus,
  handler: async (ctx, { label, mcp: handle }): Promise<WaitStatus> => {
    await ctx.runMutation(internal.waits.note, { label, status: "working" });
    const call = mcpCall(ctx, components.mcpGateway, handle);
    const until = Date.now() + 30_000;
    for (let step = 1; Date.now() < until && !call.signal.aborted; step += 1) {
      await call.progress(step);
      await pause(stepMs);
    }
    const status = call.signal.aborted ? "stopped" : "done";
    await ctx.runMutation(internal.waits.note, { label, status });
    return status;
  },
});
