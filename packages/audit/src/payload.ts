import { MAX_VALUES, jsonSize } from "./json.ts";
import { UNREADABLE } from "./probe.ts";
import { CENSOR } from "./redact.ts";
import { createNameTest } from "./secrets.ts";
import { show, type Shape } from "./shape.ts";
import { utf8Size } from "./text.ts";
import {
  type KeyedHash,
  type Marks,
  type RedactionRules,
  type Treatment,
  TREATMENTS,
} from "./treatment.ts";
import { compilePaths, type PathNode } from "./tree.ts";
import type { PathOf } from "./typedPath.ts";

/**
 * What a payload shows of a value of type `T`. `"verbatim"`: everything. `"drop"`: nothing but its size. Rules: all but
 * what they say of their paths, and but the {@link SECRET_KEYS} that no `verbatim` path shows.
 *
 * @example { redact: ["customer.email"], mask: ["card.number"], hash: ["customer.id"], drop: ["**.photo"] }
 */
export type Redaction<T = unknown> = "verbatim" | "drop" | RedactionRules<PathOf<T>>;

/** How big a payload may get. */
export interface PayloadLimits {
  /** The most bytes of its JSON in UTF-8. Default: 16,384. At least 128. */
  readonly bytes?: number;
  /** How many levels of objects and arrays are shown. Default: 32. From 1 to 100. */
  readonly depth?: number;
}

/** How a payload writer treats values. */
export interface PayloadOptions {
  /** What `hash` rules use. */
  readonly hash?: KeyedHash | undefined;
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
  readonly named: (key: string) => Treatment | undefined;
  readonly marks: Marks;
  readonly paths: readonly PathNode[];
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
 * @param options.hash What `hash` rules use: `hmacSha256` of `@convex-mcp/audit/hmac`, or another.
 * @throws {RedactPathError} when a path does not parse.
 * @throws {TypeError} when the redaction is none of these, a limit is out of its range, or there are `hash` rules and no hash.
 */
export function createPayloadWriter(
  redaction: Redaction | undefined,
  limits: PayloadLimits = {},
  options: PayloadOptions = {},
): (value: unknown) => Payload {
  const bytes = limit("bytes", limits.bytes ?? DEFAULT_BYTES, MIN_BYTES, Number.MAX_SAFE_INTEGER);
  const depth = limit("depth", limits.depth ?? DEFAULT_DEPTH, 1, MAX_DEPTH);
  const rules = rulesOf(redaction);
  if (rules.hash !== undefined && options.hash === undefined) {
    throw new TypeError("createPayloadWriter: hash rules need options.hash, a keyed hash.");
  }
  const { root, shown, anywhere } = compilePaths(rules);
  const named = createNameTest(anywhere, redaction !== "verbatim");
  const marks = { censor: CENSOR, hash: options.hash };
  const paths = [root, shown].filter((node) => node !== undefined);
  const plan: Plan = { named, marks, paths, bytes, depth };
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
function rulesOf(redaction: Redaction | undefined): RedactionRules {
  if (redaction === undefined || redaction === "verbatim" || redaction === "drop") return {};
  const rules: unknown = redaction;
  if (isRules(rules)) return rules;
  throw new TypeError(
    `createPayloadWriter: expected "verbatim", "drop" or { redact: […] } (also mask, hash, drop, verbatim), got ${JSON.stringify(redaction)}.`,
  );
}

function isRules(rules: unknown): rules is RedactionRules {
  if (rules === null || typeof rules !== "object") return false;
  const known: ReadonlySet<string> = new Set(TREATMENTS);
  const entries = Object.entries(rules);
  return entries.every(
    ([name, paths]) => known.has(name) && (paths === undefined || Array.isArray(paths)),
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

/** How much of a value one reading may show. */
interface Allowance {
  readonly text: number;
  readonly items: number;
  readonly measures: boolean;
  readonly names: Map<object, readonly string[]>;
}

function write(value: unknown, plan: Plan): Payload {
  const names = new Map<object, readonly string[]>();
  const whole = attempt(value, plan, { text: Infinity, items: Infinity, measures: true, names });
  if (whole !== undefined) return whole;
  const bytes = jsonSize(value, { values: MAX_VALUES });
  // Texts and lists get shorter together, so that neither crowds the other out.
  for (let chars = plan.bytes; chars >= MIN_TEXT / 2; chars = Math.floor(chars / 2)) {
    const text = Math.max(chars, MIN_TEXT);
    const items = Math.floor(chars / CHARS_PER_ITEM);
    const less = attempt(value, plan, { text, items, measures: false, names });
    if (less !== undefined) return { json: less.json, bytes, cut: true };
  }
  return { json: `"[cut: ${bytes} bytes]"`, bytes, cut: true };
}

/** One reading; undefined when it does not fit. */
function attempt(value: unknown, plan: Plan, allowance: Allowance): Payload | undefined {
  const { named, marks, depth, bytes } = plan;
  const { text, items, measures, names } = allowance;
  const budget = measures ? { values: MAX_VALUES } : undefined;
  const shape: Shape = {
    named,
    marks,
    depth,
    text,
    items,
    names,
    budget,
    open: [],
    room: bytes,
    hidden: 0,
    cut: false,
  };
  const shown = show(value, plan.paths, shape);
  if (shape.room < 0) return undefined;
  const json = JSON.stringify(shown ?? null);
  const size = utf8Size(json);
  return size > bytes ? undefined : { json, bytes: size + shape.hidden, cut: shape.cut };
}
