import { setTimeout as pause } from "node:timers/promises";

// Other processes write to the same file, and nothing tells of it.
const everyMs = 25;

/** Looks until there is something; `undefined` when the signal aborts or the time is over before. */
export async function poll<T>(
  look: () => T | undefined,
  { signal, until = Number.POSITIVE_INFINITY }: { signal: AbortSignal; until?: number },
): Promise<T | undefined> {
  while (!signal.aborted && Date.now() < until) {
    const found = look();
    if (found !== undefined) return found;
    await pause(everyMs, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}
