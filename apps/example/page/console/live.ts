const FIRST_MS = 2000;
const LAST_MS = 10_000;

/** What goes on by itself. */
export interface Following {
  /** Looks at once, and often again from now on. */
  readonly soon: () => void;
  readonly pause: () => void;
}

/**
 * Calls `look` again and again, after 2 seconds while it says that there was something new and up to 10 while not. It does not
 * while the page is hidden, from `pause` to `soon`, and when `signal` says stop.
 */
export function follow(look: () => Promise<boolean>, signal: AbortSignal): Following {
  let wait = FIRST_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let looking = false;
  let paused = false;

  const plan = () => {
    clearTimeout(timer);
    if (!paused && !document.hidden && !signal.aborted) timer = setTimeout(() => void run(), wait);
  };
  const run = async () => {
    if (looking || paused || document.hidden || signal.aborted) return;
    looking = true;
    const found = await look().finally(() => (looking = false));
    wait = found ? FIRST_MS : Math.min(wait * 1.5, LAST_MS);
    plan();
  };
  const soon = () => {
    paused = false;
    wait = FIRST_MS;
    clearTimeout(timer);
    void run();
  };
  document.addEventListener(
    "visibilitychange",
    () => {
      if (document.hidden) clearTimeout(timer);
      else if (!paused) soon();
    },
    { signal },
  );
  signal.addEventListener("abort", () => clearTimeout(timer));
  plan();
  return {
    soon,
    pause() {
      paused = true;
      clearTimeout(timer);
    },
  };
}
