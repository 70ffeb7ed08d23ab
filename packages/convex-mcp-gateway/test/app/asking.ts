import { v } from "convex/values";
import {
  defineMcpPrompt,
  McpGateway,
  type McpGatewayOptions,
  mcpPrompts,
  mcpStreaming,
} from "convex-mcp-gateway";
import { components } from "./_generated/api.js";
import { aName } from "./forms.ts";

const prompts = mcpPrompts([
  defineMcpPrompt({
    name: "introduce",
    description: "Asks for a name first.",
    args: { greeting: v.string() },
    messages: async ({ greeting }, channel) => {
      channel.progress(1);
      const question = channel.elicit({ key: "name", ...aName });
      const { content } = await question.catch((error: unknown) => {
        if (greeting !== "Swallowed") throw error;
        return { content: { name: "nobody" } };
      });
      return `${greeting}, ${String(content?.["name"])}!`;
    },
  }),
]);

const options: McpGatewayOptions = {
  serverInfo: { name: "asking", version: "1.0.0" },
  tools: [],
  authorize: (_ctx, { identity }) => identity !== null,
};

/** Prompts that ask. */
export const asking: McpGateway = new McpGateway(components.mcpGateway, {
  ...options,
  features: [prompts, mcpStreaming()],
  audit: { reads: true },
});

/** The same where nobody can be asked. */
export const unheard: McpGateway = new McpGateway(components.mcpGateway, {
  ...options,
  features: [prompts],
});
