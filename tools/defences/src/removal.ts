import type { Defence } from "./defence.ts";

/**
 * A source without the defence.
 *
 * @throws Error when the text is not there, or more than once: nobody could tell what was removed.
 */
export function removeFrom(source: string, { file, remove, with: rest }: Defence): string {
  const parts = source.split(remove);
  if (parts.length === 2) return parts.join(rest);
  const found = parts.length === 1 ? "it is not there" : `it is there ${parts.length - 1} times`;
  throw new Error(`${file}: expected exactly once ${JSON.stringify(remove)}; ${found}.`);
}

/** A test as the list names it. */
export interface Proof {
  readonly file: string;
  readonly name: string;
}

/** Takes `file > part of a name` apart. @throws Error when there is no name. */
export function toProof(test: string): Proof {
  const at = test.indexOf(" > ");
  if (at < 0) throw new Error(`Expected "file > part of a test's name", got "${test}".`);
  return { file: test.slice(0, at), name: test.slice(at + 3) };
}
