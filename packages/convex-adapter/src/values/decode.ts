import type { GenericValidator, Value } from "convex/values";
import { fromBase64 } from "./base64.ts";
import { isFieldName } from "./fieldName.ts";
import {
  expectation,
  indexPath,
  type Issue,
  keyPath,
  MAX_ISSUES,
  oneOf,
  received,
} from "./issue.ts";
import { own } from "./own.ts";

/** A decoded value, or what is wrong with it; where much is wrong, only the first of it. */
export type Decoded =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** Convex refuses deeper values (`value/src/size.rs`, 64); the dispatcher's own arguments take a few levels. */
const MAX_DEPTH = 60;
/** Convex: `value/src/array.rs`. */
const MAX_ARRAY = 8192;
/** Convex: `value/src/object.rs`. */
const MAX_FIELDS = 1024;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
/** With the `u` flag only unpaired surrogates are in this class; Convex strings are UTF-8. */
const LONE_SURROGATE = /\p{Cs}/u;

/**
 * Turns parsed JSON into a Convex value as a validator describes it. int64 comes as a JSON integer or a decimal
 * string, bytes as base64. Nothing is coerced otherwise, and nothing is dropped: unknown fields are issues.
 */
export function decode(validator: GenericValidator, json: unknown, path = "", depth = 0): Decoded {
  if (depth > MAX_DEPTH) return tooDeep(path);
  switch (validator.kind) {
    case "string":
    case "id":
      return text(json, path, expectation(validator));
    case "float64":
      return float64(json, path);
    case "int64":
      return int64(json, path, expectation(validator));
    case "boolean":
      return typeof json === "boolean" ? ok(json) : wrong(path, "true or false", received(json));
    case "null":
      return json === null ? ok(null) : wrong(path, "null", received(json));
    case "bytes":
      return bytes(json, path, expectation(validator));
    case "literal":
      return literal(validator, json, path);
    case "any":
      return anyValue(json, path, depth);
    case "array":
      return array(json, path, (item, at) => decode(validator.element, item, at, depth + 1));
    case "object":
      return object(validator, json, path, depth);
    case "record":
      return record(validator, json, path, depth);
    case "union":
      return union(validator, json, path, depth);
    case "commitTs":
      return wrong(path, "no value: the platform sets it", received(json));
  }
}

type Kind<K extends GenericValidator["kind"]> = Extract<GenericValidator, { kind: K }>;

const ok = (value: Value): Decoded => ({ ok: true, value });
const wrong = (path: string, expected: string, got: string): Decoded => ({
  ok: false,
  issues: [{ path, expected, received: got }],
});

const tooDeep = (path: string): Decoded =>
  wrong(path, `at most ${MAX_DEPTH} levels of nesting`, "deeper nesting");

function text(json: unknown, path: string, expected: string): Decoded {
  if (typeof json !== "string") return wrong(path, expected, received(json));
  if (LONE_SURROGATE.test(json))
    return wrong(path, "well-formed Unicode text", "an unpaired surrogate");
  return ok(json);
}

function float64(json: unknown, path: string): Decoded {
  if (typeof json !== "number") return wrong(path, "a number", received(json));
  return Number.isFinite(json) ? ok(json) : wrong(path, "a finite number", "a number out of range");
}

function int64(json: unknown, path: string, expected: string): Decoded {
  if (typeof json === "number") {
    if (Number.isSafeInteger(json)) return ok(BigInt(json));
    if (!Number.isFinite(json)) return wrong(path, expected, "a number out of range");
    const got = Number.isInteger(json)
      ? "a JSON number that has lost its exact value"
      : "a fraction";
    return wrong(path, `${expected} (a decimal string beyond 9007199254740991)`, got);
  }
  if (typeof json !== "string") return wrong(path, expected, received(json));
  if (!/^-?\d{1,19}$/.test(json)) return wrong(path, expected, "a string that is not one");
  const value = BigInt(json);
  return value < INT64_MIN || value > INT64_MAX
    ? wrong(path, `an integer between ${INT64_MIN} and ${INT64_MAX}`, "one outside")
    : ok(value);
}

function bytes(json: unknown, path: string, expected: string): Decoded {
  if (typeof json !== "string") return wrong(path, expected, received(json));
  const buffer = fromBase64(json);
  return buffer === undefined ? wrong(path, expected, "a string that is not base64") : ok(buffer);
}

function literal(validator: Kind<"literal">, json: unknown, path: string): Decoded {
  if (typeof validator.value === "bigint") {
    const exact = typeof json === "string" || Number.isSafeInteger(json);
    if (exact && String(json) === String(validator.value)) return ok(validator.value);
  } else if (json === validator.value) return ok(validator.value);
  return wrong(path, expectation(validator), otherThanLiteral(json));
}

function otherThanLiteral(json: unknown): string {
  return typeof json === "string" ? "another string" : received(json);
}

function array(
  json: unknown,
  path: string,
  item: (json: unknown, path: string) => Decoded,
): Decoded {
  if (!Array.isArray(json)) return wrong(path, "an array", received(json));
  if (json.length > MAX_ARRAY) return wrong(path, `at most ${MAX_ARRAY} items`, `${json.length}`);
  return gather(
    json.keys(),
    (index) => item(json[index], indexPath(path, index)),
    (entries) => entries.map(([, value]) => value),
  );
}

function object(validator: Kind<"object">, json: unknown, path: string, depth: number): Decoded {
  if (!isObject(json)) return wrong(path, "an object", received(json));
  const fields: Readonly<Record<string, GenericValidator>> = validator.fields;
  const known = Object.keys(fields);
  const readField = (key: string) => {
    const at = keyPath(path, key);
    const field = own(fields, key);
    if (field === undefined) return wrong(at, onlyFields(path, known), "an unknown field");
    const given = own(json, key);
    if (given !== undefined) return decode(field, given, at, depth + 1);
    return field.isOptional === "optional" ? undefined : wrong(at, expectation(field), "nothing");
  };
  return gather(new Set([...known, ...Object.keys(json)]), readField, Object.fromEntries);
}

function onlyFields(path: string, known: readonly string[]): string {
  const none = path === "" ? "no arguments" : "no fields";
  return known.length === 0 ? none : `only ${known.join(", ")}`;
}

function record(validator: Kind<"record">, json: unknown, path: string, depth: number): Decoded {
  return fields(json, path, (key, value, at) => {
    const name = decode(validator.key, key, at, depth + 1);
    return name.ok ? decode(validator.value, value, at, depth + 1) : name;
  });
}

function anyValue(json: unknown, path: string, depth: number): Decoded {
  if (depth > MAX_DEPTH) return tooDeep(path);
  if (json === null || typeof json === "boolean") return ok(json);
  if (typeof json === "string") return text(json, path, "a string");
  if (typeof json === "number") return float64(json, path);
  if (Array.isArray(json)) return array(json, path, (item, at) => anyValue(item, at, depth + 1));
  return fields(json, path, (_key, value, at) => anyValue(value, at, depth + 1));
}

function fields(
  json: unknown,
  path: string,
  field: (key: string, value: unknown, path: string) => Decoded,
): Decoded {
  if (!isObject(json)) return wrong(path, "an object", received(json));
  const given = Object.keys(json);
  if (given.length > MAX_FIELDS)
    return wrong(path, `at most ${MAX_FIELDS} fields`, `${given.length}`);
  const readField = (key: string) => {
    const at = keyPath(path, key);
    return isFieldName(key)
      ? field(key, json[key], at)
      : wrong(at, "a field name of printable ASCII that does not start with $", "another name");
  };
  return gather(given, readField, Object.fromEntries);
}

/** Reads one after the other, until more is wrong than anybody reads. What is `undefined` is left out. */
function gather<Key>(
  keys: Iterable<Key>,
  read: (key: Key) => Decoded | undefined,
  make: (entries: [Key, Value][]) => Value,
): Decoded {
  const issues: Issue[] = [];
  const entries: [Key, Value][] = [];
  for (const key of keys) {
    if (issues.length > MAX_ISSUES) break;
    const decoded = read(key);
    if (decoded?.ok) entries.push([key, decoded.value]);
    else if (decoded) issues.push(...decoded.issues);
  }
  return issues.length > 0 ? { ok: false, issues } : ok(make(entries));
}

/** The first member that fits. When none does, the issues of the one member that was meant say more than the list of all. */
function union(validator: Kind<"union">, json: unknown, path: string, depth: number): Decoded {
  const near: { readonly member: GenericValidator; readonly refused: Decoded }[] = [];
  for (const member of validator.members as readonly GenericValidator[]) {
    const decoded = decode(member, json, path, depth);
    if (decoded.ok) return decoded;
    if (decoded.issues.every((issue) => issue.path !== path)) {
      near.push({ member, refused: decoded });
    }
  }
  const meant = near.length > 1 ? near.filter(({ member }) => hasTags(member, json)) : near;
  const [only] = meant;
  if (only !== undefined && meant.length === 1) return only.refused;
  return (
    wrongTag(
      near.map(({ member }) => member),
      json,
      path,
    ) ?? wrong(path, expectation(validator), received(json))
  );
}

/** Whether an object has what a member says literally: `{ type: "circle" }` is meant for `v.object({ type: v.literal("circle"), … })`. */
function hasTags(member: GenericValidator, json: unknown): boolean {
  if (member.kind !== "object" || !isObject(json)) return false;
  return Object.entries<GenericValidator>(member.fields).every(
    ([key, field]) => field.kind !== "literal" || decode(field, own(json, key)).ok,
  );
}

/** The issue of an object whose tag is none of the members': the field that is literal in all of them. */
function wrongTag(
  members: readonly GenericValidator[],
  json: unknown,
  path: string,
): Decoded | undefined {
  const [first] = members;
  if (first?.kind !== "object" || !isObject(json)) return undefined;
  for (const key of Object.keys(first.fields)) {
    const given = own(json, key);
    const tags = members.flatMap((member) => tagOf(member, key) ?? []);
    if (tags.length < members.length || tags.some((tag) => decode(tag, given).ok)) continue;
    const words = tags.map((tag) => expectation(tag));
    return wrong(keyPath(path, key), oneOf(words), otherThanLiteral(given));
  }
  return undefined;
}

function tagOf(member: GenericValidator, key: string): GenericValidator | undefined {
  const field = member.kind === "object" ? own(member.fields, key) : undefined;
  return field?.kind === "literal" ? field : undefined;
}

function isObject(json: unknown): json is Record<string, unknown> {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
