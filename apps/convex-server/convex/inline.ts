import {
  type FixtureTool,
  questionTools,
  roundTools,
  streamTools,
  work,
} from "@convex-mcp/fixtures";
import { defineMcpAction, type McpTool } from "convex-mcp-gateway";
import { type PropertyValidators, v } from "convex/values";
import { internal } from "./_generated/api.js";
import { actionTools } from "./actions.ts";

/** Arguments of the fixtures that have any. */
const args = new Map<string, PropertyValidators>([
  ["test_sampling", { prompt: v.optional(v.string()) }],
]);

/** A fixture that talks to its client, as code inside the HTTP action. */
function inline({ definition, run }: FixtureTool): McpTool {
  const { name, description = "" } = definition;
  return defineMcpAction({
    name,
    description,
    args: args.get(name) ?? {},
    handler: async (_ctx, given, channel) => {
      const answer = await run(given, channel);
      const [block] = "content" in answer ? answer.content : [];
      if (block?.type !== "text")
        throw new TypeError(`${name}: expected a fixture that gives a text.`);
      return block.text;
    },
  });
}

const outside = new Set(actionTools.map(({ name }) => name));

/** The fixtures that talk to their clients, but for those that actions outside of it are. */
export const inlineTools: readonly McpTool[] = [
  ...[...streamTools, ...questionTools, ...roundTools]
    .filter(({ definition }) => !outside.has(definition.name))
    .map(inline),
  defineMcpAction({
    name: "test_wait",
    description: "Works until it is cancelled.",
    args: { label: v.string() },
    handler: (ctx, { label }, channel) =>
      work(channel, (status) => ctx.runMutation(internal.waits.note, { label, status })),
  }),
];
