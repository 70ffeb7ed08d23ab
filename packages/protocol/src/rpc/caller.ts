import type { SessionProtocolVersion } from "../wire/versions.ts";

/** Who calls, and how: given to every store and catalog method. */
export interface Caller<C, P> {
  /** What the host passed to the handler beside the request. Never looked into. */
  readonly context: C;
  /** What `authenticate` found. Never looked into. */
  readonly principal: P;
  /** The revision of this request; on `initialize` the one agreed on. */
  readonly protocolVersion: SessionProtocolVersion;
  /** The session id as the client sent it: well-formed, but NOT yet checked. */
  readonly sessionId: string | undefined;
  /** Aborts when the client goes away. In these revisions that is no wish to cancel. */
  readonly signal: AbortSignal;
}
