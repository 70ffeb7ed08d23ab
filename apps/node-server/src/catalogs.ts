import {
  argumentSuggestions,
  changeTools,
  contentTools,
  prompts,
  questionTools,
  resources,
  roundTools,
  streamTools,
  taskTools,
  templates,
  waitTools,
} from "@convex-mcp/fixtures";
import { memoryCompletion, memoryPrompts, memoryResources } from "@convex-mcp/protocol";
import type {
  Change,
  CompletionSource,
  InProcessTool,
  PromptCatalog,
  ResourceCatalog,
} from "@convex-mcp/protocol";
import type { Principal, Stores } from "./stores.ts";

type Sessions = Stores["sessions"];

/** The fixtures' tools, in the order in which the suite wants them listed. */
export function toolsWith(
  publish: (change: Change) => void,
): readonly InProcessTool<undefined, Principal>[] {
  return [
    ...contentTools,
    ...streamTools,
    ...questionTools,
    ...roundTools,
    ...changeTools(publish),
    ...taskTools,
    ...waitTools(new Map()),
  ].map(({ definition, run }) => ({
    definition,
    run: async (args, { call }) => await run(args, call.channel),
  }));
}

/** The fixtures' resources and templates. */
export function resourceCatalog(sessions: Sessions): ResourceCatalog<undefined, Principal> {
  return memoryResources({
    sessions,
    resources,
    templates: templates.map(({ definition, read }) => ({
      definition,
      read: ({ request, variables }) => read(request.uri, variables),
    })),
  });
}

/** The fixtures' prompts. */
export function promptCatalog(sessions: Sessions): PromptCatalog<undefined, Principal> {
  return memoryPrompts({
    sessions,
    prompts: prompts.map(({ definition, get }) => ({
      definition,
      get: async (args, { request }) => await get(args, request.channel),
    })),
  });
}

/** Suggestions for the prompt with arguments. */
export function completion(sessions: Sessions): CompletionSource<undefined, Principal> {
  const completers = Object.entries(argumentSuggestions).map(([name, values]) => [
    name,
    (typed: string) => values.filter((value) => value.startsWith(typed)),
  ]);
  return memoryCompletion({
    sessions,
    prompts: { test_prompt_with_arguments: Object.fromEntries(completers) },
  });
}
