import type { Exchange } from "../rpc/exchange.ts";
import type { RequestId } from "../wire/types.ts";
import type { CancellationStore } from "./cancellations.ts";

/** A client's wish that a request be stopped. */
export interface Cancel {
  readonly signal: AbortSignal;
  readonly isAborted: () => boolean;
  /** Settles when the wish comes, and never otherwise. */
  readonly aborted: Promise<undefined>;
  readonly abort: () => void;
  /** The request ended by itself: nobody needs to watch any more. */
  readonly done: () => void;
}

/**
 * Watches for the wish to cancel: a modern client hangs up, and one of a session says so in another
 * POST. Signals are made where they are needed, as they are not cheap.
 */
export function watchForCancel<C, P>(
  { caller, revision }: Exchange<C, P>,
  requestId: RequestId,
  cancellations: CancellationStore<C, P> | undefined,
  report: (error: unknown) => void,
): Cancel {
  let controller: AbortController | undefined;
  let isAborted = false;
  let resolveAborted: (nothing: undefined) => void = () => undefined;
  const aborted = new Promise<undefined>((resolve) => {
    resolveAborted = resolve;
  });
  const abort = (): void => {
    isAborted = true;
    controller?.abort();
    resolveAborted(undefined);
  };
  return {
    aborted,
    isAborted: () => isAborted,
    abort,
    done: watch(),
    get signal() {
      controller ??= new AbortController();
      if (isAborted) controller.abort();
      return controller.signal;
    },
  };

  function watch(): () => void {
    if (revision.era === "modern") {
      if (caller.signal.aborted) abort();
      caller.signal.addEventListener("abort", abort);
      return () => caller.signal.removeEventListener("abort", abort);
    }
    // Without a session nobody's request 1 could be told from anybody else's.
    if (!cancellations || caller.sessionId === undefined) return () => undefined;
    const ended = new AbortController();
    cancellations
      .cancelled(caller, requestId, ended.signal)
      .then((wished) => (wished ? abort() : undefined))
      .catch(report);
    return () => ended.abort();
  }
}
