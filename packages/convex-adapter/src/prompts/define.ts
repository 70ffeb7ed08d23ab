import type { Channel, Icon, Meta } from "@convex-mcp/protocol";
import type { FunctionReturnType } from "convex/server";
import type { Infer, ObjectType, PropertyValidators } from "convex/values";
import type { CheckedSuggestions, Suggestions } from "../completion/completable.ts";
import type { McpCallArgument } from "../component/handle.ts";
import type { CheckedArgs, Descriptions, Mismatch, Reference } from "../tools/checked.ts";
import { withoutHandle } from "../tools/handle.ts";
import type { AnyFunction, ToolMetadata } from "../tools/tool.ts";
import type { McpPrompt, McpPromptResult, PromptHandler } from "./prompt.ts";

/** MCP has no other arguments. */
type CheckedStrings<Args extends PropertyValidators, Besides = never> = {
  [Name in keyof Args]: [Infer<Args[Name]>] extends [string | Besides | undefined]
    ? Args[Name]
    : Mismatch<string>;
};

type CheckedMessages<Fn extends Reference<"query">> = [FunctionReturnType<Fn>] extends [
  McpPromptResult,
]
  ? Fn
  : Mismatch<FunctionReturnType<Fn>>;

/** What every prompt has. */
export interface PromptOptions<Args extends PropertyValidators, Complete> {
  /** 1 to 64 characters of `A-Z a-z 0-9 _ -`: clients make commands of it. */
  readonly name: string;
  /** A name for people. */
  readonly title?: string;
  /** What it is for; people choose by this. */
  readonly description: string;
  readonly icons?: readonly Icon[];
  /** Extensions' own, for clients that know them. Default: none. */
  readonly _meta?: Meta;
  /** A sentence on each argument. */
  readonly describe?: Descriptions<Args>;
  /** Queries that suggest values, `{ value, context? }` to `string[]`, by argument; with `mcp` where `args` has it. */
  readonly complete?: CheckedSuggestions<Complete, Args>;
  /** What `authorize` gets as `toolMetadata`. */
  readonly metadata?: ToolMetadata;
}

/** Options of `defineMcpPrompt` over a query. */
export interface FunctionPromptOptions<
  Fn extends Reference<"query">,
  Args extends PropertyValidators,
  Complete,
> extends PromptOptions<Args, Complete> {
  /** A query, public or internal, that gives a text or messages. */
  readonly fn: Fn & CheckedMessages<Fn>;
  /** The query's arguments, as validators of strings. And `mcp: v.optional(vMcpCall)` for a query that asks `mcpCaller`. */
  readonly args: CheckedArgs<Fn, Args> & CheckedStrings<Args, McpCallArgument> & PropertyValidators;
}

/** Options of `defineMcpPrompt` with its messages inline. */
export interface InlinePromptOptions<
  Args extends PropertyValidators,
  Complete,
> extends PromptOptions<Args, Complete> {
  /** Validators of strings. */
  readonly args: Args & CheckedStrings<Args>;
  /**
   * Makes the messages, inside the HTTP action; no function is called. The channel asks the user first, on a gateway with
   * `mcpStreaming()`: what `isInterruption` knows must pass, and in 2026-07-28 this runs again from its start with the
   * answer.
   */
  readonly messages: (
    args: ObjectType<Args>,
    channel: Channel,
  ) => McpPromptResult | Promise<McpPromptResult>;
}

/**
 * Makes a prompt that people can pick in their client: of what a query gives, as the signed-in user, or of messages
 * given inline. A string is one message of the user.
 *
 * @example
 * defineMcpPrompt({
 *   name: "dunning_letter",
 *   description: "Draft a reminder of a customer's open invoices.",
 *   fn: api.letters.dunning,
 *   args: { customer: v.string() },
 *   complete: { customer: api.customers.suggest },
 * });
 */
export function defineMcpPrompt<
  Fn extends Reference<"query">,
  const Args extends PropertyValidators,
  Complete = unknown,
>(
  options: FunctionPromptOptions<Fn, Args, Complete> & {
    readonly args: Args;
    readonly complete?: Complete;
  },
): McpPrompt;
export function defineMcpPrompt<const Args extends PropertyValidators, Complete = unknown>(
  options: InlinePromptOptions<Args, Complete> & {
    readonly args: Args;
    readonly complete?: Complete;
  },
): McpPrompt;
export function defineMcpPrompt(options: Definition): McpPrompt {
  const { fn, messages, args: declared, describe, complete, metadata, ...definition } = options;
  const inline = typeof messages === "function";
  const { args, takesHandle } = withoutHandle(declared);
  return {
    name: definition.name,
    definition,
    // With a handle that nothing would fill in, inline messages are refused.
    args: inline ? declared : args,
    describe: describe ?? {},
    complete: complete ?? {},
    metadata: metadata ?? {},
    run: inline
      ? { messages: messages as PromptHandler }
      : { fn: fn as AnyFunction<"query">, takesHandle },
  };
}

/** What both have once their types have been checked. */
interface Definition {
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly icons?: readonly Icon[];
  readonly _meta?: Meta;
  readonly args: PropertyValidators;
  readonly describe?: Readonly<Record<string, string | undefined>>;
  readonly complete?: Suggestions;
  readonly metadata?: ToolMetadata;
  readonly fn?: AnyFunction<"query">;
  readonly messages?: unknown;
}
