import { isSecretKey } from "./secrets.ts";
import { utf8Size } from "./text.ts";
import type { Treatment } from "./treatment.ts";

/** How many names are remembered, and how long they may be. */
const REMEMBERED = 512;
const REMEMBERED_LENGTH = 64;

/** A function of names that remembers what it was asked, since the rows of a list all have the same. */
export function remembering<V extends string | object>(
  of: (name: string) => V,
): (name: string) => V {
  const known = new Map<string, V>();
  return (name) => {
    let value = known.get(name);
    if (value === undefined) {
      value = of(name);
      if (known.size < REMEMBERED && name.length <= REMEMBERED_LENGTH) known.set(name, value);
    }
    return value;
  };
}

/**
 * What is done to the value of a name wherever it stands: what `anywhere` (exact) says, else `redact` if it is one of the
 * {@link SECRET_KEYS} and `secrets` is true, else `verbatim`.
 */
export function treatmentOf(
  name: string,
  anywhere: ReadonlyMap<string, Treatment>,
  secrets: boolean,
): Treatment {
  return anywhere.get(name) ?? (secrets && isSecretKey(name) ? "redact" : "verbatim");
}

/** How JSON writes the name of a field. */
export interface Label {
  /** What is done to its value wherever it stands. */
  readonly treatment: Treatment;
  /** The text before the value where the field is the first, and where it is another. */
  readonly first: string;
  readonly other: string;
  /** How many bytes the name takes, colon and comma not counted. */
  readonly size: number;
}

export function labelOf(name: string, treatment: Treatment): Label {
  const json = JSON.stringify(name);
  return { treatment, first: `${json}:`, other: `,${json}:`, size: utf8Size(json) };
}
