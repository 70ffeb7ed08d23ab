import type { Named } from "./names.ts";
import { parsePath, type PathSegment } from "./path.ts";
import { type RedactionRules, stronger, type Treatment, TREATMENTS } from "./treatment.ts";

/** What paths want of one place in a value: mostly nothing, or what one path does. */
export type Place = readonly PathNode[];

/** What paths with the same beginning want of a place. */
export interface PathNode {
  /** What is done to the value here. Where something is hidden nothing below is looked at. */
  readonly treatment: Treatment | undefined;
  /** Fields to look at in an object, and what is wanted of each: two lists of one length. */
  readonly fields: readonly string[];
  readonly children: readonly Place[];
  /** Items to look at in an array, by index. */
  readonly indexes: readonly (readonly [number, Place])[];
  /** What `*` wants of every field and item. */
  readonly each: Place;
  /** What the items of an array inherit: the names, since arrays are descended implicitly. */
  readonly items: Place;
}

/** Names that go at any depth. */
export interface DeepNames {
  /** What hides them. */
  readonly hidden: ReadonlyMap<string, Treatment>;
  /** Those that are shown although they are those of secrets. */
  readonly shown: ReadonlySet<string>;
}

interface Path {
  readonly segments: readonly PathSegment[];
  readonly treatment: Treatment;
}

/** The paths of a redaction, read and not yet ready to walk. */
export interface ReadPaths {
  readonly hiding: readonly Path[];
  readonly showing: readonly Path[];
  readonly deep: DeepNames;
}

/** @throws {RedactPathError} when one of the paths does not parse. */
export function readPaths(rules: RedactionRules): ReadPaths {
  const hidden = new Map<string, Treatment>();
  const shown = new Set<string>();
  const hiding: Path[] = [];
  const showing: Path[] = [];
  for (const treatment of TREATMENTS) {
    const shows = treatment === "verbatim";
    for (const path of rules[treatment] ?? []) {
      const segments = parsePath(path);
      const [first, second] = segments;
      if (first?.kind !== "deep") (shows ? showing : hiding).push({ segments, treatment });
      else if (second?.kind !== "name") continue;
      else if (shows) shown.add(second.name);
      else if (!hidden.has(second.name)) hidden.set(second.name, treatment);
    }
  }
  return { hiding, showing, deep: { hidden, shown } };
}

/** What the paths want of the whole value, ready to walk. Those that show are told from those that hide. */
export function plantPaths({ hiding, showing }: Pick<ReadPaths, "hiding" | "showing">): Place {
  return both(plant(hiding), plant(showing));
}

/** What is wanted where no path leads. */
export const NOWHERE: Place = [];

/** What the paths want of a field. */
export function fieldPaths(place: Place, key: string): Place {
  let below = NOWHERE;
  for (const { each, fields, children } of place) {
    below = both(below, each);
    for (let i = 0; i < fields.length; i++) {
      if (fields[i] === key) below = both(below, children[i] ?? NOWHERE);
    }
  }
  return below;
}

/** What the paths want of an item. */
export function itemPaths(place: Place, index: number): Place {
  let below = NOWHERE;
  for (const { each, items, indexes } of place) {
    below = both(both(below, each), items);
    for (const [at, child] of indexes) if (at === index) below = both(below, child);
  }
  return below;
}

/** Mostly one of them is nowhere, and then it makes nothing. */
function both(a: Place, b: Place): Place {
  if (a.length === 0) return b;
  return b.length === 0 ? a : [...a, ...b];
}

/** What is done to a value: the strongest of what the paths to it say, and what its name does. */
export function treatmentAt(place: Place, named: Named): Treatment {
  const shows = place.some((node) => node.treatment === "verbatim");
  let treatment = shows ? named.shown : named.treatment;
  for (const node of place) treatment = stronger(node.treatment ?? "verbatim", treatment);
  return treatment;
}

function plant(paths: readonly Path[]): Place {
  return paths.length === 0 ? NOWHERE : grow(paths, 0);
}

function grow(paths: readonly Path[], depth: number): Place {
  const ended = paths.filter(({ segments }) => segments.length === depth);
  const names = new Map<string, Path[]>();
  const indexed = new Map<number, Path[]>();
  const each: Path[] = [];
  for (const path of paths) {
    const segment = path.segments[depth];
    if (segment?.kind === "name") gather(names, asKey(segment.name), path);
    else if (segment?.kind === "index") gather(indexed, segment.index, path);
    else if (segment !== undefined) each.push(path);
  }
  const named = [...names].map(([name, rest]) => [name, grow(rest, depth + 1)] as const);
  const indexes = [...indexed].map(([index, rest]) => [index, grow(rest, depth + 1)] as const);
  const items = named.length === 0 ? NOWHERE : namesOnly(named);
  const star = each.length === 0 ? NOWHERE : grow(each, depth + 1);
  const treatment = TREATMENTS.find((one) => ended.some((path) => path.treatment === one));
  if (treatment === undefined && indexes.length === 0 && each.length === 0) return items;
  return [
    {
      treatment,
      fields: [...named.map(([name]) => name), ...indexes.map(([index]) => String(index))],
      children: [...named, ...indexes].map(([, child]) => child),
      indexes,
      each: star,
      items,
    },
  ];
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

function namesOnly(named: readonly (readonly [string, Place])[]): Place {
  const place: PathNode[] = [];
  place.push({
    treatment: undefined,
    fields: named.map(([name]) => name),
    children: named.map(([, child]) => child),
    indexes: [],
    each: NOWHERE,
    // An array inside an array hands the same names on.
    items: place,
  });
  return place;
}
