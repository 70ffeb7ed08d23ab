import type { Guide, Place } from "./guide.ts";
import { SHOWN_BYTES, jsonSize, bytesOf, settle, toBase64 } from "./json.ts";
import { CYCLE, keysOf, lengthOf, put, read } from "./probe.ts";
import { cutText, leftOut } from "./text.ts";
import type { Treatment } from "./treatment.ts";

const TOO_DEEP = "[too deep]";
const MANY_NAMES = 1024;

/** What one reading of a value may show, and what it found out. */
export interface Shape {
  readonly guide: Guide;
  /** The most levels of objects and arrays. */
  readonly depth: number;
  /** The most characters of a text or a name. */
  readonly text: number;
  /** The most items of an array or fields of an object. */
  readonly items: number;
  /** The names of objects that have very many, which are costly to list again. */
  readonly names: Map<object, readonly string[]>;
  /** What measuring the hidden may still cost; undefined when nobody asks for it. */
  readonly budget: { values: number } | undefined;
  /** The objects around the current one, to notice a cycle. */
  readonly open: object[];
  /** How many bytes are left at most; the reading stops when it is below zero. */
  room: number;
  /** How many bytes the stand-ins of this reading hide. */
  hidden: number;
  /** True once something was left out. */
  cut: boolean;
}

/**
 * Copies what JSON would show of a value, redacted and within the shape. Everything is read once and
 * copied, so that nothing a hostile object answers later can matter; redaction looks at whole names
 * and places, before anything is cut.
 *
 * @param place Where in the whole it stands.
 */
export function show(value: unknown, place: Place, shape: Shape): unknown {
  const plain = settle(value);
  if (typeof plain === "string") return showText(plain, shape);
  if (plain === null || typeof plain !== "object") {
    shape.room -= 1;
    return plain;
  }
  shape.room -= 2;
  if (shape.open.includes(plain)) return CYCLE;
  const bytes = bytesOf(plain);
  if (bytes !== undefined) return showBytes(bytes, plain, shape);
  if (shape.open.length >= shape.depth) {
    shape.cut = true;
    return standIn(TOO_DEEP, plain, shape);
  }
  shape.open.push(plain);
  const length = lengthOf(plain);
  const shown =
    length < 0 ? showFields(plain, place, shape) : showItems(plain, length, place, shape);
  shape.open.pop();
  return shown;
}

function showFields(object: object, place: Place, shape: Shape): object {
  const shown: Record<string, unknown> = {};
  const { guide } = shape;
  const keys = listNames(object, shape.names);
  let kept = 0;
  let left = 0;
  let dropped = 0;
  for (let i = 0; i < keys.length && shape.room >= 0; i++) {
    const key = keys[i] as string;
    if (kept >= shape.items) {
      left += keys.length - i;
      break;
    }
    const below = guide.field(place, key);
    const field = read(object, key);
    const treatment = guide.treatment(below, key);
    if (treatment === "drop") {
      dropped += leaveOut(key, field, shape);
      continue;
    }
    const next = showAs(treatment, field, below, shape);
    if (next === undefined) continue;
    const name = showText(key, shape);
    // Two long names may look alike once they are cut.
    if (name !== key && Object.hasOwn(shown, name)) left += 1;
    else {
      put(shown, name, next);
      kept += 1;
    }
  }
  // Each field stands with a comma, but for the first.
  if (dropped > 0) shape.hidden += dropped - (kept + left === 0 ? 1 : 0);
  if (left > 0) {
    shape.cut = true;
    shown["…"] = leftOut(left, "fields");
  }
  return shown;
}

function listNames(object: object, names: Shape["names"]): readonly string[] {
  const known = names.get(object);
  if (known !== undefined) return known;
  const keys = keysOf(object);
  if (keys.length > MANY_NAMES) names.set(object, keys);
  return keys;
}

function showItems(array: object, length: number, place: Place, shape: Shape): unknown[] {
  const { guide } = shape;
  const shown: unknown[] = [];
  const end = Math.min(length, shape.items);
  for (let i = 0; i < end && shape.room >= 0; i++) {
    const below = guide.item(place, i);
    const item = read(array, i);
    shown.push(showAs(guide.treatment(below), item, below, shape) ?? null);
  }
  if (end < length) {
    shape.cut = true;
    shown.push(leftOut(length - end, "items"));
  }
  return shown;
}

function showText(text: string, shape: Shape): string {
  const shown = cutText(text, shape.text);
  if (shown !== text) shape.cut = true;
  shape.room -= shown.length + 2;
  return shown;
}

function showBytes(bytes: Uint8Array, source: object, shape: Shape): string {
  if (bytes.length <= SHOWN_BYTES) return showText(toBase64(bytes), shape);
  shape.cut = true;
  return standIn(`[bytes: ${bytes.length}]`, source, shape);
}

function showAs(
  treatment: Treatment | undefined,
  value: unknown,
  below: Place,
  shape: Shape,
): unknown {
  if (treatment === undefined || treatment === "verbatim") return show(value, below, shape);
  const plain = settle(value);
  if (plain === undefined) return undefined;
  if (treatment === "drop") return standIn(null, plain, shape);
  return standIn(cutText(shape.guide.mark(plain, treatment), shape.text), plain, shape);
}

/** How many fields this is: one, or none if JSON has no such value. */
function leaveOut(key: string, value: unknown, shape: Shape): number {
  const plain = settle(value);
  if (plain === undefined) return 0;
  if (shape.budget !== undefined) {
    shape.hidden += jsonSize(key, shape.budget) + 1 + jsonSize(plain, shape.budget);
  }
  return 1;
}

function standIn<M extends string | null>(mark: M, value: unknown, shape: Shape): M {
  if (shape.budget !== undefined) {
    shape.hidden += jsonSize(value, shape.budget) - jsonSize(mark, shape.budget);
  }
  shape.room -= mark?.length ?? 1;
  return mark;
}
