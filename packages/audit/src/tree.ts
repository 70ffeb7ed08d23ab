import { parsePath, type PathSegment } from "./path.ts";
import { type RedactionRules, stronger, type Treatment, TREATMENTS } from "./treatment.ts";

/** What paths want of one place in a value. */
export interface PathNode {
  /** What is done to the value here. Where something is hidden nothing below is looked at. */
  readonly treatment: Treatment | undefined;
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
  /** The paths from the top that hide something; undefined when there are none. */
  readonly root: PathNode | undefined;
  /** The paths from the top to what is shown whatever its name; undefined when there are none. */
  readonly shown: PathNode | undefined;
  /** Names that go at any depth. */
  readonly anywhere: ReadonlyMap<string, Treatment>;
}

interface Path {
  readonly segments: readonly PathSegment[];
  readonly treatment: Treatment;
}

/** The paths of a redaction, read and not yet ready to walk. */
export interface ReadPaths {
  readonly hiding: readonly Path[];
  readonly showing: readonly Path[];
  readonly anywhere: ReadonlyMap<string, Treatment>;
}

/** @throws {RedactPathError} when one of the paths does not parse. */
export function readPaths(rules: RedactionRules): ReadPaths {
  const anywhere = new Map<string, Treatment>();
  const hiding: Path[] = [];
  const showing: Path[] = [];
  for (const treatment of TREATMENTS) {
    for (const path of rules[treatment] ?? []) {
      const segments = parsePath(path);
      const [first, second] = segments;
      if (first?.kind !== "deep") {
        (treatment === "verbatim" ? showing : hiding).push({ segments, treatment });
      } else if (second?.kind === "name" && !anywhere.has(second.name)) {
        anywhere.set(second.name, treatment);
      }
    }
  }
  return { hiding, showing, anywhere };
}

/** Makes of paths what is walked. */
export function plantPaths({ hiding, showing, anywhere }: ReadPaths): PathTree {
  return { root: plant(hiding), shown: plant(showing), anywhere };
}

/** What is wanted where no path leads. */
export const NOWHERE: readonly PathNode[] = [];

/** What the paths want of a field. Of most fields they want nothing, and then it makes nothing. */
export function fieldPaths(paths: readonly PathNode[], key: string): readonly PathNode[] {
  let below = NOWHERE;
  for (const { each, fields, children } of paths) {
    if (each !== undefined) below = and(below, each);
    for (let i = 0; i < fields.length; i++) {
      if (fields[i] === key) below = and(below, children[i] as PathNode);
    }
  }
  return below;
}

/** What the paths want of an item. */
export function itemPaths(paths: readonly PathNode[], index: number): readonly PathNode[] {
  let below = NOWHERE;
  for (const { each, items, indexes } of paths) {
    if (each !== undefined) below = and(below, each);
    if (items !== undefined) below = and(below, items);
    for (const [at, child] of indexes) if (at === index) below = and(below, child);
  }
  return below;
}

function and(paths: readonly PathNode[], node: PathNode): readonly PathNode[] {
  return paths.length === 0 ? [node] : [...paths, node];
}

/** The strongest of what paths want of one place. */
export function treatmentAt(paths: readonly PathNode[]): Treatment | undefined {
  let treatment: Treatment | undefined;
  for (const node of paths) {
    if (node.treatment !== undefined) treatment = stronger(treatment, node.treatment);
  }
  return treatment;
}

function plant(paths: readonly Path[]): PathNode | undefined {
  return paths.length === 0 ? undefined : grow(paths, 0);
}

function grow(paths: readonly Path[], depth: number): PathNode {
  const ended = paths.filter(({ segments }) => segments.length === depth);
  const names = new Map<string, Path[]>();
  const places = new Map<number, Path[]>();
  const each: Path[] = [];
  for (const path of paths) {
    const segment = path.segments[depth];
    if (segment?.kind === "name") gather(names, asKey(segment.name), path);
    else if (segment?.kind === "index") gather(places, segment.index, path);
    else if (segment !== undefined) each.push(path);
  }
  const named = [...names].map(([name, rest]) => [name, grow(rest, depth + 1)] as const);
  const indexes = [...places].map(([index, rest]) => [index, grow(rest, depth + 1)] as const);
  const star = each.length === 0 ? undefined : grow(each, depth + 1);
  const treatment = TREATMENTS.find((one) => ended.some((path) => path.treatment === one));
  return node(treatment, named, indexes, star);
}

/** The same text as engines keep the names of fields, which they tell from others without reading them. */
function asKey(name: string): string {
  return Object.keys({ [name]: name }).join();
}

function gather<K>(groups: Map<K, Path[]>, key: K, path: Path): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [path]);
  else group.push(path);
}

function node(
  treatment: Treatment | undefined,
  named: readonly (readonly [string, PathNode])[],
  indexes: PathNode["indexes"],
  each: PathNode | undefined,
): PathNode {
  const items = named.length === 0 ? undefined : namesOnly(named);
  if (
    treatment === undefined &&
    indexes.length === 0 &&
    each === undefined &&
    items !== undefined
  ) {
    return items;
  }
  return {
    treatment,
    fields: [...named.map(([name]) => name), ...indexes.map(([index]) => String(index))],
    children: [...named, ...indexes].map(([, child]) => child),
    indexes,
    each,
    items,
  };
}

function namesOnly(named: readonly (readonly [string, PathNode])[]): PathNode {
  const self = {
    treatment: undefined,
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
