import type { Channel, ContentBlock, Prompt } from "@convex-mcp/protocol";
import type { PropertyValidators, Value } from "convex/values";
import type { Suggestions } from "../completion/completable.ts";
import type { AnyFunction, ToolMetadata } from "../tools/tool.ts";

/** One message of a prompt; a string is a text block. */
export interface McpPromptMessage {
  readonly role: "user" | "assistant";
  readonly content: string | ContentBlock;
}

/** What a prompt gives: its messages, or the text of the only one, which is the user's. */
export type McpPromptResult = string | readonly McpPromptMessage[];

/** Makes a prompt's messages inside the HTTP action. */
export type PromptHandler = (
  args: Record<string, Value>,
  channel: Channel,
) => McpPromptResult | Promise<McpPromptResult>;

/** A prompt as `defineMcpPrompt` makes it. */
export interface McpPrompt {
  readonly name: string;
  /** As `prompts/list` shows it, but for its arguments. */
  readonly definition: Prompt;
  readonly args: PropertyValidators;
  readonly describe: Readonly<Record<string, string | undefined>>;
  readonly complete: Suggestions;
  readonly metadata: ToolMetadata;
  readonly run: { readonly fn: AnyFunction<"query"> } | { readonly messages: PromptHandler };
}
