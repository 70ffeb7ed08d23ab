import { fitEntry, type AuditEntry } from "./entry.ts";

/** Where entries go. What a failed write means is the caller's to decide. */
export interface Sink {
  write(entry: AuditEntry): void | Promise<void>;
}

/** A sink that keeps the newest entries. */
export interface MemorySink extends Sink {
  write(entry: AuditEntry): void;
  /** What is kept, oldest first. */
  entries(): readonly AuditEntry[];
}

/**
 * Keeps the newest `max` entries (default 1,000) in memory, for tests and development.
 *
 * @throws {TypeError} when `max` is no positive integer.
 */
export function memorySink(options: { readonly max?: number } = {}): MemorySink {
  const max = options.max ?? 1000;
  if (!Number.isInteger(max) || max < 1) {
    throw new TypeError(`memorySink: max must be an integer of at least 1, got ${String(max)}.`);
  }
  const ring: AuditEntry[] = [];
  let oldest = 0;
  return {
    write(entry) {
      if (ring.length < max) ring.push(entry);
      else {
        ring[oldest] = entry;
        oldest = (oldest + 1) % max;
      }
    },
    entries: () => [...ring.slice(oldest), ...ring.slice(0, oldest)],
  };
}

/**
 * A value as one line of JSON, also for readers that take more for a line end than JSON Lines does: U+0085, U+2028, U+2029.
 */
export function jsonLine(value: object): string {
  return JSON.stringify(value).replace(
    /[\u0085\u2028\u2029]/g,
    (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * Writes each entry, within its limits, as one line of JSON without a line end.
 *
 * @example jsonLinesSink(console.log);
 */
export function jsonLinesSink(write: (line: string) => void): Sink {
  return { write: (entry) => write(jsonLine(fitEntry(entry))) };
}
