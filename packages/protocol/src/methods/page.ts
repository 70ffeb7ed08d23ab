import { parseCursor, toCursor } from "./cursor.ts";

/** A part of a list, and the cursor of the rest if there is any. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string;
}

/** What tells an item of a list from all others: unique, and the same after a deploy. */
export type NameOf<T> = (item: T) => string;

/**
 * The page of a named list that a cursor points to; `undefined` is the first. Answers `"invalidCursor"`
 * for a cursor that is not ours or whose item is gone: the client then lists anew
 * (server/utilities/pagination). An empty string is a cursor like any other, and never ours.
 */
export function pageOf<T>(
  items: readonly T[],
  nameOf: NameOf<T>,
  cursor: unknown,
  size: number,
): Page<T> | "invalidCursor" {
  let start = 0;
  if (cursor !== undefined) {
    const name = typeof cursor === "string" ? parseCursor(cursor) : undefined;
    start = items.findIndex((item) => nameOf(item) === name) + 1;
    if (start === 0) return "invalidCursor";
  }
  const page = items.slice(start, start + size);
  const last = page.at(-1);
  const complete = start + page.length >= items.length;
  return last === undefined || complete
    ? { items: page }
    : { items: page, nextCursor: toCursor(nameOf(last)) };
}
