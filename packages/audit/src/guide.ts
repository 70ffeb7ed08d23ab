import { CENSOR } from "./redact.ts";
import { createNameTest } from "./secrets.ts";
import type { Treatment } from "./treatment.ts";
import type { PathNode } from "./tree.ts";

/** A place in a value: what paths want of it. */
export type Place = readonly PathNode[];

/**
 * What a payload writer asks as it walks a value. Without paths it knows names alone; what reads paths is in the bundles
 * of those who have some.
 */
export interface Guide {
  /** The place of the whole value. */
  readonly top: Place;
  readonly field: (place: Place, key: string) => Place;
  readonly item: (place: Place, index: number) => Place;
  /** What is done to the value at a place; `name` is that of its field, and absent for an item. */
  readonly treatment: (place: Place, name?: string) => Treatment | undefined;
  /** What stands in place of a value that is neither dropped nor shown. */
  readonly mark: (value: unknown, treatment: Treatment) => string;
}

/** Paths that are read already: what `createRedaction` makes. */
export interface PathRedaction {
  readonly guide: () => Guide;
}

const NOWHERE: Place = [];

/** Hides the values of well-known secret names, or nothing. */
export function nameGuide(secrets: boolean): Guide {
  const named = createNameTest(new Map(), secrets);
  return {
    top: NOWHERE,
    field: () => NOWHERE,
    item: () => NOWHERE,
    treatment: (_, name) => (name === undefined ? undefined : named(name)),
    mark: () => CENSOR,
  };
}
