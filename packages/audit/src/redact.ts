import {
  copyItems,
  copyReadable,
  CYCLE,
  hasParts,
  jsonView,
  lengthOf,
  read,
  UNREADABLE,
} from "./probe.ts";
import { remembering, treatmentOf } from "./names.ts";
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
  /** What is done to the value of a name wherever it stands. */
  readonly named: (name: string) => Treatment;
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
 * walking `"[cycle]"`, and what names at any depth cannot reach within 256 levels or 1,000,000 fields is
 * censored.
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
  const { root, shown, anywhere } = plantPaths(readPaths(byTreatment));
  const named = remembering((name) => treatmentOf(name, anywhere, secrets));
  const keep = shown === undefined ? NOWHERE : [shown];
  const sweeps = secrets || anywhere.size > 0;
  return (value) => {
    const walk: Walk = { marks: { censor, hash }, named, open: [], visits: MAX_VISITS };
    try {
      const exact = root === undefined ? value : follow(value, root, walk);
      const swept = sweeps && exact !== null && typeof exact === "object";
      const out = swept ? sweep(exact, keep, walk) : exact;
      return out === DROPPED ? undefined : out;
    } catch {
      // Only a stack that was nearly full when we were called leads here.
      return censor;
    }
  };
}

function isList(rules: readonly string[] | RedactionRules): rules is readonly string[] {
  return Array.isArray(rules);
}

/** Applies the paths below `node`, each to what the ones before it left. */
function follow(value: unknown, node: PathNode, walk: Walk): unknown {
  if (node.treatment !== undefined) return replaced(value, node.treatment, walk);
  if (value === null || typeof value !== "object") return value;
  const view = jsonView(value);
  if (!hasParts(view)) return view === UNREADABLE ? view : value;
  const length = lengthOf(view);
  const out = length < 0 ? followFields(view, node, walk) : followItems(view, length, node, walk);
  return out === view ? value : out;
}

function replaced(value: unknown, treatment: Treatment, { marks }: Walk): unknown {
  return treatment === "drop" ? DROPPED : treat(value, treatment, marks);
}

function followFields(object: object, node: PathNode, walk: Walk): object {
  const { each, fields, children } = node;
  let copy: Record<string, unknown>;
  let changed = false;
  try {
    copy = { ...object };
  } catch {
    copy = copyReadable(object);
    changed = true;
  }
  if (each !== undefined) {
    for (const key in copy) {
      const field = copy[key];
      const next = follow(field, each, walk);
      if (next === field || isLent(copy, key)) continue;
      put(copy, key, next);
      changed = true;
    }
  }
  for (let i = 0; i < fields.length; i++) {
    const key = fields[i] as string;
    if (!Object.hasOwn(copy, key)) continue;
    const child = children[i] as PathNode;
    let next: unknown = walk.marks.censor;
    if (child.treatment !== "redact") {
      const field = copy[key];
      next = follow(field, child, walk);
      if (next === field) continue;
    }
    put(copy, key, next);
    changed = true;
  }
  return changed ? copy : object;
}

function followItems(array: object, length: number, node: PathNode, walk: Walk): unknown {
  if (!enter(array, length, walk)) return stopped(array, walk);
  const { each, items, indexes } = node;
  const copy = copyItems(array, length);
  let changed = false;
  const visit = (index: number, child: PathNode) => {
    const item = copy[index];
    const next = follow(item, child, walk);
    if (next === item) return;
    copy[index] = next === DROPPED ? null : next;
    changed = true;
  };
  for (let i = 0; i < length; i++) {
    if (items !== undefined) visit(i, items);
    if (each !== undefined) visit(i, each);
  }
  for (const [index, child] of indexes) if (index < length) visit(index, child);
  walk.open.pop();
  return changed ? copy : array;
}

/** Treats the names that go at any depth, but for what `keep` leads to. */
function sweep(value: object, keep: readonly PathNode[], walk: Walk): unknown {
  const view = jsonView(value);
  if (!hasParts(view)) return view === UNREADABLE ? view : value;
  const length = lengthOf(view);
  if (!enter(view, Math.max(length, 1), walk)) return stopped(view, walk);
  const out = length < 0 ? sweepFields(view, keep, walk) : sweepItems(view, length, keep, walk);
  walk.open.pop();
  return out === view ? value : out;
}

function sweepFields(object: object, keep: readonly PathNode[], walk: Walk): object {
  let copy: Record<string, unknown>;
  let changed = false;
  try {
    copy = { ...object };
  } catch {
    copy = copyReadable(object);
    changed = true;
  }
  for (const key in copy) {
    const field = copy[key];
    const below = keep.length === 0 ? NOWHERE : fieldPaths(keep, key);
    const shown = below.length > 0 && treatmentAt(below) !== undefined;
    const treatment = shown ? "verbatim" : walk.named(key);
    let next: unknown;
    if (treatment !== "verbatim") {
      next = replaced(field, treatment, walk);
    } else {
      if (field === null || typeof field !== "object") continue;
      next = sweep(field, below, walk);
    }
    if (next === field || isLent(copy, key)) continue;
    put(copy, key, next);
    changed = true;
  }
  return changed ? copy : object;
}

function sweepItems(array: object, length: number, keep: readonly PathNode[], walk: Walk): object {
  const copy: unknown[] = [];
  let changed = false;
  for (let i = 0; i < length; i++) {
    const item = read(array, i);
    let next = item;
    if (item !== null && typeof item === "object") {
      next = sweep(item, keep.length === 0 ? NOWHERE : itemPaths(keep, i), walk);
      if (next !== item) changed = true;
    }
    copy.push(next);
  }
  return changed ? copy : array;
}

function put(fields: Record<string, unknown>, key: string, value: unknown): void {
  if (value === DROPPED) delete fields[key];
  else fields[key] = value;
}

/** Whether it is `Object.prototype` that has this name: `for in` lists what somebody added there. */
function isLent(fields: object, key: string): boolean {
  return !Object.hasOwn(fields, key);
}

function enter(object: object, size: number, walk: Walk): boolean {
  walk.visits -= size;
  if (walk.visits < 0 || walk.open.length >= MAX_DEPTH || walk.open.includes(object)) return false;
  walk.open.push(object);
  return true;
}

function stopped(object: object, walk: Walk): string {
  return walk.open.includes(object) ? CYCLE : walk.marks.censor;
}
