import { serveResources } from "@convex-mcp/protocol";
import { checkCache, type ListOptions } from "../cache.ts";
import type { Completable } from "../completion/completable.ts";
import { completionOf } from "../completion/serve.ts";
import type { Completions, McpFeature } from "../config.ts";
import { createResourceCatalog, type Family } from "./catalog.ts";
import type { McpResource } from "./resource.ts";
import { createResourceSource, subjectOf } from "./source.ts";

/**
 * Offers resources, for the gateway's `features`. `authorize` filters their lists and decides each read.
 *
 * @throws TypeError naming the resource that is wrong.
 */
export function mcpResources(
  resources: readonly McpResource[],
  { cache }: ListOptions = {},
): McpFeature {
  checkCache("mcpResources", cache);
  const catalog = createResourceCatalog(resources);
  const completion: Completions = {
    offered: [...catalog.families.values()].some(
      ({ resource }) => Object.keys(resource.complete).length > 0,
    ),
    find: ({ ref }) =>
      ref.type === "ref/resource" ? toCompletable(catalog.families.get(ref.uri)) : undefined,
  };
  return {
    scopes: resources.flatMap(({ metadata }) => metadata.scopes ?? []),
    completion,
    list: "resources",
    resources: catalog,
    serve: (config) => [
      serveResources(createResourceSource(config, catalog, cache)),
      ...completionOf(completion, config),
    ],
  };
}

function toCompletable(family: Family | undefined): Completable | undefined {
  if (family === undefined) return undefined;
  const { resource } = family;
  return { subject: subjectOf(resource), args: resource.args, complete: resource.complete };
}
