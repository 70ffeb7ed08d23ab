/** Stands where reading a value threw. */
export const UNREADABLE = "[unreadable]";
/** Stands where a value contains itself. */
export const CYCLE = "[cycle]";

/** Reads a property; a getter or a trap that throws gives `UNREADABLE`. */
export function read(object: object, key: string | number): unknown {
  try {
    return (object as Record<string | number, unknown>)[key];
  } catch {
    return UNREADABLE;
  }
}

/** The own enumerable names; none when asking for them throws. */
export function keysOf(object: object): readonly string[] {
  try {
    return Object.keys(object);
  } catch {
    return [];
  }
}

/** How many items an array has, as JSON reads it (ECMA-262, LengthOfArrayLike); -1 for everything else, a revoked proxy included. */
export function lengthOf(value: object): number {
  try {
    if (!Array.isArray(value)) return -1;
    // Of a proxy it may be anything.
    const length: unknown = value.length;
    return Math.max(0, Math.trunc(Number(length)) || 0);
  } catch {
    return -1;
  }
}

/** Whether JSON asks this value for `toJSON` and its fields. A function has no fields in JSON. */
export function isObject(value: unknown): value is object {
  return typeof value === "object" ? value !== null : typeof value === "function";
}

/**
 * The value that JSON would show: what `toJSON` returns where there is one, else the object itself.
 */
export function jsonView(object: object): unknown {
  try {
    const { toJSON } = object as { toJSON?: unknown };
    return typeof toJSON === "function" ? (toJSON.call(object, "") as unknown) : object;
  } catch {
    return UNREADABLE;
  }
}

/**
 * Whether this view has fields or items to look into. Bytes are one value: to list the names of a typed array would make
 * a string for each of them.
 */
export function hasParts(view: unknown): view is object {
  return view !== null && typeof view === "object" && !ArrayBuffer.isView(view);
}

/** The fields of an object, each read once; one that cannot be read is `UNREADABLE`. */
export function copyReadable(object: object): Record<string, unknown> {
  return Object.fromEntries(keysOf(object).map((key) => [key, read(object, key)]));
}
