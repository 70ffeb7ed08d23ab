import * as fc from "fast-check";
import type { PathSegment } from "../src/path.ts";

export const SECRET = "S3CR3T-".repeat(4);

/** What is searched for: a part, since what is cut may show the rest. No other generated text holds it. */
export const PART = SECRET.slice(0, 3);

/** Leaves out values that hold `PART` by chance: three characters come up in some runs of a thousand. */
export const withoutPart = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  values.filter((value) => !JSON.stringify(value).includes(PART));

/** A path, and a value that holds `leaf` in every place the path names, and in no other. */
export interface Planted {
  readonly path: string;
  readonly build: (leaf: unknown) => unknown;
}

type Build = Planted["build"];

const NAMES = ["a", "b", "items", "x-y", "a.b", "it's", 'q"q', "é", "", "__proto__", "constructor"];
const segment: fc.Arbitrary<PathSegment> = fc.oneof(
  fc.constantFrom(...NAMES).map((name) => ({ kind: "name" as const, name })),
  fc.nat(3).map((index) => ({ kind: "index" as const, index })),
  fc.constant({ kind: "each" as const }),
);
const noise = fc.dictionary(
  fc.constantFrom("~1", "~2", "~3"),
  fc.oneof(
    fc.integer(),
    fc.constant(null),
    fc.constant({ "~deep": ["~"] }),
    withoutPart(fc.string()),
  ),
);

/** Exact paths of every form, with the values they were made for. */
export const plantedExact: fc.Arbitrary<Planted> = fc
  .array(segment, { minLength: 1, maxLength: 5 })
  .chain((segments) => fc.record({ path: spelled(segments), build: host(segments, 0) }));

/** `**.name`, planted below fields and items of any kind. */
export const plantedDeep: fc.Arbitrary<Planted> = fc
  .tuple(
    fc.constantFrom(...NAMES),
    fc.array(fc.constantFrom("[]", "~1", "~2"), { maxLength: 8 }),
    noise,
  )
  .map(([name, way, around]) => ({
    path: `**[${JSON.stringify(name)}]`,
    build: (leaf) =>
      way.reduceRight<unknown>(
        (inner, step) => (step === "[]" ? [1, inner, inner] : { ...around, [step]: inner }),
        { ...around, [name]: leaf },
      ),
  }));

function host(segments: readonly PathSegment[], at: number): fc.Arbitrary<Build> {
  const head = segments[at];
  if (head === undefined) return fc.constant((leaf) => leaf);
  const rest = host(segments, at + 1);
  if (head.kind === "name") {
    return fc.tuple(rest, noise, fc.nat(2)).map(([inner, around, wraps]) => (leaf) => {
      let value: unknown = { ...around, [head.name]: inner(leaf) };
      for (let i = 0; i < wraps; i++) value = ["~", value, null, value];
      return value;
    });
  }
  if (head.kind === "index") {
    return fc.tuple(rest, noise, fc.boolean()).map(([inner, around, list]) => (leaf) => {
      if (!list) return { ...around, [String(head.index)]: inner(leaf) };
      return [...Array.from({ length: head.index }, () => "~"), inner(leaf), "~"];
    });
  }
  return fc
    .tuple(rest, fc.integer({ min: 1, max: 3 }), fc.boolean())
    .map(([inner, count, list]) => (leaf) => {
      const items = Array.from({ length: count }, () => inner(leaf));
      return list ? items : Object.fromEntries(items.map((item, i) => [`~${i}`, item]));
    });
}

function spelled(segments: readonly PathSegment[]): fc.Arbitrary<string> {
  return fc
    .array(fc.boolean(), { minLength: segments.length, maxLength: segments.length })
    .map((brackets) => segments.map((each, i) => spell(each, i, brackets[i] ?? true)).join(""));
}

function spell(segment: PathSegment, at: number, bracket: boolean): string {
  const dot = at === 0 ? "" : ".";
  if (segment.kind === "each") return bracket ? "[*]" : `${dot}*`;
  if (segment.kind === "index") return bracket ? `[${segment.index}]` : `${dot}${segment.index}`;
  if (segment.kind === "deep") return "**";
  const bare = /^[a-z_é]+(-[a-z]+)*$/.test(segment.name) && !bracket;
  return bare ? dot + segment.name : `[${JSON.stringify(segment.name)}]`;
}

export function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === "object" && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
