import type { Caller } from "../rpc/caller.ts";
import type { Refusal } from "../wire/errors.ts";
import type { RawJson } from "../wire/raw.ts";
import type { CallToolResult, Meta, RequestId, Tool } from "../wire/types.ts";

/** One `tools/call`, its parameters checked for shape. */
export interface ToolCallRequest {
  readonly id: RequestId;
  readonly name: string;
  /** `{}` when the client sent none. Foreign: not yet checked against the tool's schema. */
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly meta: Meta | undefined;
}

/** How a `tools/call` ended. */
export type ToolOutcome =
  | {
      readonly kind: "result";
      readonly result: CallToolResult | RawJson;
      /** Why the result is an error: reported to `onError`, never sent. */
      readonly cause?: unknown;
    }
  /** Answered with 200 and -32602. Also for a tool that this caller may not know of. */
  | { readonly kind: "unknownTool" }
  /** Answered with 404. */
  | { readonly kind: "sessionNotFound" }
  /** Answered at the HTTP level, such as 401 with `WWW-Authenticate`. */
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** Answered with 200 and this JSON-RPC error. */
  | {
      readonly kind: "error";
      readonly code: number;
      readonly message: string;
      readonly data?: unknown;
    };

/** The tools of a server. A rejection is reported to `onError` and answered with an internal error. */
export interface ToolCatalog<C, P> {
  /**
   * What this caller may call, in an order that does not change between two calls. The handler has
   * checked the session before, and paginates.
   */
  list(caller: Caller<C, P>): Promise<readonly Tool[]>;
  /**
   * Calls a tool. When `caller.sessionId` is set, this method checks the session ITSELF, so that a
   * backend may do both in one transaction.
   */
  call(caller: Caller<C, P>, call: ToolCallRequest): Promise<ToolOutcome>;
}
