import type { Caller } from "../rpc/caller.ts";
import type { RequestId } from "../wire/types.ts";

/**
 * Where the wish to cancel a request of a session is left: by another POST, perhaps to another
 * process. 2026-07-28 needs none: its clients hang up.
 */
export interface CancellationStore<C, P> {
  /** Leaves the wish. The session holds; a request that is unknown or done is none of its business. */
  cancel(caller: Caller<C, P>, requestId: RequestId): Promise<void>;
  /**
   * Waits for the wish, from the start of a request until `done` aborts, which is when it ends.
   * Resolves to whether it came. A store may look for it rarely, but must not throw for its absence.
   */
  cancelled(caller: Caller<C, P>, requestId: RequestId, done: AbortSignal): Promise<boolean>;
}

/** Cancellations in this process' memory. */
export function memoryCancellations<C, P>(): CancellationStore<C, P> {
  // Several of one key, as the session of a request is checked only later: a request with a stolen
  // id must not take the place of its owner's.
  const running = new Map<string, Set<() => void>>();
  // JSON keeps 1 and "1" apart.
  const keyOf = ({ sessionId }: Caller<C, P>, id: RequestId) => JSON.stringify([sessionId, id]);
  return {
    async cancel(caller, requestId) {
      for (const stop of running.get(keyOf(caller, requestId)) ?? []) stop();
    },
    cancelled: (caller, requestId, done) =>
      new Promise((resolve) => {
        const key = keyOf(caller, requestId);
        const stops = running.get(key) ?? new Set();
        const stop = () => settle(true);
        const settle = (wished: boolean) => {
          stops.delete(stop);
          if (stops.size === 0 && running.get(key) === stops) running.delete(key);
          resolve(wished);
        };
        running.set(key, stops.add(stop));
        done.addEventListener("abort", () => settle(false), { once: true });
      }),
  };
}
