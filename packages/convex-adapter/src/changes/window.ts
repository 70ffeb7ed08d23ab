/** What a look found of one subject: the rows of its changes, newest first. */
export interface Found<Subject> {
  readonly subject: Subject;
  readonly ids: readonly string[];
  /** There may be more rows than these. */
  readonly full: boolean;
}

/** What one stream has looked at. */
export interface Window {
  /** From when on the next look has to look. */
  readonly since: () => number;
  /** What changed since the look before. */
  readonly fresh: <Subject>(found: readonly Found<Subject>[]) => readonly Subject[];
}

/**
 * A row may become visible this much after its `_creationTime`, which is when its transaction began: that has 1 second for
 * its code and 15 for the database (`DATABASE_UDF_USER_TIMEOUT`, `DATABASE_UDF_SYSTEM_TIMEOUT` in the backend's
 * `crates/common/src/knobs.rs`). The rest is for clocks that differ.
 */
export const LATENESS_MS = 30_000;

/**
 * Tells new rows from those seen before, where rows do not come in the order of their times: each look reaches back beyond
 * the look before, and what was found then is no news. A stream begins with what changed in the last half minute, so that a
 * client which comes back at once has missed nothing.
 *
 * A subject with more rows than a look reads is told of with each look: one of them may have come late, unseen.
 */
export function createWindow(start: number, now: () => number): Window {
  let from = start - LATENESS_MS;
  let looked = start;
  let seen: ReadonlySet<string> = new Set();
  return {
    since: () => {
      // In steps: a query with the arguments of the last one is answered from the platform's cache.
      if (looked - from > 2 * LATENESS_MS) from = looked - LATENESS_MS;
      looked = now();
      return from;
    },
    fresh: (found) => {
      const fresh = found.filter(({ ids, full }) => full || ids.some((id) => !seen.has(id)));
      seen = new Set(found.flatMap(({ ids }) => ids));
      return fresh.map(({ subject }) => subject);
    },
  };
}
