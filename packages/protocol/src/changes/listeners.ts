import { ownerOfCaller } from "../memory/shares.ts";
import type { OwnerOptions } from "../memory/shares.ts";
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

interface Stream {
  readonly sessionId: string | undefined;
  readonly over: AbortController;
}

/** The streams that this process has open. A session is told on its newest. */
export function memoryListeners<C, P>(
  options: MemoryListenersOptions<P> = {},
): ListenerStore<C, P> {
  const { maxPerOwner = 20, max = 1000 } = options;
  // Oldest first.
  const owners = new Map<string | undefined, Set<Stream>>();
  let open = 0;
  const ofSession = (caller: Caller<C, P>) =>
    [...(owners.get(ownerOfCaller(options, caller)) ?? [])].filter(
      ({ sessionId }) => sessionId === caller.sessionId,
    );
  return {
    async enter(caller, over) {
      const owner = ownerOfCaller(options, caller);
      const { sessionId } = caller;
      const own = owners.get(owner) ?? new Set();
      if (owner !== undefined && own.size >= maxPerOwner) return undefined;
      if (open >= max) {
        const [most = own] = [...owners.values()].sort((a, b) => b.size - a.size);
        const [oldest] = most;
        oldest?.over.abort();
      }
      const stream = { sessionId, over };
      owners.set(owner, own.add(stream));
      open += 1;
      over.signal.addEventListener("abort", () => {
        open -= 1;
        own.delete(stream);
        if (own.size === 0) owners.delete(owner);
      });
      return { speaks: () => sessionId === undefined || ofSession(caller).at(-1) === stream };
    },
    async end(caller) {
      for (const { over } of ofSession(caller)) over.abort();
    },
  };
}
