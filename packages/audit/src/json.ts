import { CYCLE, jsonView, keysOf, lengthOf, read } from "./probe.ts";
import { utf8Size } from "./text.ts";

/** What JSON makes of a value by itself; an object is still to be looked into. */
export type Settled = string | number | boolean | null | undefined | object;

/** Only the base64 text of so many bytes is shown; of more, how many there are. */
export const SHOWN_BYTES = 256;
/** Deeper objects are not counted by {@link jsonSize}. */
const MAX_LEVELS = 10_000;
/** How many values are counted for one payload. */
export const MAX_VALUES = 1_000_000;

/**
 * Reads a value as `JSON.stringify` does, `toJSON` included, but for what that refuses or loses: a
 * bigint is its decimal text, NaN and infinities are their names. Undefined is left out.
 */
export function settle(value: unknown): Settled {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "bigint":
      return String(value);
    case "object": {
      if (value === null) return null;
      const view = jsonView(value);
      // An object that toJSON returned is not asked again, as in ECMA-262 SerializeJSONProperty.
      return typeof view === "object" ? view : settle(view);
    }
    default:
      return undefined;
  }
}

/**
 * The bytes of an ArrayBuffer or a view of one, of any realm; undefined for everything else and where
 * they cannot be read.
 */
export function bytesOf(object: object): Uint8Array | undefined {
  try {
    if (Object.getPrototypeOf(object) === Object.prototype) return undefined;
    if (ArrayBuffer.isView(object)) {
      return new Uint8Array(object.buffer, object.byteOffset, object.byteLength);
    }
    if (Object.prototype.toString.call(object) !== "[object ArrayBuffer]") return undefined;
    // The tag can be forged; this getter throws for what is no ArrayBuffer.
    const size: unknown = Reflect.get(ArrayBuffer.prototype, "byteLength", object);
    return typeof size === "number" ? new Uint8Array(object as ArrayBuffer) : undefined;
  } catch {
    return undefined;
  }
}

/** Bytes as base64 text. */
export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

interface Frame {
  readonly object: object;
  readonly keys: readonly string[] | undefined;
  readonly length: number;
  next: number;
  shown: number;
}

/**
 * The size in UTF-8 of a value's whole JSON. Walks without recursion, since the value may be deeper
 * than the stack, and spends at most `budget.values`: what is left out then is not counted.
 */
export function jsonSize(value: unknown, budget: { values: number }): number {
  if (typeof value === "string") return textSize(value);
  if (budget.values <= 0) return 0;
  const frames: Frame[] = [];
  const open = new Set<object>();
  let size = count(settle(value) ?? null, frames, open);
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    if (frame.next >= frame.length || budget.values <= 0) {
      open.delete(frame.object);
      frames.pop();
      continue;
    }
    budget.values -= 1;
    const key = frame.keys?.[frame.next];
    const child = settle(read(frame.object, key ?? frame.next));
    frame.next += 1;
    if (child === undefined && key !== undefined) continue;
    if (frame.shown > 0) size += 1;
    frame.shown += 1;
    if (key !== undefined) size += textSize(key) + 1;
    size += count(child ?? null, frames, open);
  }
  return size;
}

/** The size of a scalar, or of the brackets of an object, which is opened. */
function count(value: Exclude<Settled, undefined>, frames: Frame[], open: Set<object>): number {
  if (typeof value === "string") return textSize(value);
  if (value === null || typeof value !== "object") return String(value).length;
  if (open.has(value)) return CYCLE.length + 2;
  const bytes = bytesOf(value);
  if (bytes !== undefined) return Math.ceil(bytes.length / 3) * 4 + 2;
  if (frames.length >= MAX_LEVELS) return 2;
  const length = lengthOf(value);
  const keys = length < 0 ? keysOf(value) : undefined;
  open.add(value);
  frames.push({ object: value, keys, length: keys?.length ?? length, next: 0, shown: 0 });
  return 2;
}

function textSize(text: string): number {
  return isPlainText(text) ? text.length + 2 : utf8Size(JSON.stringify(text));
}

/** Whether a text stands in JSON as it is, each character a byte. */
export function isPlainText(text: string): boolean {
  return /^[ !#-[\]-~]*$/.test(text);
}
