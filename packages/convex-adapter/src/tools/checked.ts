import type { FunctionArgs, FunctionReference } from "convex/server";
import type { GenericValidator, Infer, ObjectType, PropertyValidators } from "convex/values";
import type { McpCallArgument } from "../component/handle.ts";
import type { ToolKind } from "./tool.ts";

/** A reference to a function of a kind, its types included. */
export type Reference<Kind extends ToolKind> = FunctionReference<Kind, "public" | "internal">;

/** Two things that differ in what they take or give; the compiler prints this where a definition is wrong. */
export interface Mismatch<Expected> {
  readonly "does not match the function, which has": Expected;
}

/** `args` must be what the function takes: nothing missing, nothing more, no wider type. */
export type CheckedArgs<Fn extends Reference<ToolKind>, Args extends PropertyValidators> =
  ObjectType<Args> extends FunctionArgs<Fn>
    ? Exclude<keyof Args, keyof FunctionArgs<Fn>> extends never
      ? Args
      : Mismatch<FunctionArgs<Fn>>
    : Mismatch<FunctionArgs<Fn>>;

/** The names of arguments that clients know: all but the one of `vMcpCall`. */
export type ToldName<Args extends PropertyValidators> = keyof {
  [
    Name in keyof Args as [Infer<Args[Name]>] extends [McpCallArgument | undefined] ? never : Name
  ]: unknown;
};

/** The same where code runs before the function: what of its arguments is left to that, may be missing. */
export type CheckedPart<Fn extends Reference<ToolKind>, Args extends PropertyValidators> =
  ObjectType<Args> extends Pick<FunctionArgs<Fn>, keyof Args & keyof FunctionArgs<Fn>>
    ? Exclude<keyof Args, keyof FunctionArgs<Fn>> extends never
      ? Args
      : Mismatch<FunctionArgs<Fn>>
    : Mismatch<FunctionArgs<Fn>>;

/** What code that runs before a function has to give: what `args` is without; and what it may replace. */
export type Rest<Fn extends Reference<ToolKind>, Args extends PropertyValidators> =
  ObjectType<Args> extends FunctionArgs<Fn>
    ? Partial<FunctionArgs<Fn>> | undefined | void
    : Omit<FunctionArgs<Fn>, keyof Args> & Partial<FunctionArgs<Fn>>;

/** `returns` must cover what the function gives back. */
export type CheckedReturns<Result, Returns extends GenericValidator> = [Result] extends [
  Infer<Returns>,
]
  ? Returns
  : Mismatch<Result>;

/** By name. Of an empty object type the compiler would take any property. */
export type Descriptions<Args extends PropertyValidators> = keyof Args extends never
  ? Readonly<Record<string, never>>
  : { readonly [Name in keyof Args]?: string };
