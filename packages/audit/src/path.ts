/** One step of a parsed path. */
export type PathSegment =
  /** A field of this name; an array met on the way is descended into. */
  | { readonly kind: "name"; readonly name: string }
  /** The item at this place of an array, or the field of that name of an object. */
  | { readonly kind: "index"; readonly index: number }
  /** Every item of an array, every field of an object. */
  | { readonly kind: "each" }
  /** Any depth, the top included. Only first, and only before one name. */
  | { readonly kind: "deep" };

/**
 * A path that does not follow the grammar. The message says what was expected, what came and where.
 */
export class RedactPathError extends Error {
  static readonly code = "ERR_REDACT_PATH";
  readonly code = RedactPathError.code;
  /** The path as it was given. */
  readonly path: string;
  /** Where in `path` reading stopped, counted from 0. */
  readonly at: number;

  constructor(path: string, at: number, expected: string) {
    const came = at < path.length ? JSON.stringify(path.slice(at, at + 20)) : "the end";
    super(
      `Redaction path ${JSON.stringify(path)}: expected ${expected} at character ${at + 1}, got ${came}. ` +
        'Paths look like a.b, a[0], a["x-y"], a.*.b, a[*].b or **.name.',
    );
    this.name = "RedactPathError";
    this.path = path;
    this.at = at;
  }
}

const INDEX = /^(?:0|[1-9]\d{0,14})$/;
const BARE = /[^.[\]*"'\s]+/y;
const BRACKET = /\[(?:(\*)|(0|[1-9]\d{0,14})|("(?:[^"\\]|\\.)*")|'((?:[^'\\]|\\.)*)')\]/y;

/**
 * Reads one redaction path.
 *
 * Grammar: `a.b.c`, `a[0]` (also `a.0`), `a["x-y"]` or `a['x-y']`, `a.*.b`, `a[*].b`, `**.name`.
 *
 * @throws {RedactPathError} (`ERR_REDACT_PATH`) when the path does not follow it.
 * @example parsePath("items[*].token");
 */
export function parsePath(path: string): PathSegment[] {
  if (typeof path !== "string") throw new RedactPathError(String(path), 0, "a string");
  const segments: PathSegment[] = [];
  let at = 0;
  while (at < path.length || segments.length === 0) {
    if (path[at] === "[") at = readBracket(path, at, segments);
    else at = readDotted(path, at, segments);
  }
  const [first, second] = segments;
  if (first?.kind === "deep" && (second?.kind !== "name" || segments.length > 2)) {
    throw new RedactPathError(path, 2, "exactly one name after **");
  }
  return segments;
}

function readDotted(path: string, start: number, segments: PathSegment[]): number {
  let at = start;
  if (segments.length > 0) {
    if (path[at] !== ".") throw new RedactPathError(path, at, '"." or "["');
    at += 1;
  }
  if (path.startsWith("**", at)) {
    if (segments.length > 0) throw new RedactPathError(path, at, "a name (** stands only first)");
    segments.push({ kind: "deep" });
    return at + 2;
  }
  if (path[at] === "*") {
    segments.push({ kind: "each" });
    return at + 1;
  }
  BARE.lastIndex = at;
  const name = BARE.exec(path)?.[0];
  if (name === undefined) throw new RedactPathError(path, at, 'a name, "*" or "["');
  segments.push(INDEX.test(name) ? { kind: "index", index: Number(name) } : { kind: "name", name });
  return at + name.length;
}

function readBracket(path: string, at: number, segments: PathSegment[]): number {
  BRACKET.lastIndex = at;
  const match = BRACKET.exec(path);
  if (match === null) throw new RedactPathError(path, at, '[0], [*] or ["a name"]');
  const [whole, star, index, double, single] = match;
  if (star !== undefined) segments.push({ kind: "each" });
  else if (index !== undefined) segments.push({ kind: "index", index: Number(index) });
  else segments.push({ kind: "name", name: quotedName(path, at, double, single) });
  return at + whole.length;
}

function quotedName(path: string, at: number, double?: string, single = ""): string {
  try {
    return String(JSON.parse(double ?? `"${single.replace(/\\.|"/gs, asDouble)}"`));
  } catch {
    throw new RedactPathError(path, at + 1, "a name in quotes, escaped as in JSON");
  }
}

function asDouble(part: string): string {
  if (part === "\\'") return "'";
  return part === '"' ? '\\"' : part;
}
