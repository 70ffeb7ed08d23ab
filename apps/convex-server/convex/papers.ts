import { argumentSuggestions, png } from "@convex-mcp/fixtures";
import { v } from "convex/values";
import { query } from "./_generated/server.js";
import { bytes } from "./values.ts";

export const staticText = query({
  args: {},
  returns: v.string(),
  handler: async () => "This is the content of the static text resource.",
});

export const staticBinary = query({
  args: {},
  returns: v.bytes(),
  handler: async () => bytes(png),
});

export const watched = query({
  args: {},
  returns: v.string(),
  handler: async () => "Watched resource content",
});

export const data = query({
  args: { id: v.string() },
  returns: v.object({ id: v.string(), templateTest: v.boolean(), data: v.string() }),
  handler: async (_ctx, { id }) => ({ id, templateTest: true, data: `Data for ID: ${id}` }),
});

export const simple = query({
  args: {},
  returns: v.string(),
  handler: async () => "This is a simple prompt for testing.",
});

export const withArguments = query({
  args: { arg1: v.string(), arg2: v.string() },
  returns: v.string(),
  handler: async (_ctx, { arg1, arg2 }) => `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`,
});

const vSuggestionArgs = {
  value: v.string(),
  context: v.optional(v.record(v.string(), v.string())),
};

export const firstArguments = query({
  args: vSuggestionArgs,
  returns: v.array(v.string()),
  handler: async (_ctx, { value }) => startingWith("arg1", value),
});

export const secondArguments = query({
  args: vSuggestionArgs,
  returns: v.array(v.string()),
  handler: async (_ctx, { value }) => startingWith("arg2", value),
});

function startingWith(argument: keyof typeof argumentSuggestions, typed: string): string[] {
  return argumentSuggestions[argument].filter((value) => value.startsWith(typed));
}
