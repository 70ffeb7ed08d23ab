import { servePrompts } from "@convex-mcp/protocol";
import { checkCache, type ListOptions } from "../cache.ts";
import type { Completable } from "../completion/completable.ts";
import { completionOf } from "../completion/serve.ts";
import type { Completions, McpFeature } from "../config.ts";
import { createPromptCatalog } from "./catalog.ts";
import type { McpPrompt } from "./prompt.ts";
import { createPromptSource, subjectOf } from "./source.ts";

/**
 * Offers prompts, for the gateway's `features`. `authorize` filters their list and decides each use.
 *
 * @throws TypeError naming the prompt that is wrong.
 */
export function mcpPrompts(prompts: readonly McpPrompt[], { cache }: ListOptions = {}): McpFeature {
  checkCache("mcpPrompts", cache);
  const catalog = createPromptCatalog(prompts);
  const completion: Completions = {
    offered: prompts.some(({ complete }) => Object.keys(complete).length > 0),
    find: ({ ref }) =>
      ref.type === "ref/prompt" ? toCompletable(catalog.get(ref.name)) : undefined,
  };
  return {
    scopes: prompts.flatMap(({ metadata }) => metadata.scopes ?? []),
    completion,
    list: "prompts",
    serve: (config) => [
      servePrompts(createPromptSource(config, catalog, cache)),
      ...completionOf(completion, config),
    ],
  };
}

function toCompletable(prompt: McpPrompt | undefined): Completable | undefined {
  if (prompt === undefined) return undefined;
  return { subject: subjectOf(prompt), args: prompt.args, complete: prompt.complete };
}
