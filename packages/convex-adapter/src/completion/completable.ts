import type { FunctionArgs, FunctionReturnType } from "convex/server";
import type { PropertyValidators } from "convex/values";
import type { Subject } from "../calls/decision.ts";
import type { Mismatch, Reference, ToldName } from "../tools/checked.ts";
import type { AnyFunction } from "../tools/tool.ts";

/** Something with arguments that a client may ask suggestions for. */
export interface Completable {
  /** What is decided, as a call of it. */
  readonly subject: Subject;
  readonly args: PropertyValidators;
  /** Queries by the name of their argument; not every argument has one. */
  readonly complete: Suggestions;
  /** They have the argument `mcp: vMcpCall`, as what is completed has. */
  readonly takesHandle: boolean;
}

/** Queries that suggest values, by argument. */
export type Suggestions = Readonly<Record<string, AnyFunction<"query"> | undefined>>;

/** What a query that suggests values is given. */
export interface SuggestionArgs {
  /** What the user has typed. */
  value: string;
  /** The other arguments, as far as they are settled; absent where none is. */
  context?: Record<string, string>;
}

/** Each must be of an argument that there is, and be a query that takes `SuggestionArgs` and gives strings. */
export type CheckedSuggestions<Complete, Args extends PropertyValidators> = {
  readonly [Name in keyof Complete]: Name extends ToldName<Args>
    ? CheckedSuggestion<Complete[Name], Exclude<keyof Args, ToldName<Args>>>
    : Mismatch<ToldName<Args>>;
};

/** `Handle` is `"mcp"` where it is handed on. */
type CheckedSuggestion<Fn, Handle> =
  Fn extends Reference<"query">
    ? SuggestionArgs extends FunctionArgs<Fn>
      ? Exclude<keyof SuggestionArgs | Handle, keyof FunctionArgs<Fn>> extends never
        ? [FunctionReturnType<Fn>] extends [readonly string[]]
          ? Fn
          : Mismatch<FunctionReturnType<Fn>>
        : Mismatch<FunctionArgs<Fn>>
      : Mismatch<FunctionArgs<Fn>>
    : Reference<"query">;
