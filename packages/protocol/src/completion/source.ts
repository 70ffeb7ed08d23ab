import type { Caller, RequestMark } from "../rpc/caller.ts";
import type { Denial } from "../rpc/denial.ts";
import type { Completion, CompletionReference } from "../wire/types.ts";

/** One `completion/complete`, its parameters checked for shape. */
export interface CompletionRequest extends RequestMark {
  readonly ref: CompletionReference;
  /** The argument to complete, and what the user has typed. */
  readonly argument: { readonly name: string; readonly value: string };
  /** The arguments that are settled already; `{}` when the client sent none. Since 2025-06-18. */
  readonly context: Readonly<Record<string, string>>;
}

/** How a `completion/complete` ended. */
export type CompletionOutcome =
  | { readonly kind: "result"; readonly completion: Completion }
  /** There is no such prompt, template or argument, or this caller may not know of it. */
  | { readonly kind: "notFound" }
  | Denial;

/** Where suggestions come from. A rejection is reported to `onError` and answered with an internal error. */
export interface CompletionSource<C, P> {
  /** Suggests values. Checks the session ITSELF when `caller.sessionId` is set. */
  complete(caller: Caller<C, P>, request: CompletionRequest): Promise<CompletionOutcome>;
}
