import { form, watchedUri } from "@convex-mcp/fixtures";
import { defineMcpPrompt, defineMcpResource, mcpPrompts, mcpResources } from "convex-mcp-gateway";
import { v } from "convex/values";
import { api } from "./_generated/api.js";

/** The resources of the suite. The first is read where any would do. */
export const resources = mcpResources([
  defineMcpResource({
    uri: "test://static-text",
    name: "Static text",
    description: "A text that never changes.",
    mimeType: "text/plain",
    fn: api.papers.staticText,
  }),
  defineMcpResource({
    uri: "test://static-binary",
    name: "Static binary",
    description: "An image that never changes.",
    mimeType: "image/png",
    fn: api.papers.staticBinary,
  }),
  defineMcpResource({
    uri: watchedUri,
    name: "Watched resource",
    description: "A text to subscribe to.",
    mimeType: "text/plain",
    fn: api.papers.watched,
  }),
  defineMcpResource({
    uriTemplate: "test://template/{id}/data",
    name: "Resource template",
    description: "Data of an id.",
    fn: api.papers.data,
    args: { id: v.string() },
  }),
]);

/** The prompts of the suite. */
export const prompts = mcpPrompts([
  defineMcpPrompt({
    name: "test_simple_prompt",
    description: "A prompt without arguments.",
    fn: api.papers.simple,
    args: {},
  }),
  defineMcpPrompt({
    name: "test_prompt_with_arguments",
    description: "A prompt with two arguments.",
    fn: api.papers.withArguments,
    args: { arg1: v.string(), arg2: v.string() },
    describe: { arg1: "First test argument", arg2: "Second test argument" },
    complete: { arg1: api.papers.firstArguments, arg2: api.papers.secondArguments },
  }),
  defineMcpPrompt({
    name: "test_prompt_with_embedded_resource",
    description: "A prompt that quotes a resource.",
    fn: api.albums.quote,
    args: { resourceUri: v.string() },
    describe: { resourceUri: "The resource to quote" },
  }),
  defineMcpPrompt({
    name: "test_prompt_with_image",
    description: "A prompt with an image.",
    fn: api.albums.picture,
    args: {},
  }),
  defineMcpPrompt({
    name: "test_input_required_result_prompt",
    description: "A prompt that asks the user first.",
    args: {},
    messages: async (_args, channel) => {
      const question = form("What context should the prompt use?", "context");
      const { content } = await channel.elicit({ key: "user_context", ...question });
      return `Use this context: ${String(content?.["context"])}`;
    },
  }),
]);
