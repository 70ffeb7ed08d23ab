import { ConvexError, v } from "convex/values";
import {
  defineMcpAction,
  defineMcpQuery,
  McpGateway,
  type McpGatewayOptions,
  mcpStreaming,
  mcpTasks,
  requireScopes,
  vMcpCall,
} from "convex-mcp-gateway";
import { api, components, internal } from "./_generated/api.js";
import { aName } from "./forms.ts";

const mcp = v.optional(vMcpCall);
const about = { description: "A task.", metadata: { public: true } };

export const options: McpGatewayOptions = {
  serverInfo: { name: "working", version: "1.0.0" },
  tools: [
    defineMcpAction({
      ...about,
      name: "slow",
      fn: internal.works.slow,
      args: { label: v.string(), mcp },
      returns: v.object({
        caller: v.union(v.string(), v.null()),
        auth: v.union(v.string(), v.null()),
      }),
      task: "optional",
    }),
    defineMcpAction({
      ...about,
      name: "required",
      fn: internal.works.slow,
      args: { label: v.string(), mcp },
      task: "required",
    }),
    defineMcpAction({
      ...about,
      name: "called",
      fn: internal.works.called,
      args: { mcp },
      task: "optional",
    }),
    defineMcpAction({
      ...about,
      name: "echo",
      fn: internal.works.echo,
      args: { whole: v.int64(), data: v.bytes(), mcp },
      returns: v.object({ whole: v.int64(), data: v.bytes() }),
      task: "optional",
    }),
    defineMcpAction({
      ...about,
      name: "fail",
      fn: internal.works.fail,
      args: { speak: v.boolean(), mcp },
      task: "optional",
    }),
    defineMcpAction({
      ...about,
      name: "ask",
      fn: internal.works.ask,
      args: { mcp },
      task: "optional",
    }),
    defineMcpAction({
      ...about,
      name: "confer",
      fn: internal.works.confer,
      args: { mcp },
      task: "optional",
    }),
    defineMcpAction({
      ...about,
      name: "last",
      fn: internal.works.last,
      args: { label: v.string(), mcp },
      task: "optional",
      deadlineMs: 60_000,
    }),
    defineMcpAction({
      ...about,
      name: "long",
      fn: internal.works.long,
      args: { characters: v.number(), mcp },
      task: "optional",
    }),
    defineMcpAction({
      ...about,
      name: "leak",
      fn: internal.works.leak,
      args: { mcp },
      task: "optional",
    }),
    ...(["greet", "greet_required", "greet_at_once"] as const).map((name) =>
      defineMcpAction({
        ...about,
        name,
        fn: internal.works.greet,
        args: { label: v.string(), mcp },
        before: async (ctx, { label }, channel) => {
          if (label === "refused") throw new ConvexError("Not today.");
          if (label === "broken") throw new Error("internal detail s3cret");
          if (label === "plain") return { name: "nobody", size: 0n };
          const asked = await channel
            .elicit({ key: "user_name", ...aName })
            .catch((error: unknown) => {
              if (label !== "swallowed") throw error;
              return { content: { name: "swallowed" } };
            });
          const identity = await ctx.auth.getUserIdentity();
          const [answer, subject] = [asked.content?.["name"], identity?.subject];
          return { name: `${String(answer)} of ${subject}`, size: 7n };
        },
        ...(name === "greet_at_once"
          ? {}
          : { task: name === "greet" ? ("optional" as const) : ("required" as const) }),
      }),
    ),
    defineMcpQuery({
      name: "subject",
      description: "Who the query sees.",
      fn: api.things.subject,
      args: {},
    }),
  ],
  authorize: requireScopes(),
  anonymous: true,
};

export const working: McpGateway = new McpGateway(components.mcpGateway, {
  ...options,
  features: [mcpTasks({ maxOpen: 3, maxKept: 6, pollIntervalMs: 10 }), mcpStreaming()],
});

export const { dispatch, runTask } = working.functions();
