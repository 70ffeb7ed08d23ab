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
  const running = new Map<string, () => void>();
  // JSON keeps 1 and "1" apart. The session is its owner's: it was checked.
  const keyOf = ({ sessionId }: Caller<C, P>, id: RequestId) => JSON.stringify([sessionId, id]);
  return {
    async cancel(caller, requestId) {
      running.get(keyOf(caller, requestId))?.();
    },
    cancelled: (caller, requestId, done) =>
      new Promise((resolve) => {
        const key = keyOf(caller, requestId);
        const settle = (wished: boolean) => {
          if (running.get(key) === cancel) running.delete(key);
          resolve(wished);
        };
        const cancel = () => settle(true);
        running.set(key, cancel);
        done.addEventListener("abort", () => settle(false), { once: true });
      }),
  };
}
