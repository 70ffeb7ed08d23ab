import type { Caller } from "../rpc/caller.ts";
import type { SessionProtocolVersion } from "../wire/versions.ts";

/** What `initialize` agreed on. */
export interface NewSession {
  readonly protocolVersion: SessionProtocolVersion;
  /** JSON as the client sent it, bounded by the body and depth limits; unverified. */
  readonly clientInfo: unknown;
  /** JSON as the client sent it, bounded by the body and depth limits. */
  readonly capabilities: unknown;
}

/** Where sessions live. A rejection is reported to `onError` and answered with an internal error. */
export interface SessionStore<C, P> {
  /**
   * Opens a session for its caller. The id must be hard to guess and of 1 to 128 characters in
   * 0x21-0x7E. `undefined`: this caller gets none, and no header is sent.
   */
  create(caller: Caller<C, P>, session: NewSession): Promise<string | undefined>;
  /** Whether the session lives and is this caller's. `false` is answered with 404. */
  check(caller: Caller<C, P>, sessionId: string): Promise<boolean>;
  /**
   * What the client of this caller's session declared: `NewSession.capabilities`, or the part of it
   * that is worth keeping (`elicitation`, `sampling`, `roots`). Needed to ask a client anything.
   */
  capabilities?(caller: Caller<C, P>, sessionId: string): Promise<unknown>;
  /** Ends this caller's session. `false`: there was none, answered with 404. */
  end(caller: Caller<C, P>, sessionId: string): Promise<boolean>;
}
