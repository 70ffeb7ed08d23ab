import { type Guide, labels, type PathRedaction } from "./guide.ts";
import { CENSOR, type RedactOptions } from "./redact.ts";
import { type RedactionRules, treat, TREATMENTS } from "./treatment.ts";
import {
  fieldPaths,
  itemPaths,
  plantPaths,
  type ReadPaths,
  readPaths,
  treatmentAt,
} from "./tree.ts";
import type { PathOf } from "./typedPath.ts";

/**
 * What `createPayloadWriter` takes to hide more than the {@link SECRET_KEYS}: a list of paths to redact, or the paths of
 * each treatment. A `verbatim` path shows a value although its name is a secret one.
 *
 * @param options.hash What `hash` rules use: `hmacSha256` of `@convex-mcp/audit/hmac`, or another.
 * @throws {RedactPathError} when a path does not parse.
 * @throws {TypeError} when the rules are none, or there are `hash` rules and no hash.
 * @example createRedaction({ redact: ["customer.email"], mask: ["card.number"], drop: ["**.photo"] })
 */
export function createRedaction<T = unknown>(
  rules: readonly PathOf<NoInfer<T>>[] | RedactionRules<PathOf<NoInfer<T>>>,
  { hash }: Pick<RedactOptions, "hash"> = {},
): PathRedaction {
  const byTreatment = rulesOf(rules);
  if (byTreatment.hash !== undefined && hash === undefined) {
    throw new TypeError("createRedaction: hash rules need options.hash, a keyed hash.");
  }
  // Read at once, so that a mistake shows early; planted for those payloads alone that are written.
  const paths = readPaths(byTreatment);
  return { guide: () => pathGuide(paths, hash) };
}

function pathGuide({ paths, deep }: ReadPaths, hash: RedactOptions["hash"]): Guide {
  const marks = { censor: CENSOR, hash };
  return {
    top: plantPaths(paths),
    label: labels(true, deep),
    field: fieldPaths,
    item: itemPaths,
    treatment: treatmentAt,
    mark: (value, treatment) => treat(value, treatment, marks),
  };
}

/** Strict, since a misspelt redaction would show what it was to hide. */
function rulesOf(rules: unknown): RedactionRules {
  if (Array.isArray(rules)) return { redact: rules };
  if (isRules(rules)) return rules;
  throw new TypeError(
    `createRedaction: expected paths or { redact: […] } (also mask, hash, drop, verbatim), got ${JSON.stringify(rules)}.`,
  );
}

function isRules(rules: unknown): rules is RedactionRules {
  if (rules === null || typeof rules !== "object") return false;
  const known: readonly string[] = TREATMENTS;
  return Object.entries(rules).every(
    ([name, paths]) => known.includes(name) && (paths === undefined || Array.isArray(paths)),
  );
}
