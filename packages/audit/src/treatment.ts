/**
 * What happens to the value at a path, from the strongest to the weakest: the strongest of all that match a value wins.
 * `drop`: it is left out (`null` in an array). `redact`: the censor stands in its place. `hash`: a keyed hash of it, by
 * which equal values can be told without being read. `mask`: its last four characters at most. `verbatim`: it is shown
 * although its name is one of `SECRET_KEYS`.
 */
export type Treatment = "drop" | "redact" | "hash" | "mask" | "verbatim";

/** The treatments, the strongest first. */
export const TREATMENTS: readonly Treatment[] = ["drop", "redact", "hash", "mask", "verbatim"];

/** The paths of each treatment. */
export type RedactionRules<P extends string = string> = {
  readonly [T in Treatment]?: readonly P[];
};

/** Makes of a text another from which it cannot be found, always the same: see `@convex-mcp/audit/hmac`. */
export type KeyedHash = (text: string) => string;

/** What stands in place of values. */
export interface Marks {
  readonly censor: string;
  readonly hash: KeyedHash | undefined;
}

/** So many characters are shown at the end of a masked text, if it has at least thrice as many. */
const SHOWN = 4;
const MASK = "****";
const MASKED = /^\*{4}.{0,4}$/s;

/** The stronger one. */
export function stronger(a: Treatment, b: Treatment): Treatment {
  if (a === b || b === "verbatim") return a;
  return TREATMENTS.indexOf(a) < TREATMENTS.indexOf(b) ? a : b;
}

const PLAIN: readonly string[] = ["string", "number", "bigint", "boolean"];

/** What stands in place of a value that is neither dropped nor shown. Objects have no hash and no mask: they are censored. */
export function treat(value: unknown, treatment: Treatment, marks: Marks): string {
  if (treatment === "redact" || !PLAIN.includes(typeof value)) return marks.censor;
  const text = String(value);
  return treatment === "mask" ? mask(text) : hashed(text, marks);
}

function mask(text: string): string {
  if (MASKED.test(text)) return text;
  if (text.length < 3 * SHOWN) return MASK;
  // Half of a surrogate pair would be no text.
  return MASK + text.slice(-SHOWN).replace(/^[\uDC00-\uDFFF]/, "");
}

function hashed(text: string, { hash, censor }: Marks): string {
  try {
    return hash?.(text) ?? censor;
  } catch {
    return censor;
  }
}
