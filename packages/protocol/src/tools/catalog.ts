import type { CachePolicy, Caller, ListRequest } from "../rpc/caller.ts";
import type { Channel } from "../rpc/channel.ts";
import type { Denial } from "../rpc/denial.ts";
import type { RawJson } from "../wire/raw.ts";
import type { Listing } from "../wire/listing.ts";
import type { Task } from "../wire/task.ts";
import type { CallToolResult, Meta, RequestId, Tool } from "../wire/types.ts";

/** One `tools/call`, its parameters checked for shape. */
export interface ToolCallRequest {
  readonly id: RequestId;
  readonly name: string;
  /** `{}` when the client sent none. Foreign: not yet checked against the tool's schema. */
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly meta: Meta | undefined;
  /** To the client, while the tool runs. */
  readonly channel: Channel;
  /**
   * The value of a header `Mcp-Param-…` that mirrors an argument; undefined in a session, where none
   * does. A catalog with tools that have such headers compares them by `refuseHeaders`.
   */
  readonly mirrored?: ((name: string) => string | null) | undefined;
}

/** How a `tools/call` ended. */
export type ToolOutcome =
  | {
      readonly kind: "result";
      readonly result: CallToolResult | RawJson;
      /** Why the result is an error: reported to `onError`, never sent. */
      readonly cause?: unknown;
    }
  /** The tool goes on as a task that is stored already. Only for a client that declares tasks. */
  | { readonly kind: "task"; readonly task: Task }
  /** Answered with 200 and -32602. Also for a tool that this caller may not know of. */
  | { readonly kind: "unknownTool" }
  | Denial;

/** The tools of a server. A rejection is reported to `onError` and answered with an internal error. */
export interface ToolCatalog<C, P> {
  /** Of the list. Default: stale at once, and private. */
  readonly cache?: CachePolicy<C, P> | undefined;
  /**
   * What this caller may call, in an order that does not change between two calls. The handler has
   * checked the session before, and paginates. A list that never changes (`fixedList`) is serialised
   * once for each revision.
   */
  list(caller: Caller<C, P>, request: ListRequest<Tool>): Promise<Listing<Tool>>;
  /**
   * Calls a tool. When `caller.sessionId` is set, this method checks the session ITSELF, so that a
   * backend may do both in one transaction.
   */
  call(caller: Caller<C, P>, call: ToolCallRequest): Promise<ToolOutcome>;
}
