import type { CacheHint, Meta, RequestId } from "../wire/types.ts";
import type { ProtocolVersion } from "../wire/versions.ts";

/** Who calls, and how: given to every store and catalog method. */
export interface Caller<C, P> {
  /** What the host passed to the handler beside the request. Never looked into. */
  readonly context: C;
  /** What `authenticate` found. Never looked into. */
  readonly principal: P;
  /** The revision of this request; on `initialize` the one agreed on. */
  readonly protocolVersion: ProtocolVersion;
  /** The session id as the client sent it: well-formed, but NOT yet checked. None in 2026-07-28. */
  readonly sessionId: string | undefined;
  /**
   * Aborts when the client goes away. That is a wish to cancel in 2026-07-28, and none before:
   * `channel.signal` tells the wish in every revision.
   */
  readonly signal: AbortSignal;
}

/** Which request of a caller it is. */
export interface RequestMark {
  readonly id: RequestId;
  /** Its `_meta`, where that is an object. */
  readonly meta: Meta | undefined;
}

/** Which request for a list it is. */
export interface ListRequest<T> extends RequestMark {
  /** Whether a list has the place that the client's cursor names: of one that does not, the answer is an error. */
  readonly isFoundIn: (items: readonly T[]) => boolean;
}

/** How long clients may keep a list, and for whom: one answer for all callers, or each caller's own. */
export type CachePolicy<C, P> = CacheHint | ((caller: Caller<C, P>) => CacheHint);
