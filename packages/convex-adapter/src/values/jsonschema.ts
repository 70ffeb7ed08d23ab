import type { GenericValidator } from "convex/values";
import type { Json } from "./encode.ts";
import { own } from "./own.ts";

/** A JSON Schema (2020-12) as plain JSON. */
export type JsonSchema = { readonly [keyword: string]: Json };

type Literal = Extract<GenericValidator, { kind: "literal" }>["value"];

/** Arguments may come in more spellings than results leave in. */
export type Direction = "input" | "output";

const INT64: Readonly<Record<Direction, JsonSchema>> = {
  input: {
    anyOf: [{ type: "integer" }, { type: "string", pattern: "^-?[0-9]{1,19}$" }],
    description: "64-bit integer; beyond 9007199254740991 as a decimal string.",
  },
  output: { type: "string", pattern: "^-?[0-9]{1,19}$", description: "64-bit integer." },
};
const NUMBER: Readonly<Record<Direction, JsonSchema>> = {
  input: { type: "number" },
  output: { anyOf: [{ type: "number" }, { enum: ["NaN", "Infinity", "-Infinity"] }] },
};

/** The JSON Schema of what a Convex validator accepts (`input`) or what its values look like on the wire (`output`). */
export function toJsonSchema(validator: GenericValidator, direction: Direction): JsonSchema {
  switch (validator.kind) {
    case "string":
    case "boolean":
    case "null":
      return { type: validator.kind };
    case "id":
      return { type: "string", description: `Id of a document in "${validator.tableName}".` };
    case "float64":
      return NUMBER[direction];
    case "int64":
    case "commitTs":
      return INT64[direction];
    case "bytes":
      return { type: "string", contentEncoding: "base64" };
    case "any":
      return {};
    case "literal":
      return literalsSchema(spellings(validator.value, direction));
    case "array":
      return { type: "array", items: toJsonSchema(validator.element, direction) };
    case "record":
      return { type: "object", additionalProperties: toJsonSchema(validator.value, direction) };
    case "object":
      return objectSchema(validator.fields, direction);
    case "union":
      return unionSchema(validator.members, direction);
  }
}

/** The schema of an object with these fields, each with its description if there is one. */
export function objectSchema(
  fields: Readonly<Record<string, GenericValidator>>,
  direction: Direction,
  descriptions: Readonly<Record<string, string | undefined>> = {},
): JsonSchema {
  const properties = Object.entries(fields).map(([key, field]): [string, JsonSchema] => {
    const schema = toJsonSchema(field, direction);
    const description = own(descriptions, key);
    return [
      key,
      description === undefined
        ? schema
        : { ...schema, description: describe(description, schema) },
    ];
  });
  const required = Object.keys(fields).filter((key) => fields[key]?.isOptional !== "optional");
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  };
}

/** The author's words first, then what the encoding adds ("64-bit integer…"), which the author cannot know. */
function describe(description: string, schema: JsonSchema): string {
  return typeof schema["description"] === "string"
    ? `${description} ${schema["description"]}`
    : description;
}

/** An int64 literal may come as a number too, where that is exact. */
function spellings(value: Literal, direction: Direction): readonly Json[] {
  if (typeof value !== "bigint") return [value];
  const number = Number(value);
  return direction === "input" && Number.isSafeInteger(number)
    ? [value.toString(), number]
    : [value.toString()];
}

function literalsSchema(values: readonly Json[]): JsonSchema {
  const [only] = values;
  return values.length === 1 && only !== undefined ? { const: only } : { enum: values };
}

/** Unions of literals become an `enum`, which models and forms handle best. */
function unionSchema(members: readonly GenericValidator[], direction: Direction): JsonSchema {
  if (members.length === 0) return { not: {} };
  const literals = members.flatMap((member) => (member.kind === "literal" ? [member.value] : []));
  if (literals.length < members.length) {
    return { anyOf: members.map((member) => toJsonSchema(member, direction)) };
  }
  const values = [...new Set(literals.flatMap((literal) => spellings(literal, direction)))];
  return values.every((value) => typeof value === "string")
    ? { type: "string", enum: values }
    : { enum: values };
}
