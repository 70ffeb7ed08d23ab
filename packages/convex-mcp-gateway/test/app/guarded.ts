import { v } from "convex/values";
import {
  defineMcpAction,
  defineMcpResource,
  McpGateway,
  mcpChanges,
  mcpResources,
  mcpStreaming,
  mcpTasks,
  resolveTokens,
  vMcpCall,
} from "convex-mcp-gateway";
import { api, components, internal } from "./_generated/api.js";
import { aName } from "./forms.ts";

/** Everything of which somebody may hold another's name, and all that is refused is counted. */
export const guarded: McpGateway = new McpGateway(components.mcpGateway, {
  serverInfo: { name: "guarded", version: "1.0.0" },
  tools: [
    defineMcpAction({
      name: "hello",
      description: "For everybody.",
      metadata: { public: true },
      args: {},
      handler: async () => "Hello",
    }),
    defineMcpAction({
      name: "talk",
      description: "Asks.",
      args: {},
      handler: async (_ctx, _args, channel) => {
        channel.progress(1);
        return (await channel.elicit({ key: "name", ...aName })).action;
      },
    }),
    defineMcpAction({
      name: "slow",
      description: "Goes on as a task.",
      fn: internal.works.slow,
      args: { label: v.string(), mcp: v.optional(vMcpCall) },
      task: "required",
    }),
    defineMcpAction({
      name: "open_task",
      description: "For everybody, if a task could be theirs.",
      metadata: { public: true },
      fn: internal.works.slow,
      args: { label: v.string(), mcp: v.optional(vMcpCall) },
      task: "required",
    }),
  ],
  features: [
    mcpResources([
      defineMcpResource({ name: "hello", uri: "papers://hello", fn: api.things.hello }),
    ]),
    mcpStreaming({ resumable: true }),
    mcpChanges({ getStream: true }),
    mcpTasks(),
  ],
  authorize: (_ctx, { identity, toolMetadata }) =>
    identity !== null || toolMetadata["public"] === true,
  anonymous: true,
  resolveIdentity: resolveTokens(components.mcpGateway, async ({ token }) => {
    if (token === "down") throw new Error("The judge is down.");
    return undefined;
  }),
  audit: { refusals: true },
});

export const { dispatch, runTask } = guarded.functions();
