/** How often something is looked for: soon at first, then at growing distances. */
export interface Pace {
  readonly firstMs: number;
  readonly mostMs: number;
}

/** For what somebody waits for. */
export const PROMPT: Pace = { firstMs: 250, mostMs: 1_000 };

const GROWTH = 1.5;

/**
 * Looks again and again until there is something, or `end` aborts. Each look is a function call: with `PROMPT` they
 * come after 0.25, 0.6, 1.2, 2 seconds and then each second.
 */
export async function poll<T>(
  { firstMs, mostMs }: Pace,
  end: AbortSignal,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  for (let ms = firstMs; ; ms = Math.min(ms * GROWTH, mostMs)) {
    await pause(ms, end);
    if (end.aborted) return undefined;
    const found = await look();
    if (found !== undefined) return found;
  }
}

/** Waits, or until `end` aborts: no timer outlives the request that set it. */
export async function pause(ms: number, end: AbortSignal): Promise<void> {
  if (end.aborted) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      end.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    end.addEventListener("abort", done);
  });
}
