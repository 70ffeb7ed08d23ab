import type { JsonSchema } from "../../src/values/jsonschema.ts";

type Check = (keyword: never, json: unknown, schema: JsonSchema) => boolean;
type Json = Record<string, unknown>;

const isObject = (json: unknown): json is Json =>
  typeof json === "object" && json !== null && !Array.isArray(json);
const sub = (schema: unknown, json: unknown) => conforms(schema as JsonSchema, json);

const TYPES: Readonly<Record<string, (json: unknown) => boolean>> = {
  string: (json) => typeof json === "string",
  number: (json) => typeof json === "number" && Number.isFinite(json),
  integer: (json) => Number.isInteger(json),
  boolean: (json) => typeof json === "boolean",
  null: (json) => json === null,
  array: (json) => Array.isArray(json),
  object: isObject,
};

/** The keywords of JSON Schema 2020-12 that we write. Those that only annotate are true of everything. */
const KEYWORDS: Readonly<Record<string, Check>> = {
  type: (type: string, json) => TYPES[type]?.(json) ?? false,
  const: (value: unknown, json) => Object.is(value, json),
  enum: (values: readonly unknown[], json) => values.includes(json),
  pattern: (pattern: string, json) =>
    typeof json !== "string" || new RegExp(pattern, "u").test(json),
  anyOf: (schemas: readonly unknown[], json) => schemas.some((schema) => sub(schema, json)),
  not: (schema: unknown, json) => !sub(schema, json),
  items: (schema: unknown, json) => !Array.isArray(json) || json.every((item) => sub(schema, item)),
  required: (names: readonly string[], json) =>
    !isObject(json) || names.every((name) => Object.hasOwn(json, name)),
  properties: (schemas: Json, json) =>
    !isObject(json) ||
    Object.entries(schemas).every(
      ([name, schema]) => !Object.hasOwn(json, name) || sub(schema, json[name]),
    ),
  additionalProperties: (rest: unknown, json, { properties = {} }) =>
    !isObject(json) ||
    Object.entries(json).every(
      ([name, value]) =>
        Object.hasOwn(properties as Json, name) || (rest !== false && sub(rest, value)),
    ),
  description: () => true,
  contentEncoding: () => true,
};

/**
 * Whether JSON is what a schema says. Throws on a keyword that it does not know, and on an empty `anyOf` or `enum`, which
 * JSON Schema forbids (2020-12 core 10.2.1.2) or discourages (validation 6.1.2): clients refuse such schemas.
 */
export function conforms(schema: JsonSchema, json: unknown): boolean {
  return Object.entries(schema).every(([keyword, value]) => {
    const check = Object.hasOwn(KEYWORDS, keyword) ? KEYWORDS[keyword] : undefined;
    if (check === undefined) throw new Error(`No check of "${keyword}".`);
    if (["anyOf", "enum"].includes(keyword) && (value as unknown[]).length === 0) {
      throw new Error(`"${keyword}" is empty.`);
    }
    return check(value as never, json, schema);
  });
}
