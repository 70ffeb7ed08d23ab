import { CYCLE, keysOf, lengthOf, owns, put, read, viewInto } from "./probe.ts";
import { compilePaths, type PathNode } from "./tree.ts";

/** How a redactor marks what it took out. */
export interface RedactOptions {
  /** What stands in place of a redacted value. Default: `"[redacted]"`. */
  readonly censor?: string;
}

/** The mark of a redacted value when none is given. */
export const CENSOR = "[redacted]";

/** Below so many open objects nothing is walked: it is censored, so that no secret hides there. */
const MAX_DEPTH = 256;
/** So many fields and items are walked; objects met after that are censored. */
const MAX_VISITS = 1_000_000;

interface Walk {
  readonly censor: string;
  readonly anywhere: ReadonlySet<string>;
  /** The objects around the current one, to notice a cycle. */
  readonly open: object[];
  visits: number;
}

/**
 * A copy of `value` without what `paths` name. The value itself is never changed; parts that no path
 * touches are shared with it, and a value that holds nothing to redact comes back as it is.
 *
 * Never throws because of the value: what cannot be read becomes `"[unreadable]"`, a cycle met while
 * walking `"[cycle]"`, and what `**.name` cannot reach within 256 levels or 1,000,000 fields is
 * censored.
 *
 * @throws {RedactPathError} when a path does not parse.
 * @example redact({ user: { email: "ann@example.com" } }, ["user.email"]);
 */
export function redact(value: unknown, paths: readonly string[], options?: RedactOptions): unknown {
  return createRedactor(paths, options)(value);
}

/**
 * {@link redact} for paths that are used more than once: they are compiled here.
 *
 * @throws {RedactPathError} when a path does not parse.
 */
export function createRedactor(
  paths: readonly string[],
  options: RedactOptions = {},
): (value: unknown) => unknown {
  const { root, anywhere } = compilePaths(paths);
  const censor = options.censor ?? CENSOR;
  return (value) => {
    const walk: Walk = { censor, anywhere, open: [], visits: MAX_VISITS };
    try {
      const exact = root === undefined ? value : follow(value, root, walk);
      const swept = anywhere.size > 0 && exact !== null && typeof exact === "object";
      return swept ? sweep(exact, walk) : exact;
    } catch {
      // Only a stack that was nearly full when we were called leads here.
      return censor;
    }
  };
}

/** Applies the paths below `node`, each to what the ones before it left. */
function follow(value: unknown, node: PathNode, walk: Walk): unknown {
  if (node.leaf) return walk.censor;
  if (value === null || typeof value !== "object") return value;
  const view = viewInto(value);
  if (view === undefined) return value;
  const length = lengthOf(view);
  const out = length < 0 ? followFields(view, node, walk) : followItems(view, length, node, walk);
  return out === view ? value : out;
}

function followFields(object: object, node: PathNode, walk: Walk): object {
  const { each, fields, children } = node;
  let out = each === undefined ? object : followEach(object, each, walk);
  for (let i = 0; i < fields.length; i++) {
    const key = fields[i] as string;
    if (!owns(out, key)) continue;
    const field = read(out, key);
    const next = follow(field, children[i] as PathNode, walk);
    if (next === field) continue;
    if (out === object) out = copyFields(object);
    put(out as Record<string, unknown>, key, next);
  }
  return out;
}

function followEach(object: object, node: PathNode, walk: Walk): object {
  let out = object;
  for (const key of keysOf(object)) {
    const field = read(object, key);
    const next = follow(field, node, walk);
    if (next === field) continue;
    if (out === object) out = copyFields(object);
    put(out as Record<string, unknown>, key, next);
  }
  return out;
}

function followItems(array: object, length: number, node: PathNode, walk: Walk): unknown {
  if (!enter(array, length, walk)) return stopped(array, walk);
  const { each, items, indexes } = node;
  let out = array;
  const end = each === undefined && items === undefined ? 0 : length;
  for (let i = 0; i < end; i++) {
    const item = read(array, i);
    let next = items === undefined ? item : follow(item, items, walk);
    if (each !== undefined) next = follow(next, each, walk);
    if (next === item) continue;
    if (out === array) out = copyItems(array, length);
    (out as unknown[])[i] = next;
  }
  for (const [index, child] of indexes) {
    if (index >= length) continue;
    const item = read(out, index);
    const next = follow(item, child, walk);
    if (next === item) continue;
    if (out === array) out = copyItems(array, length);
    (out as unknown[])[index] = next;
  }
  walk.open.pop();
  return out;
}

/** Censors the names that go at any depth. */
function sweep(value: object, walk: Walk): unknown {
  const view = viewInto(value);
  if (view === undefined) return value;
  const length = lengthOf(view);
  if (!enter(view, Math.max(length, 1), walk)) return stopped(view, walk);
  const out = length < 0 ? sweepFields(view, walk) : sweepItems(view, length, walk);
  walk.open.pop();
  return out === view ? value : out;
}

function sweepFields(object: object, walk: Walk): object {
  let out = object;
  for (const key of keysOf(object)) {
    const field = read(object, key);
    let next: unknown = walk.censor;
    if (!walk.anywhere.has(key)) {
      if (field === null || typeof field !== "object") continue;
      next = sweep(field, walk);
    }
    if (next === field) continue;
    if (out === object) out = copyFields(object);
    put(out as Record<string, unknown>, key, next);
  }
  return out;
}

function sweepItems(array: object, length: number, walk: Walk): object {
  let out = array;
  for (let i = 0; i < length; i++) {
    const item = read(array, i);
    if (item === null || typeof item !== "object") continue;
    const next = sweep(item, walk);
    if (next === item) continue;
    if (out === array) out = copyItems(array, length);
    (out as unknown[])[i] = next;
  }
  return out;
}

function enter(object: object, size: number, walk: Walk): boolean {
  walk.visits -= size;
  if (walk.visits < 0 || walk.open.length >= MAX_DEPTH || walk.open.includes(object)) return false;
  walk.open.push(object);
  return true;
}

function stopped(object: object, walk: Walk): string {
  return walk.open.includes(object) ? CYCLE : walk.censor;
}

function copyFields(object: object): object {
  try {
    return { ...object };
  } catch {
    const copy: Record<string, unknown> = {};
    for (const key of keysOf(object)) put(copy, key, read(object, key));
    return copy;
  }
}

/** By hand, since `slice` asks the array itself (`constructor`, species) what to make. */
function copyItems(array: object, length: number): unknown[] {
  const copy: unknown[] = [];
  for (let i = 0; i < length; i++) copy.push(read(array, i));
  return copy;
}
