import type { CacheHint, Meta, Resource, ResourceTemplate } from "@convex-mcp/protocol";
import type { PropertyValidators, Value } from "convex/values";
import type { Suggestions } from "../completion/completable.ts";
import type { AnyFunction, ToolMetadata } from "../tools/tool.ts";

/** One part of what a resource holds. */
export type ResourcePart = {
  /** Default: the URI that was read. */
  readonly uri?: string;
  /** Default: the resource's. */
  readonly mimeType?: string;
  readonly _meta?: Meta;
} & ({ readonly text: string } | { readonly blob: ArrayBuffer });

interface ResourceBase {
  readonly name: string;
  readonly fn: AnyFunction<"query">;
  readonly metadata: ToolMetadata;
  readonly cache?: CacheHint;
  /** The parts of a result; without it the result is the only part. */
  readonly content?: (result: Value) => readonly ResourcePart[];
}

/** A resource of one URI. */
export interface FixedResource extends ResourceBase {
  readonly kind: "fixed";
  /** As `resources/list` shows it. */
  readonly definition: Resource;
}

/** A family of resources, whose URIs tell the arguments of its query. */
export interface TemplateResource extends ResourceBase {
  readonly kind: "template";
  /** As `resources/templates/list` shows it. */
  readonly definition: ResourceTemplate;
  readonly args: PropertyValidators;
  readonly complete: Suggestions;
}

/** A resource as `defineMcpResource` makes it. */
export type McpResource = FixedResource | TemplateResource;
