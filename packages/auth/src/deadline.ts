/**
 * What some work gives, if it does so in time. It is waited for no longer, whether it listens to the signal or not: the
 * fetch of some runtimes does not, Convex's among them.
 *
 * @throws a `TimeoutError` when it is late.
 */
export function inTime<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(ms);
  const late = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error));
  });
  return Promise.race([work(signal), late]);
}
