import { type Feature, serveCompletion } from "@convex-mcp/protocol";
import type { Completions, Config } from "../config.ts";
import type { Principal } from "../identity/principal.ts";
import type { RequestScope } from "../identity/scope.ts";
import { createCompletionSource } from "./source.ts";

/**
 * The method that completes what any feature has, where one has suggestions at all. There is one method for all of
 * them, and the first feature that can be completed brings it.
 */
export function completionOf(
  mine: Completions,
  config: Config,
): readonly Feature<RequestScope, Principal>[] {
  const all = config.features.flatMap(({ completion }) => completion ?? []);
  return all[0] === mine && all.some(({ offered }) => offered)
    ? [serveCompletion(createCompletionSource(config, all))]
    : [];
}
