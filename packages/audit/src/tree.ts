import { parsePath, type PathSegment } from "./path.ts";

/** What paths want of one place in a value. */
export interface PathNode {
  /** A path ends here: the value goes, and nothing below it is looked at. */
  readonly leaf: boolean;
  /** Fields to look at in an object, and what is wanted of each: two lists of one length. */
  readonly fields: readonly string[];
  readonly children: readonly PathNode[];
  /** Items to look at in an array, by place. */
  readonly indexes: readonly (readonly [number, PathNode])[];
  /** What `*` wants of every field and item. */
  readonly each: PathNode | undefined;
  /** What the items of an array inherit: the names, since arrays are descended implicitly. */
  readonly items: PathNode | undefined;
}

/** All paths of a redactor, ready to walk. */
export interface PathTree {
  /** The paths from the top; undefined when there are none. */
  readonly root: PathNode | undefined;
  /** Names that go at any depth. */
  readonly anywhere: ReadonlySet<string>;
}

/**
 * Compiles paths once.
 *
 * @throws {RedactPathError} when one of them does not parse.
 */
export function compilePaths(paths: readonly string[]): PathTree {
  const anywhere = new Set<string>();
  const exact: PathSegment[][] = [];
  for (const path of paths) {
    const segments = parsePath(path);
    const [first, second] = segments;
    if (first?.kind === "deep" && second?.kind === "name") anywhere.add(second.name);
    else exact.push(segments);
  }
  return { root: exact.length === 0 ? undefined : grow(exact, 0), anywhere };
}

type Paths = readonly PathSegment[][];

function grow(paths: Paths, depth: number): PathNode {
  const leaf = paths.some((path) => path.length === depth);
  const names = new Map<string, PathSegment[][]>();
  const places = new Map<number, PathSegment[][]>();
  const each: PathSegment[][] = [];
  for (const path of leaf ? [] : paths) {
    const segment = path[depth];
    if (segment?.kind === "name") gather(names, segment.name, path);
    else if (segment?.kind === "index") gather(places, segment.index, path);
    else each.push(path);
  }
  const named = [...names].map(([name, rest]) => [name, grow(rest, depth + 1)] as const);
  const indexes = [...places].map(([index, rest]) => [index, grow(rest, depth + 1)] as const);
  const star = each.length === 0 ? undefined : grow(each, depth + 1);
  return node(leaf, named, indexes, star);
}

function gather<K>(groups: Map<K, PathSegment[][]>, key: K, path: PathSegment[]): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [path]);
  else group.push(path);
}

function node(
  leaf: boolean,
  named: readonly (readonly [string, PathNode])[],
  indexes: PathNode["indexes"],
  each: PathNode | undefined,
): PathNode {
  const items = named.length === 0 ? undefined : namesOnly(named);
  if (indexes.length === 0 && each === undefined && items !== undefined) return items;
  return {
    leaf,
    fields: [...named.map(([name]) => name), ...indexes.map(([index]) => String(index))],
    children: [...named, ...indexes].map(([, child]) => child),
    indexes,
    each,
    items,
  };
}

function namesOnly(named: readonly (readonly [string, PathNode])[]): PathNode {
  const self = {
    leaf: false,
    fields: named.map(([name]) => name),
    children: named.map(([, child]) => child),
    indexes: [],
    each: undefined,
    items: undefined as PathNode | undefined,
  };
  // An array inside an array hands the same names on.
  self.items = self;
  return self;
}
