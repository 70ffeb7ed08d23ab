import type { PathOf, RedactionRules } from "@convex-mcp/audit";
import type {
  Channel,
  ContentBlock,
  Icon,
  Meta,
  ObjectSchema,
  ToolAnnotations,
} from "@convex-mcp/protocol";
import type { FunctionReference, GenericActionCtx, GenericDataModel } from "convex/server";
import type { GenericValidator, PropertyValidators, Value } from "convex/values";
import type { MirroredHeaders } from "./headers.ts";
import type { Idempotency } from "./idempotency.ts";

/** What a tool wraps. */
export type ToolKind = "query" | "mutation" | "action";

/**
 * What `authorize` is told of a tool. `scopes`, `roles` and `public` are what `requireScopes()` and `requireRoles()` read; add
 * what your own policy needs, and give it a type:
 *
 * @example
 * declare module "convex-mcp-gateway" {
 *   interface ToolMetadata {
 *     readonly plan?: "free" | "paid";
 *   }
 * }
 */
export interface ToolMetadata {
  /** OAuth scopes that a call needs, all of them. */
  readonly scopes?: readonly string[];
  /** Roles of which a caller needs one. */
  readonly roles?: readonly string[];
  /** True: strangers may list and call it (on a mount that admits them). */
  readonly public?: boolean;
  readonly [key: string]: unknown;
}

/**
 * How much of a payload of type `T` the audit log keeps: `"verbatim"`, `"drop"`, or rules for its paths, which the compiler
 * checks. Well-known secrets are redacted unless a payload, or a path of the rules, is `verbatim`.
 */
export type ToolRedaction<T = unknown> = "verbatim" | "drop" | RedactionRules<PathOf<T>>;

/** How much of a call the audit log keeps. Default of both: all but the values of well-known secret names. */
export interface ToolAudit<Args = unknown, Result = unknown> {
  readonly args?: ToolRedaction<Args>;
  readonly result?: ToolRedaction<Result>;
}

/** Any function reference of a kind; its arguments and result were checked where the tool was defined. */
export type AnyFunction<Kind extends ToolKind> = FunctionReference<Kind, "public" | "internal">;

interface ToolBase {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description: string;
  readonly icons?: readonly Icon[] | undefined;
  readonly annotations?: ToolAnnotations | undefined;
  readonly _meta?: Meta | undefined;
  readonly args: PropertyValidators;
  /** Shown in place of the schema that `args` make. */
  readonly inputSchema?: ObjectSchema | undefined;
  readonly returns?: GenericValidator | undefined;
  readonly describe: Readonly<Record<string, string | undefined>>;
  readonly headers?: MirroredHeaders | undefined;
  /** Of mutations alone: nothing else is undone with what is kept of it. */
  readonly idempotency?: Idempotency | undefined;
  readonly metadata: ToolMetadata;
  readonly audit: ToolAudit;
  /** Content blocks of a result; without it the text of the result is its only block. */
  readonly content?: ((result: Value) => readonly ContentBlock[]) | undefined;
  /** Of an action: it goes on as a task where the client can be given one, and is refused otherwise, or not. */
  readonly task?: "optional" | "required" | undefined;
}

/** A query as a tool. */
export interface QueryTool extends ToolBase {
  readonly kind: "query";
  readonly fn: AnyFunction<"query">;
  readonly consistency: "snapshot" | "query";
  /** The function has the argument `mcp: vMcpCall`, which `args` is without. */
  readonly takesHandle?: boolean;
}

/** A mutation as a tool. */
export interface MutationTool extends ToolBase {
  readonly kind: "mutation";
  readonly fn: AnyFunction<"mutation">;
  /** As of a query. */
  readonly takesHandle?: boolean;
}

/** Runs inside the HTTP action, with its `ctx`. */
export type ActionHandler = (
  ctx: GenericActionCtx<GenericDataModel>,
  args: Record<string, Value>,
  channel: Channel,
) => Promise<Value | undefined>;

/** An action, or code that runs in the HTTP action, as a tool. */
export interface ActionTool extends ToolBase {
  readonly kind: "action";
  readonly run:
    | {
        readonly fn: AnyFunction<"action">;
        /** The action has the argument `mcp: vMcpCall`, which `args` is without. */
        readonly takesHandle: boolean;
      }
    | { readonly handler: ActionHandler };
  /** Runs inside the HTTP action, before `fn` and before its task exists; gives arguments that clients cannot. */
  readonly before?: ActionHandler | undefined;
  readonly deadlineMs: number;
}

/** A tool as `defineMcpQuery`, `defineMcpMutation` and `defineMcpAction` make it. */
export type McpTool = QueryTool | MutationTool | ActionTool;
