import type {
  Channel,
  ContentBlock,
  Icon,
  ObjectSchema,
  ToolAnnotations,
} from "@convex-mcp/protocol";
import type { FunctionReturnType, GenericActionCtx, GenericDataModel } from "convex/server";
import type { GenericValidator, Infer, ObjectType, PropertyValidators, Value } from "convex/values";
import { withoutHandle } from "./handle.ts";
import type { CheckedArgs, CheckedReturns, Descriptions, Reference } from "./checked.ts";
import type {
  ActionTool,
  AnyFunction,
  MutationTool,
  QueryTool,
  ToolAudit,
  ToolKind,
  ToolMetadata,
} from "./tool.ts";

/** Convex ends an action after 30 minutes; ten cover nearly all, and a later end still corrects the entry. */
const DEADLINE_MS = 10 * 60_000;

/** What every definition has, whatever it wraps. */
export interface ToolOptions<Args extends PropertyValidators, Result> {
  /** 1 to 64 characters of `A-Z a-z 0-9 _ -`: what every revision and the big vendors accept. */
  readonly name: string;
  /** What the tool does and when to use it; the model reads this. */
  readonly description: string;
  /** A name for people. */
  readonly title?: string;
  readonly icons?: readonly Icon[];
  /** Hints for clients. Queries are `readOnlyHint: true` unless said otherwise. */
  readonly annotations?: ToolAnnotations;
  /** A sentence on each argument, for the model. */
  readonly describe?: Descriptions<Args>;
  /**
   * A JSON Schema (2020-12) to show instead of the one that `args` make, for what validators cannot say: `minLength`, `if`.
   * Arguments are checked by `args` alone: keep the two in step.
   */
  readonly inputSchema?: ObjectSchema;
  /** What `authorize` gets as `toolMetadata`. */
  readonly metadata?: ToolMetadata;
  /** What the audit log keeps of arguments and result. Default: all but well-known secrets. */
  readonly audit?: ToolAudit;
  /** Turns the result into content blocks (images, links, several texts). It must be pure; when it throws, the result is sent as text. */
  readonly content?: (result: Result) => readonly ContentBlock[];
}

/** A definition over an existing function. */
export interface FunctionToolOptions<
  Fn extends Reference<ToolKind>,
  Args extends PropertyValidators,
  Returns extends GenericValidator,
> extends ToolOptions<Args, FunctionReturnType<Fn>> {
  /** The function, public or internal: `api.invoices.list`. */
  readonly fn: Fn;
  /** The function's arguments, as validators: they become `inputSchema` and are checked before the function is called. */
  readonly args: CheckedArgs<Fn, Args> & PropertyValidators;
  /** The function's result, as a validator: it becomes `outputSchema`, and the result `structuredContent`. */
  readonly returns?: CheckedReturns<FunctionReturnType<Fn>, Returns>;
}

/** Options of `defineMcpQuery`. */
export interface QueryToolOptions<
  Fn extends Reference<"query">,
  Args extends PropertyValidators,
  Returns extends GenericValidator,
> extends FunctionToolOptions<Fn, Args, Returns> {
  /**
   * `"snapshot"` (default): runs inside the dispatcher on a recent snapshot, in one call with its audit entry.
   * `"query"`: a plain query that sees the latest commit and uses the query cache; its entry is a second call.
   */
  readonly consistency?: "snapshot" | "query";
}

/** Options of `defineMcpAction` over an action. */
export interface ActionToolOptions<
  Fn extends Reference<"action">,
  Args extends PropertyValidators,
  Returns extends GenericValidator,
> extends FunctionToolOptions<Fn, Args, Returns> {
  /** After this long an entry without an end reads "lost". Default 10 minutes; the action is not stopped. */
  readonly deadlineMs?: number;
}

/** Options of `defineMcpAction` with its code inline. */
export interface HandlerToolOptions<
  Args extends PropertyValidators,
  Returns extends GenericValidator,
> extends ToolOptions<Args, Infer<Returns>> {
  readonly args: Args;
  /** Must cover what the handler gives back. */
  readonly returns?: Returns;
  /**
   * Runs inside the HTTP action: `ctx.auth`, `ctx.runQuery`, `fetch`. The channel tells and asks the client meanwhile, on
   * a gateway with `mcpStreaming()`; on any other what it tells is dropped, and it cannot ask.
   *
   * A question may end the run: let what `isInterruption` knows pass. In 2026-07-28 the handler then runs again from its
   * start with the answer, so what must happen once comes after the last question.
   */
  readonly handler: (
    ctx: GenericActionCtx<GenericDataModel>,
    args: ObjectType<Args>,
    channel: Channel,
  ) => Infer<Returns> | Promise<Infer<Returns>>;
  readonly deadlineMs?: number;
}

/**
 * Makes a query callable as a tool. Inside it `ctx.auth.getUserIdentity()` is the user on whose behalf the agent acts.
 *
 * @example
 * defineMcpQuery({
 *   name: "invoices_list",
 *   description: "List the signed-in user's invoices.",
 *   fn: api.invoices.list,
 *   args: { status: v.optional(v.union(v.literal("open"), v.literal("paid"))) },
 *   metadata: { scopes: ["invoices:read"] },
 * });
 */
export function defineMcpQuery<
  Fn extends Reference<"query">,
  const Args extends PropertyValidators,
  Returns extends GenericValidator = GenericValidator,
>(options: QueryToolOptions<Fn, Args, Returns> & { readonly args: Args }): QueryTool {
  return {
    ...base(options),
    kind: "query",
    fn: options.fn,
    consistency: options.consistency ?? "snapshot",
    annotations: { readOnlyHint: true, ...options.annotations },
  };
}

/** Makes a mutation callable as a tool. It and its audit entry commit together; when it throws, it alone is rolled back. */
export function defineMcpMutation<
  Fn extends Reference<"mutation">,
  const Args extends PropertyValidators,
  Returns extends GenericValidator = GenericValidator,
>(options: FunctionToolOptions<Fn, Args, Returns> & { readonly args: Args }): MutationTool {
  return { ...base(options), kind: "mutation", fn: options.fn };
}

/** Makes an action, or code given inline as `handler`, callable as a tool. Its audit entry is opened before it runs. */
export function defineMcpAction<
  Fn extends Reference<"action">,
  const Args extends PropertyValidators,
  Returns extends GenericValidator = GenericValidator,
>(options: ActionToolOptions<Fn, Args, Returns> & { readonly args: Args }): ActionTool;
export function defineMcpAction<
  const Args extends PropertyValidators,
  Returns extends GenericValidator = GenericValidator,
>(options: HandlerToolOptions<Args, Returns>): ActionTool;
export function defineMcpAction(
  options: Definition & {
    readonly fn?: AnyFunction<"action">;
    readonly handler?: unknown;
    readonly deadlineMs?: number;
  },
): ActionTool {
  const { fn, handler } = options;
  const { args, takesHandle } = withoutHandle(options.args);
  return {
    ...base({ ...options, args }),
    kind: "action",
    run:
      typeof handler === "function"
        ? { handler: handler as Extract<ActionTool["run"], { handler: unknown }>["handler"] }
        : { fn: fn as AnyFunction<"action">, takesHandle },
    deadlineMs: options.deadlineMs ?? DEADLINE_MS,
  };
}

/** What the three have in common once their types have been checked. */
interface Definition {
  readonly name: string;
  readonly description: string;
  readonly title?: string;
  readonly icons?: readonly Icon[];
  readonly annotations?: ToolAnnotations;
  readonly args: PropertyValidators;
  readonly inputSchema?: ObjectSchema;
  readonly returns?: unknown;
  readonly describe?: Readonly<Record<string, string | undefined>>;
  readonly metadata?: ToolMetadata;
  readonly audit?: ToolAudit;
  readonly content?: (result: never) => readonly ContentBlock[];
}

function base(options: Definition): Omit<MutationTool, "kind" | "fn"> {
  const { name, description, title, icons, annotations, inputSchema, returns, content } = options;
  return {
    name,
    description,
    args: options.args,
    describe: options.describe ?? {},
    metadata: options.metadata ?? {},
    audit: options.audit ?? {},
    ...(title === undefined ? {} : { title }),
    ...(icons === undefined ? {} : { icons }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(inputSchema === undefined ? {} : { inputSchema }),
    ...(returns === undefined ? {} : { returns: returns as GenericValidator }),
    ...(content === undefined
      ? {}
      : { content: content as (result: Value) => readonly ContentBlock[] }),
  };
}
