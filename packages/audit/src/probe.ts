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

/** `Object.hasOwn`, false when it throws. */
export function owns(object: object, key: string): boolean {
  try {
    return Object.hasOwn(object, key);
  } catch {
    return false;
  }
}

/** How many items an array has; -1 for everything else, a revoked proxy included. */
export function lengthOf(value: object): number {
  try {
    return Array.isArray(value) ? value.length : -1;
  } catch {
    return -1;
  }
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

/** Adds a field whatever its name: plain assignment would take `__proto__` for the prototype. */
export function put(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== "__proto__") object[key] = value;
  else {
    const field = { value, enumerable: true, configurable: true, writable: true };
    Object.defineProperty(object, key, field);
  }
}

/** The fields of an object, each read once, so that nothing it answers later can matter. */
export function copyFields(object: object): Record<string, unknown> {
  try {
    return { ...object };
  } catch {
    return copyReadable(object);
  }
}

/** {@link copyFields} where one cannot be read: it is `UNREADABLE`. */
export function copyReadable(object: object): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const key of keysOf(object)) put(copy, key, read(object, key));
  return copy;
}

/** The items of an array, each read once. By hand, since `slice` asks the array itself (`constructor`, species) what to make. */
export function copyItems(array: object, length: number): unknown[] {
  const copy: unknown[] = [];
  for (let i = 0; i < length; i++) copy.push(read(array, i));
  return copy;
}
