import { isSecretKey } from "./secrets.ts";
import { utf8Size } from "./text.ts";
import type { Treatment } from "./treatment.ts";
import type { DeepNames } from "./tree.ts";

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

/** What is done to the value of a name wherever it stands. */
export interface Named {
  readonly treatment: Treatment;
  /** The same where a `verbatim` path leads to it. */
  readonly shown: Treatment;
}

/** Of what has no name, or is asked for none. */
export const NAMELESS: Named = { treatment: "verbatim", shown: "verbatim" };

/** What rules say of a name (exact), and that it is redacted if it is one of the {@link SECRET_KEYS} and `secrets` is true. */
export function namedOf(name: string, secrets: boolean, deep?: DeepNames): Named {
  const ruled = deep?.hidden.get(name) ?? "verbatim";
  const secret = secrets && !deep?.shown.has(name) && isSecretKey(name);
  return { treatment: secret && ruled !== "drop" ? "redact" : ruled, shown: ruled };
}

/** How JSON writes the name of a field. */
export interface Label extends Named {
  /** The text before the value where the field is the first, and where it is another. */
  readonly first: string;
  readonly other: string;
  /** How many bytes the name takes, colon and comma not counted. */
  readonly size: number;
}

export function labelOf(name: string, { treatment, shown }: Named): Label {
  const json = JSON.stringify(name);
  return { treatment, shown, first: `${json}:`, other: `,${json}:`, size: utf8Size(json) };
}
