import { MAX_VALUES, jsonSize } from "./json.ts";
import { type Guide, nameGuide, type PathRedaction } from "./guide.ts";
import { UNREADABLE } from "./probe.ts";
import { show, type Shape } from "./shape.ts";

/**
 * What a payload shows. `"verbatim"`: everything. `"drop"`: nothing but its size. What `createRedaction` makes: all but
 * what its rules say of their paths, and but the {@link SECRET_KEYS} that no `verbatim` path shows.
 */
export type Redaction = "verbatim" | "drop" | PathRedaction;

/** How big a payload may get. */
export interface PayloadLimits {
  /** The most bytes of its JSON in UTF-8. Default: 16,384. At least 128. */
  readonly bytes?: number;
  /** How many levels of objects and arrays are shown. Default: 32. From 1 to 100. */
  readonly depth?: number;
}

/** A value as an audit log keeps it. */
export interface Payload {
  /** Valid JSON within the limits; undefined when dropped. */
  readonly json: string | undefined;
  /**
   * The size in UTF-8 of the whole value's JSON, before redaction and cut. Of a value beyond 1,000,000
   * items or 10,000 levels only these are counted.
   */
  readonly bytes: number;
  /** True when something was left out to keep the limits. */
  readonly cut: boolean;
}

const DEFAULT_BYTES = 16_384;
const DEFAULT_DEPTH = 32;
/** Room for the shortest useful text and its marks. */
const MIN_BYTES = 128;
/** Above what any JSON that a Convex function takes or returns can have (64). */
const MAX_DEPTH = 100;
/** An array may have one item for so many characters that a text may have. */
const CHARS_PER_ITEM = 16;
/** Below this a text would be nothing but the mark of its cut. */
const MIN_TEXT = 24;

interface Plan {
  readonly guide: Guide;
  readonly bytes: number;
  readonly depth: number;
}

/**
 * Compiles a redaction into a function that writes payloads. Without a redaction the values of the
 * {@link SECRET_KEYS} are censored and the rest is shown.
 *
 * The function it returns never throws. It reads a value as `JSON.stringify` does; a bigint becomes
 * its decimal text, an ArrayBuffer or a typed array base64 (or `"[bytes: N]"` above 256), NaN and
 * infinities their names, a cycle `"[cycle]"`, what cannot be read `"[unreadable]"`, a value that is
 * undefined `null`. What is over the limits is cut down with marks that say how much is missing.
 *
 * @throws {TypeError} when the redaction is none, or a limit is out of its range.
 */
export function createPayloadWriter(
  redaction: Redaction | undefined,
  limits: PayloadLimits = {},
): (value: unknown) => Payload {
  const bytes = limit("bytes", limits.bytes ?? DEFAULT_BYTES, MIN_BYTES, Number.MAX_SAFE_INTEGER);
  const depth = limit("depth", limits.depth ?? DEFAULT_DEPTH, 1, MAX_DEPTH);
  if (redaction !== undefined && !isRedaction(redaction)) {
    throw new TypeError(
      `createPayloadWriter: expected "verbatim", "drop" or createRedaction({ redact: […] }), got ${JSON.stringify(redaction)}.`,
    );
  }
  const guide =
    typeof redaction === "object" ? redaction.guide() : nameGuide(redaction !== "verbatim");
  const plan: Plan = { guide, bytes, depth };
  return (value) => {
    try {
      return redaction === "drop" ? drop(value) : write(value, plan);
    } catch {
      // Only a stack that was nearly full when we were called leads here.
      const json = redaction === "drop" ? undefined : JSON.stringify(UNREADABLE);
      return { json, bytes: 0, cut: true };
    }
  };
}

/** Strict, since a misspelt redaction would show what it was to hide. */
export function isRedaction(redaction: unknown): redaction is Redaction {
  return (
    redaction === "verbatim" ||
    redaction === "drop" ||
    typeof (redaction as Partial<PathRedaction> | null | undefined)?.guide === "function"
  );
}

function limit(name: keyof PayloadLimits, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new TypeError(
    `createPayloadWriter: limits.${name} must be an integer from ${least} to ${most}, got ${String(value)}.`,
  );
}

function drop(value: unknown): Payload {
  return { json: undefined, bytes: jsonSize(value, { values: MAX_VALUES }), cut: false };
}

function write(value: unknown, plan: Plan): Payload {
  const whole = attempt(value, plan, Infinity, Infinity, { values: MAX_VALUES });
  if (whole !== undefined) return whole;
  const bytes = jsonSize(value, { values: MAX_VALUES });
  // Texts and lists get shorter together, so that neither crowds the other out.
  for (let chars = plan.bytes; chars >= MIN_TEXT / 2; chars = Math.floor(chars / 2)) {
    const items = Math.floor(chars / CHARS_PER_ITEM);
    const less = attempt(value, plan, Math.max(chars, MIN_TEXT), items);
    if (less !== undefined) return { json: less.json, bytes, cut: true };
  }
  return { json: `"[cut: ${bytes} bytes]"`, bytes, cut: true };
}

/** One reading of so long texts and so many items; undefined when it does not fit. */
function attempt(
  value: unknown,
  { guide, depth, bytes }: Plan,
  text: number,
  items: number,
  budget?: Shape["budget"],
): Payload | undefined {
  const shape: Shape = {
    guide,
    depth,
    text,
    items,
    budget,
    open: [],
    room: bytes,
    fields: budget?.values ?? bytes,
    hidden: 0,
    cut: false,
  };
  const json = show(value, guide.top, shape) ?? show(null, guide.top, shape);
  if (shape.room < 0) return undefined;
  return { json, bytes: bytes - shape.room + shape.hidden, cut: shape.cut };
}
