import { clearTimeout, setTimeout } from "node:timers";
import { invocations } from "./invocation.ts";

/** Timers longer than this fire at once in Node. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The engine's time: the real one, plus what was skipped. */
export interface EngineClock {
  readonly now: () => number;
  /** Runs a callback at engine time `now() + ms`. */
  readonly setTimer: (callback: () => void, ms?: number) => number;
  readonly clearTimer: (id: unknown) => void;
  /** Skips time; timers that became due fire on the next `fireDue`. */
  readonly skip: (ms: number) => void;
  /** Fires what is due, in order, and says how many that were. */
  readonly fireDue: () => number;
}

interface Timer {
  readonly id: number;
  readonly due: number;
  readonly callback: () => void;
  handle: NodeJS.Timeout | undefined;
}

/** Makes a clock. `realNow` is the clock below it, for tests. */
export function createClock(realNow: () => number = Date.now.bind(Date)): EngineClock {
  const timers = new Map<number, Timer>();
  let skipped = 0;
  let lastId = 0;

  const now = (): number => realNow() + skipped;

  function fire(timer: Timer): void {
    clearTimeout(timer.handle);
    if (!timers.delete(timer.id)) return;
    // A scheduled function is a request of its own, not part of the one that scheduled it.
    invocations.exit(timer.callback);
  }

  function arm(timer: Timer): void {
    clearTimeout(timer.handle);
    const wait = Math.min(Math.max(0, timer.due - now()), LONGEST_TIMER);
    timer.handle = setTimeout(() => (timer.due <= now() ? fire(timer) : arm(timer)), wait);
  }

  function setTimer(callback: () => void, ms = 0): number {
    lastId += 1;
    const timer: Timer = { id: lastId, due: now() + ms, callback, handle: undefined };
    timers.set(timer.id, timer);
    arm(timer);
    return timer.id;
  }

  function clearTimer(id: unknown): void {
    const timer = timers.get(Number(id));
    if (timer === undefined) return;
    clearTimeout(timer.handle);
    timers.delete(timer.id);
  }

  function fireDue(): number {
    const due = [...timers.values()]
      .filter((timer) => timer.due <= now())
      .sort((a, b) => a.due - b.due || a.id - b.id);
    for (const timer of due) fire(timer);
    return due.length;
  }

  function skip(ms: number): void {
    skipped += ms;
    for (const timer of timers.values()) arm(timer);
  }

  return { now, setTimer, clearTimer, skip, fireDue };
}
