import type {
  CacheHint,
  ListRequest,
  ReadOutcome,
  ReadRequest,
  ResourceCatalog as ResourceSource,
  TemplateVariables,
} from "@convex-mcp/protocol";
import type { Value } from "convex/values";
import { cacheFor } from "../cache.ts";
import type { Subject } from "../calls/decision.ts";
import { decline, visible } from "../calls/guard.ts";
import { readArgs, readBesideSession, recordedList } from "../calls/reading.ts";
import { NOT_FOUND as NO_SUCH } from "../calls/record.ts";
import type { Config } from "../config.ts";
import { handedArgs } from "../identity/caller.ts";
import type { Principal } from "../identity/principal.ts";
import type { RequestScope } from "../identity/scope.ts";
import type { Who } from "../identity/who.ts";
import { fromText } from "../values/fromText.ts";
import { own } from "../values/own.ts";
import type { ResourceCatalog } from "./catalog.ts";
import { toContents } from "./contents.ts";
import { refusesId } from "./ids.ts";
import type { McpResource } from "./resource.ts";

/** The declared resources as the protocol core asks for them: listed and read as `authorize` says. */
export function createResourceSource(
  config: Config,
  { fixed, families }: ResourceCatalog,
  cache?: CacheHint,
): ResourceSource<RequestScope, Principal> {
  const listed = <Resource extends McpResource>(
    caller: Who,
    request: ListRequest<Resource["definition"]>,
    method: string,
    resources: readonly Resource[],
  ) =>
    recordedList(config, caller, method, request, async () =>
      (await visible(config, caller, resources, subjectOf)).map(
        ({ definition }): Resource["definition"] => definition,
      ),
    );
  return {
    cache: (caller) => cacheFor(cache, caller),
    list: (caller, request) => listed(caller, request, "resources/list", [...fixed.values()]),
    templates: (caller, request) => {
      const resources = [...families.values()].map(({ resource }) => resource);
      return listed(caller, request, "resources/templates/list", resources);
    },
    read: (caller, request) =>
      read(config, caller, find({ fixed, families }, request.uri), request),
  };
}

/** What `authorize` is told of a resource. */
export function subjectOf({ name, metadata }: McpResource): Subject {
  return { tool: name, kind: "resource", toolMetadata: metadata };
}

/** A resource that a URI names. */
export interface Found {
  readonly resource: McpResource;
  readonly variables: TemplateVariables;
}

/** What a URI names: a fixed one, else the first family that it fits. */
export function find({ fixed, families }: ResourceCatalog, uri: string): Found | undefined {
  const resource = fixed.get(uri);
  if (resource !== undefined) return { resource, variables: {} };
  for (const { resource, match } of families.values()) {
    const variables = match(uri);
    if (variables !== undefined) return { resource, variables };
  }
  return undefined;
}

async function read(
  config: Config,
  caller: Who,
  found: Found | undefined,
  { id, meta, uri }: ReadRequest,
): Promise<ReadOutcome> {
  const subject = found && subjectOf(found.resource);
  const entry = {
    kind: "resource" as const,
    id,
    meta,
    ...(found === undefined ? { errorCode: NO_SUCH } : { name: found.resource.name }),
    ...(found === undefined ? {} : readArgs(config, found.variables)),
  };
  const decided = await decline(config, caller, subject, found?.variables ?? {}, entry);
  if (decided.kind !== "allowed") return decided;
  if (found === undefined) return NOT_FOUND;
  const { resource } = found;
  const args = argsOf(found);
  const reading = await readBesideSession(
    config,
    caller,
    `Resource "${resource.name}"`,
    async () => args && toContents(resource, uri, await query(caller, resource, args)),
    { ...entry, decision: decided.decision },
  );
  if (reading.kind !== "value") return reading;
  const { value: contents } = reading;
  if (contents === undefined) return NOT_FOUND;
  return { kind: "result", result: { contents }, cache: cacheFor(resource.cache, caller) };
}

const NOT_FOUND: ReadOutcome = { kind: "notFound" };

/** The arguments that a URI tells; `undefined` for a URI that is none of the family after all. */
export function argsOf({ resource, variables }: Found): Record<string, Value> | undefined {
  if (resource.kind === "fixed") return {};
  const entries: [string, Value][] = [];
  for (const [name, validator] of Object.entries(resource.args)) {
    const text = own(variables, name);
    if (text === undefined && validator.isOptional === "optional") continue;
    const value = text === undefined ? undefined : fromText(validator, text);
    if (value === undefined) return undefined;
    entries.push([name, value]);
  }
  return Object.fromEntries(entries);
}

/** Asks a resource's query as the caller; `null` where there is nothing. */
export async function query(
  { context, principal }: Who,
  resource: McpResource,
  args: Record<string, Value>,
): Promise<Value> {
  try {
    const given = await handedArgs(resource, args, principal);
    return (await context.ctx.runQuery(resource.fn, given)) as Value;
  } catch (error) {
    // A URI made of something else than an id names nothing that there is.
    if (resource.kind === "template" && refusesId(error)) return null;
    throw error;
  }
}
