import type { Guide } from "./guide.ts";
import { bytesOf, isPlainText, jsonSize, settle, SHOWN_BYTES, toBase64 } from "./json.ts";
import { type Label, labelOf } from "./names.ts";
import { CYCLE, keysOf, lengthOf, read } from "./probe.ts";
import { CENSOR } from "./redact.ts";
import { cutText, leftOut, utf8Size } from "./text.ts";
import { NOWHERE, type Place } from "./tree.ts";
import type { Treatment } from "./treatment.ts";

const TOO_DEEP = "[too deep]";
const CENSORED = `"${CENSOR}"`;

/** What one reading of a value may show, and what it found out. */
export interface Shape {
  readonly guide: Guide;
  /** The most levels of objects and arrays. */
  readonly depth: number;
  /** The most characters of a text or a name. */
  readonly text: number;
  /** The most items of an array or fields of an object. */
  readonly items: number;
  /** What measuring the hidden may still cost; undefined when nobody asks for it. */
  readonly budget: { values: number } | undefined;
  /** The objects around the current one, to notice a cycle. */
  readonly open: object[];
  /** How many bytes may still be written; the reading stops when it is below zero. */
  room: number;
  /** How many fields may still be read, since those that are not written take no room. */
  fields: number;
  /** How many bytes the stand-ins of this reading hide. */
  hidden: number;
  /** True once something was left out. */
  cut: boolean;
}

/**
 * The JSON of a value, redacted and within the shape; undefined if JSON has no such value. Everything is read once and
 * written at once, so that nothing a hostile object answers later can matter; redaction looks at whole names and places,
 * before anything is cut.
 *
 * @param place Where in the whole it stands.
 */
export function show(value: unknown, place: Place, shape: Shape): string | undefined {
  if (typeof value === "string") return showText(value, shape);
  const plain = settle(value);
  if (plain === undefined) return undefined;
  if (typeof plain === "string") return showText(plain, shape);
  if (plain === null || typeof plain !== "object") return spend(String(plain), shape);
  if (shape.open.includes(plain)) return showText(CYCLE, shape);
  const length = lengthOf(plain);
  const bytes = length < 0 ? bytesOf(plain) : undefined;
  if (bytes !== undefined) return showBytes(bytes, plain, shape);
  if (shape.open.length >= shape.depth || shape.fields <= 0) {
    shape.cut = true;
    return standIn(TOO_DEEP, plain, shape);
  }
  shape.room -= 2;
  shape.open.push(plain);
  const shown =
    length < 0 ? showFields(plain, place, shape) : showItems(plain, length, place, shape);
  shape.open.pop();
  return shown;
}

function showFields(object: object, place: Place, shape: Shape): string {
  const { guide } = shape;
  const keys = keysOf(object);
  let shown = "";
  let kept = 0;
  let dropped = 0;
  let i = 0;
  for (; i < keys.length && kept < shape.items && shape.room >= 0 && shape.fields > 0; i++) {
    const key = keys[i] as string;
    const field = read(object, key);
    shape.fields -= 1;
    if (field === undefined) continue;
    const label = guide.label(key);
    const below = guide.field(place, key);
    const treatment = guide.treatment(below, label);
    if (treatment === "drop") {
      dropped += leaveOut(label, field, shape);
      continue;
    }
    const next = showAs(treatment, field, below, shape);
    if (next === undefined) continue;
    const fitted = key.length > shape.text ? cutLabel(key, label, shape) : label;
    shape.room -= fitted.size + (kept > 0 ? 2 : 1);
    shown += (kept > 0 ? fitted.other : fitted.first) + next;
    kept += 1;
  }
  const left = keys.length - i;
  // Each field stands with a comma, but for the first.
  if (dropped > 0) shape.hidden += dropped - (kept + left === 0 ? 1 : 0);
  if (left > 0) shown += `${kept > 0 ? "," : ""}"…":${showLeft(left, "fields", shape)}`;
  return `{${shown}}`;
}

function cutLabel(key: string, label: Label, shape: Shape): Label {
  shape.cut = true;
  return labelOf(cutText(key, shape.text), label);
}

function showItems(array: object, length: number, place: Place, shape: Shape): string {
  const { guide } = shape;
  let shown = "";
  let i = 0;
  for (; i < length && i < shape.items && shape.room >= 0; i++) {
    const below = guide.item(place, i);
    const next = showAs(below.hides, read(array, i), below, shape) ?? spend("null", shape);
    shown += i > 0 ? spend(",", shape) + next : next;
  }
  if (i < length) shown += `${i > 0 ? "," : ""}${showLeft(length - i, "items", shape)}`;
  return `[${shown}]`;
}

/** The mark of a cut; there must be room for a comma and a name too. */
function showLeft(count: number, what: "items" | "fields", shape: Shape): string {
  shape.cut = true;
  shape.room -= 7;
  return showText(leftOut(count, what), shape);
}

function showText(text: string, shape: Shape): string {
  const shown = cutText(text, shape.text);
  if (shown !== text) shape.cut = true;
  // What cannot fit need not be JSON, and may be very long.
  if (shown.length > shape.room || isPlainText(shown)) return spend(`"${shown}"`, shape);
  const json = JSON.stringify(shown);
  shape.room -= utf8Size(json);
  return json;
}

/** Of JSON that is ASCII alone. */
function spend(json: string, shape: Shape): string {
  shape.room -= json.length;
  return json;
}

function showBytes(bytes: Uint8Array, source: object, shape: Shape): string | undefined {
  if (bytes.length <= SHOWN_BYTES) return showText(toBase64(bytes), shape);
  shape.cut = true;
  return standIn(`[bytes: ${bytes.length}]`, source, shape);
}

function showAs(
  treatment: Treatment,
  value: unknown,
  below: Place,
  shape: Shape,
): string | undefined {
  if (treatment === "verbatim") return show(value, below, shape);
  const plain = settle(value);
  if (plain === undefined) return undefined;
  const mark = treatment === "drop" ? null : shape.guide.mark(plain, treatment);
  return standIn(mark, plain, shape);
}

/** How many fields this is: one, or none if JSON has no such value. */
function leaveOut(label: Label, value: unknown, shape: Shape): number {
  const plain = settle(value);
  if (plain === undefined) return 0;
  if (shape.budget !== undefined) shape.hidden += label.size + 1 + jsonSize(plain, shape.budget);
  return 1;
}

function standIn(mark: string | null, value: unknown, shape: Shape): string | undefined {
  const before = shape.room;
  const json = mark === CENSOR ? spend(CENSORED, shape) : show(mark, NOWHERE, shape);
  if (shape.budget !== undefined) {
    shape.hidden += jsonSize(value, shape.budget) - (before - shape.room);
  }
  return json;
}
