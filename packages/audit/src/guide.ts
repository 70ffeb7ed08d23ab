import { CENSOR } from "./redact.ts";
import { type Label, labelOf, type Named, namedOf, remembering } from "./names.ts";
import type { Treatment } from "./treatment.ts";
import { type DeepNames, NOWHERE, type Place } from "./tree.ts";

/**
 * What a payload writer asks as it walks a value. Without paths it knows names alone; what reads paths is in the bundles
 * of those who have some.
 */
export interface Guide {
  /** The place of the whole value. */
  readonly top: Place;
  readonly label: (name: string) => Label;
  readonly field: (place: Place, key: string) => Place;
  readonly item: (place: Place, index: number) => Place;
  /** What is done to the value at a place; `named` is what its name does. */
  readonly treatment: (place: Place, named: Named) => Treatment;
  /** What stands in place of a value that is neither dropped nor shown. */
  readonly mark: (value: unknown, treatment: Treatment) => string;
}

/** Paths that are read already: what `createRedaction` makes. */
export interface PathRedaction {
  readonly guide: () => Guide;
}

/** Hides the values of well-known secret names, or nothing. */
export function nameGuide(secrets: boolean): Guide {
  return {
    top: NOWHERE,
    label: labels(secrets),
    field: () => NOWHERE,
    item: () => NOWHERE,
    treatment: (_, named) => named.treatment,
    mark: () => CENSOR,
  };
}

/** Labels with what is done to the values of names wherever they stand. */
export function labels(secrets: boolean, deep?: DeepNames): (name: string) => Label {
  return remembering((name) => labelOf(name, namedOf(name, secrets, deep)));
}
