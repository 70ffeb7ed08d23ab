import type { Annotations, CacheHint, Icon, Meta } from "@convex-mcp/protocol";
import type { FunctionArgs, FunctionReturnType } from "convex/server";
import type { Infer, PropertyValidators, Value, VOptional } from "convex/values";
import type { CheckedSuggestions, Suggestions } from "../completion/completable.ts";
import type { McpCallArgument, vMcpCall } from "../component/handle.ts";
import type { CheckedArgs, Mismatch, Reference, ToldName } from "../tools/checked.ts";
import { withoutHandle } from "../tools/handle.ts";
import type { AnyFunction, ToolMetadata } from "../tools/tool.ts";
import type { FixedResource, ResourcePart, TemplateResource } from "./resource.ts";
import type { TemplateVariable } from "./variables.ts";

/** The query of a resource of one URI is given nothing. */
type WithoutArgs<Fn extends Reference<"query">> =
  FunctionArgs<Fn> extends Readonly<Record<string, never>>
    ? Fn
    : Partial<FunctionArgs<Fn>> extends FunctionArgs<Fn>
      ? Fn
      : Mismatch<FunctionArgs<Fn>>;

/** Each argument is a variable of the template, and each variable an argument. */
type CheckedVariables<
  Template extends string,
  Args extends PropertyValidators,
> = string extends Template
  ? Args
  : Same<ToldName<Args>, TemplateVariable<Template>> extends true
    ? Args
    : Variables<TemplateVariable<Template>>;

type Same<A, B> = [A, B] extends [B, A] ? true : false;

/** The compiler prints this where `args` and the template differ. */
interface Variables<Names> {
  readonly "needs an argument for each of the template's variables, which are": Names;
}

/** What a text can tell, and what the gateway fills in. */
type CheckedText<Args extends PropertyValidators> = {
  [Name in keyof Args]: [Infer<Args[Name]>] extends [
    string | number | bigint | boolean | McpCallArgument | undefined,
  ]
    ? Args[Name]
    : Mismatch<string | number | bigint | boolean>;
};

/** What every resource has. */
export interface ResourceOptions<Result> {
  /** What `authorize` gets as `tool`, and clients where there is no title. Unique among the resources. */
  readonly name: string;
  /** A name for people. */
  readonly title?: string;
  /** What it holds; models read this. */
  readonly description?: string;
  /** Of its content. Default: `application/json` where the query gives neither a string nor bytes, and none otherwise. */
  readonly mimeType?: string;
  readonly icons?: readonly Icon[];
  /** Hints about who it is for, and how much it matters. */
  readonly annotations?: Annotations;
  /** Extensions' own, for clients that know them. Default: none. */
  readonly _meta?: Meta;
  /** What `authorize` gets as `toolMetadata`. */
  readonly metadata?: ToolMetadata;
  /** How long clients of 2026-07-28 may keep what they read. Default: not at all. `"public"` is said to strangers alone. */
  readonly cache?: CacheHint;
  /** Turns the result into several parts. It must be pure; no parts are no resource. When it throws, the read fails. */
  readonly content?: (result: Exclude<Result, null | undefined>) => readonly ResourcePart[];
}

/** Options of `defineMcpResource` for one URI. */
export interface FixedResourceOptions<Fn extends Reference<"query">> extends ResourceOptions<
  FunctionReturnType<Fn>
> {
  /** Absolute (RFC 3986): `invoices://recent`. Wins over templates that match it. */
  readonly uri: string;
  /** In bytes, before any encoding. */
  readonly size?: number;
  /** A query, public or internal, that needs no arguments. */
  readonly fn: Fn & WithoutArgs<Fn>;
  /** `{ mcp: v.optional(vMcpCall) }` for a query that asks `mcpCaller`. Default: none. */
  readonly args?: { readonly mcp: typeof vMcpCall | VOptional<typeof vMcpCall> };
}

/** Options of `defineMcpResource` for a family of URIs. */
export interface TemplateResourceOptions<
  Template extends string,
  Fn extends Reference<"query">,
  Args extends PropertyValidators,
  Complete,
> extends ResourceOptions<FunctionReturnType<Fn>> {
  /**
   * Expressions of RFC 6570: `{id}`, `{+path}`, `{/year,month}` and, at the end, `{?status}`, whose variables a URI may
   * lack. The first template that matches a URI is the one that is read.
   */
  readonly uriTemplate: Template;
  /** A query, public or internal, whose arguments are the template's variables. */
  readonly fn: Fn;
  /**
   * One for each variable. They arrive as text, and are strings, ids, int64, numbers, booleans, literals or a union of
   * these; a URI whose text is none of them does not exist. And `mcp: v.optional(vMcpCall)` for a query that asks `mcpCaller`.
   */
  readonly args: CheckedArgs<Fn, Args> &
    CheckedVariables<Template, Args> &
    CheckedText<Args> &
    PropertyValidators;
  /** Queries that suggest values, `{ value, context? }` to `string[]`, by variable; with `mcp` where `args` has it. */
  readonly complete?: CheckedSuggestions<Complete, Args>;
}

/**
 * Makes what a query gives readable as a resource, as the signed-in user: a string is text, bytes are a blob, `null` is
 * a resource that does not exist, and anything else is JSON.
 *
 * @example
 * defineMcpResource({
 *   uriTemplate: "invoices://{id}",
 *   name: "invoice",
 *   fn: api.invoices.get,
 *   args: { id: v.id("invoices") },
 *   complete: { id: api.invoices.suggest },
 *   metadata: { scopes: ["invoices:read"] },
 * });
 */
export function defineMcpResource<Fn extends Reference<"query">>(
  options: FixedResourceOptions<Fn>,
): FixedResource;
export function defineMcpResource<
  const Template extends string,
  Fn extends Reference<"query">,
  const Args extends PropertyValidators,
  Complete = unknown,
>(
  options: TemplateResourceOptions<Template, Fn, Args, Complete> & {
    readonly args: Args;
    readonly complete?: Complete;
  },
): TemplateResource;
export function defineMcpResource(options: Definition): FixedResource | TemplateResource {
  const {
    uri,
    uriTemplate,
    size,
    fn,
    args: declared,
    complete,
    metadata = {},
    cache,
    content,
    ...shown
  } = options;
  const { args, takesHandle } = withoutHandle(declared as PropertyValidators);
  const base = {
    name: shown.name,
    fn,
    takesHandle,
    metadata,
    ...(cache === undefined ? {} : { cache }),
    ...(content === undefined
      ? {}
      : { content: content as (result: Value) => readonly ResourcePart[] }),
  };
  return uriTemplate === undefined
    ? { ...base, kind: "fixed", definition: { uri: uri as string, ...shown, size } }
    : {
        ...base,
        kind: "template",
        definition: { uriTemplate, ...shown },
        args,
        complete: complete ?? {},
      };
}

/** What both have once their types have been checked. */
interface Definition extends Omit<ResourceOptions<never>, "content"> {
  readonly uri?: string;
  readonly size?: number;
  readonly uriTemplate?: string;
  readonly fn: AnyFunction<"query">;
  readonly args?: PropertyValidators;
  readonly complete?: Suggestions;
  readonly content?: (result: never) => readonly ResourcePart[];
}
