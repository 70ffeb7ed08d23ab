/** The items of a list, or a list that never changes. */
export type Listing<T> = readonly T[] | FixedList<T>;

/** A list that never changes, and the texts that were made of it. Made by {@link fixedList}. */
export interface FixedList<T> {
  readonly items: readonly T[];
  /** The text of this name: made at the first call, and kept as long as the list. */
  readonly text: (name: string, make: () => string) => string;
}

/**
 * Marks a list as one that never changes, and is the same for everyone who gets it: what clients are
 * sent of it is serialised once. Make it once as well: a new one for each request keeps nothing.
 */
export function fixedList<T>(items: readonly T[]): FixedList<T> {
  const texts = new Map<string, string>();
  return {
    items,
    text(name, make) {
      let text = texts.get(name);
      if (text === undefined) texts.set(name, (text = make()));
      return text;
    },
  };
}
