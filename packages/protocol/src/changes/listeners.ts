import { ownerOfCaller } from "../memory/shares.ts";
import type { Owner, OwnerOptions } from "../memory/shares.ts";
import type { Caller } from "../rpc/caller.ts";

/**
 * The streams of changes that are open: so that no caller has too many, that a session is told each
 * change on one of its streams alone (2025-11-25, basic/transports), and that they end with it.
 */
export interface ListenerStore<C, P> {
  /** Notes a stream until `over` aborts; to end it, abort `over`. `undefined`: the caller has enough. */
  enter(caller: Caller<C, P>, over: AbortController): Promise<Listener | undefined>;
  /** Ends the streams of the caller's session, which was checked, and has ended. */
  end(caller: Caller<C, P>): Promise<void>;
}

/** One stream among those that are open. */
export interface Listener {
  /** Whether changes are told on this stream, and not on another of its session. */
  readonly speaks: () => boolean | Promise<boolean>;
}

/** Options of {@link memoryListeners}. */
export interface MemoryListenersOptions<P> extends OwnerOptions<P> {
  /** Streams of one owner; a further one is refused. Who has neither name nor session is not counted so. Default: 20. */
  readonly maxPerOwner?: number;
  /** Streams in all; a further one ends the oldest of the owner who has most. Default: 1,000. */
  readonly max?: number;
}

interface Open {
  readonly owner: Owner;
  readonly over: AbortController;
}

/** The streams that this process has open. A session is told on its newest. */
export function memoryListeners<C, P>(
  options: MemoryListenersOptions<P> = {},
): ListenerStore<C, P> {
  const { maxPerOwner = 20, max = 1000 } = options;
  // Newest last.
  const streams = new Set<Open>();
  const sessions = new Map<string | undefined, Set<Open>>();
  return {
    async enter(caller, over) {
      const owner = ownerOfCaller(options, caller);
      const { sessionId } = caller;
      const counts = new Map([[owner, 0]]);
      for (const open of streams) counts.set(open.owner, (counts.get(open.owner) ?? 0) + 1);
      if (owner !== undefined && (counts.get(owner) ?? 0) >= maxPerOwner) return undefined;
      if (streams.size >= max) {
        const [most] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
        [...streams].find((open) => open.owner === most)?.over.abort();
      }
      const stream = { owner, over };
      const own = sessions.get(sessionId) ?? new Set();
      streams.add(stream);
      sessions.set(sessionId, own.add(stream));
      over.signal.addEventListener("abort", () => {
        streams.delete(stream);
        own.delete(stream);
        if (own.size === 0) sessions.delete(sessionId);
      });
      return { speaks: () => sessionId === undefined || [...own].at(-1) === stream };
    },
    async end({ sessionId }) {
      if (sessionId === undefined) return;
      for (const { over } of sessions.get(sessionId) ?? []) over.abort();
    },
  };
}
