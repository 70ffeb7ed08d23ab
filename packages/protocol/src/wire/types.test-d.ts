/** Our wire types against the official SDK's, both ways. Compiled, never run. */
import type * as sdk from "@modelcontextprotocol/sdk/types.js";
import type { ElicitResult, LogLevel, Root } from "./questions.ts";
import type * as ours from "./types.ts";

type Mutable<T> = T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;

/** Compiles only if each type accepts the other. Ours are readonly, theirs are not. */
type Same<Ours, Theirs> = [Mutable<Ours>] extends [Theirs]
  ? [Theirs] extends [Ours]
    ? true
    : "the SDK has what ours does not accept"
  : "ours has what the SDK does not accept";

export const same: {
  requestId: Same<ours.RequestId, sdk.RequestId>;
  icon: Same<ours.Icon, sdk.Icon>;
  implementation: Same<ours.Implementation, sdk.Implementation>;
  annotations: Same<ours.Annotations, sdk.Annotations>;
  text: Same<ours.TextContent, sdk.TextContent>;
  image: Same<ours.ImageContent, sdk.ImageContent>;
  audio: Same<ours.AudioContent, sdk.AudioContent>;
  embedded: Same<ours.EmbeddedResource, sdk.EmbeddedResource>;
  link: Same<ours.ResourceLink, sdk.ResourceLink>;
  block: Same<ours.ContentBlock, sdk.ContentBlock>;
  toolAnnotations: Same<ours.ToolAnnotations, sdk.ToolAnnotations>;
  execution: Same<ours.ToolExecution, sdk.ToolExecution>;
  // The SDK's are of 2025-11-25, which knows objects alone where ours may be any value.
  tool: Same<Omit<ours.Tool, "outputSchema">, Omit<sdk.Tool, "outputSchema">>;
  result: Same<
    Pick<ours.CallToolResult, "content" | "isError" | "_meta">,
    Pick<sdk.CallToolResult, "content" | "isError" | "_meta">
  >;
  resource: Same<ours.Resource, sdk.Resource>;
  template: Same<ours.ResourceTemplate, sdk.ResourceTemplate>;
  contents: Same<ours.ReadResourceResult, sdk.ReadResourceResult>;
  prompt: Same<ours.Prompt, sdk.Prompt>;
  argument: Same<ours.PromptArgument, sdk.PromptArgument>;
  messages: Same<ours.GetPromptResult, sdk.GetPromptResult>;
  completion: Same<ours.Completion, sdk.CompleteResult["completion"]>;
  logLevel: Same<LogLevel, sdk.LoggingLevel>;
  root: Same<Root, Omit<sdk.Root, "_meta">>;
  elicited: Same<ElicitResult, Pick<sdk.ElicitResult, "action" | "content">>;
} = {
  requestId: true,
  icon: true,
  implementation: true,
  annotations: true,
  text: true,
  image: true,
  audio: true,
  embedded: true,
  link: true,
  block: true,
  toolAnnotations: true,
  execution: true,
  tool: true,
  result: true,
  resource: true,
  template: true,
  contents: true,
  prompt: true,
  argument: true,
  messages: true,
  completion: true,
  logLevel: true,
  root: true,
  elicited: true,
};

/** The comparison itself must be able to fail. */
export const different: Same<{ readonly a: string }, { a: number }> =
  "ours has what the SDK does not accept";
