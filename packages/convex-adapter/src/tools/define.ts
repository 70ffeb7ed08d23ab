import type {
  Channel,
  ContentBlock,
  Icon,
  Meta,
  ObjectSchema,
  ToolAnnotations,
} from "@convex-mcp/protocol";
import type { FunctionReturnType, GenericActionCtx, GenericDataModel } from "convex/server";
import type { GenericValidator, Infer, ObjectType, PropertyValidators } from "convex/values";
import { withoutHandle } from "./handle.ts";
import type { MirroredHeaders } from "./headers.ts";
import type { Idempotency } from "./idempotency.ts";
import type {
  CheckedArgs,
  CheckedPart,
  CheckedReturns,
  Descriptions,
  Reference,
  Rest,
} from "./checked.ts";
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
  /** Pictures that clients may show. */
  readonly icons?: readonly Icon[];
  /** Hints for clients. Queries are `readOnlyHint: true` unless said otherwise. */
  readonly annotations?: ToolAnnotations;
  /** Extensions' own, for clients that know them: `{ ui: { resourceUri: "ui://invoices" } }`. Default: none. */
  readonly _meta?: Meta;
  /** A sentence on each argument, for the model. */
  readonly describe?: Descriptions<Args>;
  /**
   * A JSON Schema (2020-12) to show instead of the one that `args` make, for what validators cannot say: `minLength`, `if`.
   * Arguments are checked by `args` alone: keep the two in step.
   */
  readonly inputSchema?: ObjectSchema;
  /** `mcpHeaders({ region: "Region" })`: clients of 2026-07-28 repeat these arguments in headers. Default: none. */
  readonly headers?: MirroredHeaders<keyof Args & string>;
  /** What `authorize` gets as `toolMetadata`. */
  readonly metadata?: ToolMetadata;
  /** What the audit log keeps of arguments and result. Default: all but well-known secrets. */
  readonly audit?: ToolAudit<ObjectType<Args>>;
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
   * `"query"`: a plain query that sees the latest commit and uses the query cache; its entry is a second call. Only a
   * transaction can tell whose table an id is of, so a wrong one is judged by the query itself, and reads as a failure.
   */
  readonly consistency?: "snapshot" | "query";
}

/** Options of `defineMcpMutation`. */
export interface MutationToolOptions<
  Fn extends Reference<"mutation">,
  Args extends PropertyValidators,
  Returns extends GenericValidator,
> extends FunctionToolOptions<Fn, Args, Returns> {
  /** `mcpIdempotency()`: a call that is sent again, with the same key, happens once. Default: each call happens. */
  readonly idempotency?: Idempotency;
}

/** Options of `defineMcpAction` over an action. */
export interface ActionToolOptions<
  Fn extends Reference<"action">,
  Args extends PropertyValidators,
  Returns extends GenericValidator,
> extends FunctionToolOptions<Fn, Args, Returns> {
  /** After this long an entry without an end reads "lost". Default 10 minutes; the action is not stopped. */
  readonly deadlineMs?: number;
  /**
   * Answers a client that knows tasks at once, and goes on in the background, on a gateway with `mcpTasks()`. Any other
   * client waits (`"optional"`) or is refused (`"required"`); strangers get no tasks. Default: no task.
   *
   * In the background `ctx.auth` is nobody. So the function declares `mcp: vMcpCall`, and asks `mcpCall(...).identity()`.
   */
  readonly task?: "optional" | "required";
}

/** Options of `defineMcpAction` over an action, with code inline that runs before it. */
export interface PreparedToolOptions<
  Fn extends Reference<"action">,
  Args extends PropertyValidators,
  Returns extends GenericValidator,
> extends Omit<ActionToolOptions<Fn, Args, Returns>, "args"> {
  /** Those of the function's arguments that clients give. */
  readonly args: CheckedPart<Fn, Args> & PropertyValidators;
  /**
   * Runs inside the HTTP action, before the function and before its task exists: asks what has to be known first, as an
   * inline `handler` does, or throws, which ends the call. It gives the function's other arguments, which no client can
   * fill in and the audit log does not keep; what it gives under a name of `args` replaces that.
   */
  readonly before: (
    ctx: GenericActionCtx<GenericDataModel>,
    args: Omit<ObjectType<Args>, "mcp">,
    channel: Channel,
  ) => Rest<Fn, Args> | Promise<Rest<Fn, Args>>;
}

/** Options of `defineMcpAction` with its code inline. */
export interface HandlerToolOptions<
  Args extends PropertyValidators,
  Returns extends GenericValidator,
> extends ToolOptions<Args, Infer<Returns>> {
  /** The arguments, as validators: they become `inputSchema`, and are checked before the handler runs. */
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
  /** After this long an entry without an end reads "lost". Default 10 minutes. */
  readonly deadlineMs?: number;
}

/**
 * Makes a query callable as a tool. Inside it `ctx.auth.getUserIdentity()` is the user on whose behalf the agent acts. What is
 * declared wrongly is a TypeError of `new McpGateway`, which names the tool.
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
  return toTool("query", options, { hints: READ_ONLY }) as QueryTool;
}

/**
 * Makes a mutation callable as a tool. It and its audit entry commit together; when it throws, it alone is rolled back. What is
 * declared wrongly is a TypeError of `new McpGateway`, which names the tool.
 */
export function defineMcpMutation<
  Fn extends Reference<"mutation">,
  const Args extends PropertyValidators,
  Returns extends GenericValidator = GenericValidator,
>(options: MutationToolOptions<Fn, Args, Returns> & { readonly args: Args }): MutationTool {
  const hints = options.idempotency?.required === true ? { idempotentHint: true } : undefined;
  return toTool("mutation", options, { hints }) as MutationTool;
}

/**
 * Makes an action, or code given inline as `handler`, callable as a tool. Its audit entry is opened before it runs. What is
 * declared wrongly is a TypeError of `new McpGateway`, which names the tool.
 */
export function defineMcpAction<
  Fn extends Reference<"action">,
  const Args extends PropertyValidators,
  Returns extends GenericValidator = GenericValidator,
>(options: ActionToolOptions<Fn, Args, Returns> & { readonly args: Args }): ActionTool;
export function defineMcpAction<
  Fn extends Reference<"action">,
  const Args extends PropertyValidators,
  Returns extends GenericValidator = GenericValidator,
>(options: PreparedToolOptions<Fn, Args, Returns> & { readonly args: Args }): ActionTool;
export function defineMcpAction<
  const Args extends PropertyValidators,
  Returns extends GenericValidator = GenericValidator,
>(options: HandlerToolOptions<Args, Returns>): ActionTool;
export function defineMcpAction(options: Definition): ActionTool {
  const { fn, handler } = options;
  const inline = typeof handler === "function";
  const { args, takesHandle } = withoutHandle(options.args);
  // With a handle that nothing would fill in, inline code is refused.
  const own = inline ? { run: { handler } } : { args, run: { fn, takesHandle } };
  return toTool("action", options, own) as unknown as ActionTool;
}

/** What the three have in common once their types have been checked. */
interface Definition {
  readonly name: string;
  readonly description: string;
  readonly title?: string;
  readonly icons?: readonly Icon[];
  readonly annotations?: ToolAnnotations;
  readonly _meta?: Meta;
  readonly args: PropertyValidators;
  readonly inputSchema?: ObjectSchema;
  readonly returns?: unknown;
  readonly describe?: Readonly<Record<string, string | undefined>>;
  readonly headers?: MirroredHeaders;
  readonly metadata?: ToolMetadata;
  readonly audit?: ToolAudit;
  readonly content?: (result: never) => readonly ContentBlock[];
  readonly fn?: AnyFunction<ToolKind>;
  readonly consistency?: QueryTool["consistency"];
  readonly idempotency?: Idempotency;
  readonly handler?: unknown;
  readonly before?: unknown;
  readonly deadlineMs?: number;
  readonly task?: "optional" | "required";
}

const READ_ONLY: ToolAnnotations = { readOnlyHint: true };
const NOTHING = {};

/** In one piece: it runs for every tool on every request, and copies of copies would be most of what that costs. */
function toTool(
  kind: ToolKind,
  options: Definition,
  own: {
    readonly hints?: ToolAnnotations | undefined;
    readonly args?: PropertyValidators;
    readonly run?: object;
  },
): object {
  const { hints } = own;
  const { annotations } = options;
  const { args, takesHandle } = own.run
    ? { args: own.args, takesHandle: undefined }
    : withoutHandle(options.args);
  return {
    kind,
    name: options.name,
    title: options.title,
    description: options.description,
    icons: options.icons,
    annotations: hints && annotations ? { ...hints, ...annotations } : (hints ?? annotations),
    _meta: options._meta,
    args: args ?? options.args,
    takesHandle,
    inputSchema: options.inputSchema,
    returns: options.returns,
    describe: options.describe ?? NOTHING,
    headers: options.headers,
    metadata: options.metadata ?? NOTHING,
    audit: options.audit ?? NOTHING,
    content: options.content,
    fn: options.fn,
    consistency: options.consistency ?? "snapshot",
    idempotency: options.idempotency,
    run: own.run,
    before: options.before,
    task: options.task,
    deadlineMs: options.deadlineMs ?? DEADLINE_MS,
  };
}
