import { v } from "convex/values";
import {
  defineMcpAction,
  defineMcpQuery,
  isInterruption,
  McpGateway,
  type McpGatewayOptions,
  mcpStreaming,
  vMcpCall,
} from "convex-mcp-gateway";
import { api, components } from "./_generated/api.js";
import { aName } from "./forms.ts";

const mcp = v.optional(vMcpCall);

const options: McpGatewayOptions = {
  serverInfo: { name: "talking", version: "1.0.0" },
  tools: [
    defineMcpAction({
      name: "talk",
      description: "Tells the client what it does, and asks on request.",
      args: { ask: v.boolean() },
      handler: async (_ctx, { ask }, channel) => {
        channel.progress(1, 2);
        channel.log("info", { step: 1 });
        if (!ask) return "talked";
        const { action, content } = await channel.elicit({ key: "name", ...aName });
        return `${action} ${JSON.stringify(content ?? null)}`;
      },
    }),
    defineMcpAction({
      name: "stubborn",
      description: "Asks, and goes on when it cannot.",
      args: {},
      handler: async (_ctx, _args, channel) => {
        try {
          return (await channel.elicit(aName)).action;
        } catch (error) {
          return isInterruption(error) ? "went on" : "failed to ask";
        }
      },
    }),
    defineMcpAction({
      name: "wait",
      description: "Works until it is cancelled.",
      args: {},
      handler: (_ctx, _args, { signal, progress }) =>
        new Promise((resolve) => {
          progress(1);
          signal.addEventListener("abort", () => resolve("stopped"));
        }),
    }),
    defineMcpAction({
      name: "long",
      description: "Says much.",
      args: { characters: v.number() },
      handler: (_ctx, { characters }, { progress }) => {
        progress(1);
        return "é".repeat(characters);
      },
    }),
    defineMcpAction({
      name: "work",
      description: "An action of its own that talks.",
      fn: api.talks.work,
      args: { label: v.string(), ask: v.boolean(), mcp },
    }),
    defineMcpAction({
      name: "both",
      description: "Asks two things at once.",
      fn: api.talks.both,
      args: { mcp },
    }),
    defineMcpAction({
      name: "last",
      description: "Works until it is cancelled.",
      fn: api.talks.last,
      args: { label: v.string(), mcp: vMcpCall },
    }),
    defineMcpAction({
      name: "leak",
      description: "Gives its handle away.",
      fn: api.talks.leak,
      args: { mcp },
    }),
    defineMcpAction({
      name: "relay",
      description: "An action that says nothing.",
      fn: api.things.relay,
      args: { label: v.string() },
    }),
    defineMcpQuery({
      name: "subject",
      description: "Who the query sees.",
      fn: api.things.subject,
      args: {},
    }),
  ],
  authorize: (_ctx, { identity }) => identity !== null,
};

export const talking: McpGateway = new McpGateway(components.mcpGateway, {
  ...options,
  features: [mcpStreaming()],
});

/** The same tools, whose streams survive a broken connection. */
export const surviving: McpGateway = new McpGateway(components.mcpGateway, {
  ...options,
  features: [mcpStreaming({ resumable: true })],
});

/** The same tools where nobody listens. */
export const mute: McpGateway = new McpGateway(components.mcpGateway, options);

export const { dispatch } = talking.functions();
