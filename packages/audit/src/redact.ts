import { type Named, NAMELESS, namedOf, remembering } from "./names.ts";
import {
  copyReadable,
  CYCLE,
  hasParts,
  isObject,
  jsonView,
  lengthOf,
  read,
  UNREADABLE,
} from "./probe.ts";
import {
  type KeyedHash,
  type Marks,
  type RedactionRules,
  treat,
  type Treatment,
} from "./treatment.ts";
import {
  fieldPaths,
  itemPaths,
  NOWHERE,
  type PathNode,
  type Place,
  plantPaths,
  readPaths,
  treatmentAt,
} from "./tree.ts";
import type { PathOf } from "./typedPath.ts";

/** How a redactor marks what it took out. */
export interface RedactOptions {
  /** What stands in place of a redacted value. Default: `"[redacted]"`. */
  readonly censor?: string;
  /** What `hash` rules use: `hmacSha256` of `@convex-mcp/audit/hmac`, or another. */
  readonly hash?: KeyedHash | undefined;
  /**
   * Whether the values of `SECRET_KEYS` are redacted too, at any depth, but for those that `verbatim` paths show.
   * Default: true. Without it, and without `**` paths, only what the paths lead to is walked.
   */
  readonly secrets?: boolean;
}

/** The mark of a redacted value when none is given. */
export const CENSOR = "[redacted]";

/** Below so many open objects nothing is walked: it is censored, so that no secret hides there. */
const MAX_DEPTH = 256;
/** So many fields and items are walked; objects met after that are censored. */
const MAX_VISITS = 1_000_000;

/** Stands for a field that is left out. */
const DROPPED = Symbol("dropped");

interface Walk {
  readonly marks: Marks;
  /** What names do wherever they stand; undefined where they do nothing, and only paths are walked. */
  readonly named: ((name: string) => Named) | undefined;
  /** The objects around the current one, to notice a cycle. */
  readonly open: object[];
  visits: number;
}

/**
 * A copy of `value` without what `rules` name: a list of paths to redact, or the paths of each treatment. The value
 * itself is never changed; parts that nothing touches are shared with it, and a value that holds nothing to redact
 * comes back as it is.
 *
 * Never throws because of the value: what cannot be read becomes `"[unreadable]"`, a cycle met while
 * walking `"[cycle]"`, and what cannot be reached within 256 levels or 1,000,000 fields and items is censored.
 *
 * @throws {RedactPathError} when a path does not parse.
 * @throws {TypeError} when there are `hash` rules and no hash.
 * @example redact({ user: { email: "ann@example.com", token: "t" } }, ["user.email"]); // both are redacted
 */
export function redact<T>(
  value: T,
  rules: readonly PathOf<NoInfer<T>>[] | RedactionRules<PathOf<NoInfer<T>>>,
  options?: RedactOptions,
): unknown {
  return createRedactor<T>(rules, options)(value);
}

/**
 * {@link redact} for rules that are used more than once: they are compiled here.
 *
 * @throws {RedactPathError} when a path does not parse.
 * @throws {TypeError} when there are `hash` rules and no hash.
 */
export function createRedactor<T = unknown>(
  rules: readonly PathOf<NoInfer<T>>[] | RedactionRules<PathOf<NoInfer<T>>>,
  options: RedactOptions = {},
): (value: T) => unknown {
  const byTreatment: RedactionRules = isList(rules) ? { redact: rules } : rules;
  const { censor = CENSOR, hash, secrets = true } = options;
  if (byTreatment.hash !== undefined && hash === undefined) {
    throw new TypeError("createRedactor: hash rules need options.hash, a keyed hash.");
  }
  const { paths, deep } = readPaths(byTreatment);
  const sweeps = secrets || deep.hidden.size > 0;
  const named = sweeps ? remembering((name) => namedOf(name, secrets, deep)) : undefined;
  const top = plantPaths(paths);
  return (value) => {
    const walk: Walk = { marks: { censor, hash }, named, open: [], visits: MAX_VISITS };
    try {
      return within(value, top, walk);
    } catch {
      // Only a stack that was nearly full when we were called leads here.
      return censor;
    }
  };
}

function isList(rules: readonly string[] | RedactionRules): rules is readonly string[] {
  return Array.isArray(rules);
}

/** The value at a place with what is hidden below it treated. */
function within(value: unknown, place: Place, walk: Walk): unknown {
  if (!isObject(value) || (place === NOWHERE && walk.named === undefined)) return value;
  const view = jsonView(value);
  if (!hasParts(view)) return view === UNREADABLE ? view : value;
  const length = lengthOf(view);
  const few = length < 0 && walk.named === undefined ? fewFields(place) : undefined;
  // What is within a few fields ends with the paths.
  if (few === undefined ? !enter(view, length, walk) : walk.visits < 0) {
    return walk.open.includes(view) ? CYCLE : walk.marks.censor;
  }
  const out =
    length < 0 ? withinFields(view, place, few, walk) : withinItems(view, length, place, walk);
  if (few === undefined) walk.open.pop();
  return out === view ? value : out;
}

/** What wants some fields by their names, and nothing of the others. */
function fewFields({ nodes }: Place): PathNode | undefined {
  const node = nodes[0];
  return nodes.length === 1 && node?.each === NOWHERE ? node : undefined;
}

function enter(object: object, length: number, walk: Walk): boolean {
  walk.visits -= Math.max(length, 1);
  if (walk.visits < 0 || walk.open.length >= MAX_DEPTH || walk.open.includes(object)) return false;
  walk.open.push(object);
  return true;
}

/** The fields of an object, each read once, so that nothing it answers later can matter. */
function withinFields(object: object, place: Place, few: PathNode | undefined, walk: Walk): object {
  let copy: Record<string, unknown>;
  let changed = false;
  try {
    copy = { ...object };
  } catch {
    copy = copyReadable(object);
    changed = true;
  }
  const treats = few === undefined ? treatAll(copy, place, walk) : treatFew(copy, few, walk);
  if (!treats && !changed) return object;
  // JSON would ask the copy for it, and show what it answers.
  if (typeof copy["toJSON"] === "function") delete copy["toJSON"];
  return copy;
}

/** Treats all fields by their names and places. Whether one has another value now. */
function treatAll(fields: Record<string, unknown>, place: Place, walk: Walk): boolean {
  const { named } = walk;
  let changed = false;
  let count = 0;
  for (const key in fields) {
    count += 1;
    const byName = named === undefined ? NAMELESS : named(key);
    const below = place === NOWHERE ? place : fieldPaths(place, key);
    const treatment = below === NOWHERE ? byName.treatment : treatmentAt(below, byName);
    const field = fields[key];
    if (treatment === "verbatim" && !isObject(field)) continue;
    const next = treated(field, treatment, below, walk);
    if (next === field || !Object.hasOwn(fields, key)) continue;
    put(fields, key, next);
    changed = true;
  }
  walk.visits -= count;
  return changed;
}

/** The same of a few fields. */
function treatFew(fields: Record<string, unknown>, few: PathNode, walk: Walk): boolean {
  let changed = false;
  // Only in an array can there be more of them than the value and the paths have.
  if (walk.open.length > 0) for (const _ in fields) walk.visits -= 1;
  for (let i = 0; i < few.fields.length; i++) {
    const key = few.fields[i] as string;
    if (!Object.hasOwn(fields, key)) continue;
    const below = few.children[i] as Place;
    let next: unknown = walk.marks.censor;
    if (below.hides !== "redact") {
      const field = fields[key];
      next = treated(field, below.hides, below, walk);
      if (Object.is(next, field)) continue;
    }
    put(fields, key, next);
    changed = true;
  }
  return changed;
}

function put(fields: Record<string, unknown>, key: string, value: unknown): void {
  if (value === DROPPED) delete fields[key];
  else fields[key] = value;
}

function withinItems(array: object, length: number, place: Place, walk: Walk): object {
  // By hand, since `slice` asks the array itself (`constructor`, species) what to make.
  const copy: unknown[] = [];
  const alike = place.nodes.every((node) => node.indexes.length === 0);
  let below = itemPaths(place, 0);
  let changed = false;
  for (let i = 0; i < length; i++) {
    const item = read(array, i);
    if (!alike) below = itemPaths(place, i);
    const next = treated(item, below.hides, below, walk);
    copy.push(next === DROPPED ? null : next);
    if (!Object.is(next, item)) changed = true;
  }
  return changed ? copy : array;
}

function treated(value: unknown, treatment: Treatment, below: Place, walk: Walk): unknown {
  if (treatment === "verbatim") return within(value, below, walk);
  return treatment === "drop" ? DROPPED : treat(value, treatment, walk.marks);
}
