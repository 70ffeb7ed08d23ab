import type { Named } from "./names.ts";
import { parsePath, type PathSegment } from "./path.ts";
import { type RedactionRules, stronger, type Treatment, TREATMENTS } from "./treatment.ts";

/** What paths want of one place in a value. */
export interface Place {
  /** How they hide the value here; `verbatim` if they do not. Where something is hidden nothing below is looked at. */
  readonly hides: Treatment;
  /** Whether one of them shows it. */
  readonly shows: boolean;
  /** What they want of what is below: of one, or of several that meet here. */
  readonly nodes: readonly PathNode[];
}

/** What paths with the same beginning want of what is below a place. */
export interface PathNode {
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

/** The paths of a redaction, read and not yet ready to walk: those from the top, and names. */
export interface ReadPaths {
  readonly paths: readonly Path[];
  readonly deep: DeepNames;
}

/** @throws {RedactPathError} when one of the paths does not parse. */
export function readPaths(rules: RedactionRules): ReadPaths {
  const hidden = new Map<string, Treatment>();
  const shown = new Set<string>();
  const paths: Path[] = [];
  for (const treatment of TREATMENTS) {
    for (const path of rules[treatment] ?? []) {
      const segments = parsePath(path);
      const [first, name] = segments;
      if (first?.kind !== "deep" || name?.kind !== "name") paths.push({ segments, treatment });
      else if (treatment === "verbatim") shown.add(name.name);
      else if (!hidden.has(name.name)) hidden.set(name.name, treatment);
    }
  }
  return { paths, deep: { hidden, shown } };
}

/** What is wanted where no path leads. */
export const NOWHERE: Place = { hides: "verbatim", shows: false, nodes: [] };

/** What the paths want of a field. */
export function fieldPaths(place: Place, key: string): Place {
  let below = NOWHERE;
  for (const { each, fields, children } of place.nodes) {
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
  for (const { each, items, indexes } of place.nodes) {
    below = both(both(below, each), items);
    for (const [at, child] of indexes) if (at === index) below = both(below, child);
  }
  return below;
}

/** Mostly one of them is nowhere, and then it makes nothing. */
function both(a: Place, b: Place): Place {
  if (a === NOWHERE) return b;
  if (b === NOWHERE) return a;
  return {
    hides: stronger(a.hides, b.hides),
    shows: a.shows || b.shows,
    nodes: [...a.nodes, ...b.nodes],
  };
}

/** What is done to a value: the strongest of what the paths to it say, and what its name does. */
export function treatmentAt({ hides, shows }: Place, named: Named): Treatment {
  return stronger(hides, shows ? named.shown : named.treatment);
}

/** What paths want of the whole value, ready to walk. */
export function plantPaths(paths: readonly Path[], depth = 0): Place {
  if (paths.length === 0) return NOWHERE;
  const names = new Map<string, readonly Path[]>();
  const indexed = new Map<number, readonly Path[]>();
  const stars: Path[] = [];
  let hides: Treatment = "verbatim";
  let shows = false;
  for (const path of paths) {
    const segment = path.segments[depth];
    if (segment?.kind === "name") gather(names, segment.name, path);
    else if (segment?.kind === "index") gather(indexed, segment.index, path);
    else if (segment !== undefined) stars.push(path);
    else if (path.treatment === "verbatim") shows = true;
    else hides = stronger(path.treatment, hides);
  }
  const below = (rest: readonly Path[]) => plantPaths(rest, depth + 1);
  const fields = new Map([...names].map(([name, rest]) => [name, below(rest)]));
  const indexes = [...indexed].map(([index, rest]) => [index, below(rest)] as const);
  const items = fields.size === 0 ? NOWHERE : namesOnly(fields);
  for (const [index, child] of indexes) {
    const name = String(index);
    fields.set(name, both(fields.get(name) ?? NOWHERE, child));
  }
  return { hides, shows, nodes: [nodeOf(fields, indexes, below(stars), items)] };
}

function nodeOf(
  named: ReadonlyMap<string, Place>,
  indexes: PathNode["indexes"],
  each: Place,
  items: Place,
): PathNode {
  // Engines tell the names of an object's fields from others without reading them.
  const object = Object.fromEntries(named);
  return { fields: Object.keys(object), children: Object.values(object), indexes, each, items };
}

function gather<K>(groups: Map<K, readonly Path[]>, key: K, path: Path): void {
  groups.set(key, [...(groups.get(key) ?? []), path]);
}

function namesOnly(fields: ReadonlyMap<string, Place>): Place {
  const nodes: PathNode[] = [];
  const place: Place = { ...NOWHERE, nodes };
  // An array inside an array hands the same names on.
  nodes.push(nodeOf(fields, [], NOWHERE, place));
  return place;
}
