import type { CachePolicy, Caller, ListRequest } from "../rpc/caller.ts";
import type { Channel } from "../rpc/channel.ts";
import type { Denial } from "../rpc/denial.ts";
import type { Listing } from "../wire/listing.ts";
import type { RawJson } from "../wire/raw.ts";
import type { GetPromptResult, Meta, Prompt, RequestId } from "../wire/types.ts";

/** One `prompts/get`, its parameters checked for shape. */
export interface GetPromptRequest {
  readonly id: RequestId;
  readonly name: string;
  /** `{}` when the client sent none. Foreign: not yet checked against the prompt's arguments. */
  readonly arguments: Readonly<Record<string, string>>;
  readonly meta: Meta | undefined;
  /** To the client, while the prompt is filled in. */
  readonly channel: Channel;
}

/** How a `prompts/get` ended. */
export type PromptOutcome =
  | { readonly kind: "result"; readonly result: GetPromptResult | RawJson }
  /** There is none of this name, or this caller may not know of it. */
  | { readonly kind: "notFound" }
  /** What is wrong with the arguments, for the client: answered with 200 and -32602. */
  | { readonly kind: "invalid"; readonly message: string }
  | Denial;

/** The prompts of a server. A rejection is reported to `onError` and answered with an internal error. */
export interface PromptCatalog<C, P> {
  /** Of the list. Default: stale at once, and private. */
  readonly cache?: CachePolicy<C, P> | undefined;
  /** What this caller may use, in an order that does not change between two calls. */
  list(caller: Caller<C, P>, request: ListRequest<Prompt>): Promise<Listing<Prompt>>;
  /** Fills in a prompt. Checks the session ITSELF when `caller.sessionId` is set. */
  get(caller: Caller<C, P>, request: GetPromptRequest): Promise<PromptOutcome>;
}
