import { decline, uniquely, visible } from "../memory/guard.ts";
import type { Authorize } from "../memory/guard.ts";
import type { Caller } from "../rpc/caller.ts";
import type { SessionStore } from "../sessions/store.ts";
import { fixedList } from "../wire/listing.ts";
import type { CacheHint, ReadResourceResult, Resource, ResourceTemplate } from "../wire/types.ts";
import type { ReadRequest, ResourceCatalog } from "./catalog.ts";
import { parseTemplate } from "./template.ts";
import type { TemplateVariables } from "./template.ts";

/** What the reader of a resource learns about its request. */
export interface Reading<C, P> {
  readonly caller: Caller<C, P>;
  readonly request: ReadRequest;
  /** Of the template that matched; empty for a resource of a fixed URI. */
  readonly variables: TemplateVariables;
}

/** What a resource holds. `undefined`: there is none of this URI after all. */
type Read<C, P> = (
  reading: Reading<C, P>,
) => ReadResourceResult | undefined | Promise<ReadResourceResult | undefined>;

/** A resource that this process reads. */
export interface InProcessResource<C, P> {
  readonly definition: Resource;
  readonly read: Read<C, P>;
}

/** A family of resources that this process reads. */
export interface InProcessTemplate<C, P> {
  readonly definition: ResourceTemplate;
  readonly read: Read<C, P>;
}

/** Options of {@link memoryResources}. */
export interface MemoryResourcesOptions<C, P> {
  /** In the order in which they are listed. */
  readonly resources?: readonly InProcessResource<C, P>[];
  /** Tried in this order, after the fixed URIs. */
  readonly templates?: readonly InProcessTemplate<C, P>[];
  /** Where a request's session is checked; the same store as the handler's. */
  readonly sessions?: SessionStore<C, P>;
  /** How long clients may keep lists and contents, and for whom. */
  readonly cache?: CacheHint;
  /** Default: everyone may read everything. */
  readonly authorize?: Authorize<C, P, Resource | ResourceTemplate>;
}

/**
 * A catalog of resources that this process reads.
 *
 * @throws TypeError when two have the same URI, or a template cannot be matched (see `parseTemplate`).
 */
export function memoryResources<C, P>(
  options: MemoryResourcesOptions<C, P>,
): ResourceCatalog<C, P> {
  const { sessions, cache, authorize } = options;
  const resources = uniquely("resources", options.resources ?? [], (r) => r.definition.uri);
  const nameOf = (template: InProcessTemplate<C, P>) => template.definition.uriTemplate;
  const templates = [...uniquely("templates", options.templates ?? [], nameOf).values()];
  const matchers = templates.map((template) => ({
    ...template,
    match: parseTemplate(template.definition.uriTemplate),
  }));

  const listed = fixedList([...resources.values()].map((r) => r.definition));
  const listedTemplates = fixedList(templates.map(({ definition }) => definition));

  function find(uri: string) {
    const resource = resources.get(uri);
    if (resource) return { ...resource, variables: {} };
    for (const { match, ...template } of matchers) {
      const variables = match(uri);
      if (variables) return { ...template, variables };
    }
    return undefined;
  }

  return {
    cache,
    list: (caller) => visible(authorize, caller, listed),
    templates: (caller) => visible(authorize, caller, listedTemplates),
    async read(caller, request) {
      const found = find(request.uri);
      const declined = await decline(authorize, sessions, caller, found?.definition);
      if (declined && declined.kind !== "unknown") return declined;
      if (declined || found === undefined) return { kind: "notFound" };
      const result = await found.read({ caller, request, variables: found.variables });
      return result === undefined ? { kind: "notFound" } : { kind: "result", result, cache };
    },
  };
}
