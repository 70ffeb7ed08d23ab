import { isObject } from "../wire/json.ts";
import type { JsonObject } from "../wire/json.ts";
import type { ElicitResult } from "../wire/questions.ts";

/**
 * Reads the answer to an elicitation; `undefined` when it is none. Of a form that was accepted the
 * content must fit the schema, as far as forms go: required members, types, and choices
 * (client/elicitation). What the schema does not name is dropped.
 */
export function readElicitation(
  schema: unknown,
  { action, content }: JsonObject,
): ElicitResult | undefined {
  if (action === "decline" || action === "cancel") return { action };
  if (action !== "accept") return undefined;
  if (!isObject(schema)) return { action };
  const fields = isObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  if (!isObject(content) || required.some((name) => !Object.hasOwn(content, name)))
    return undefined;
  const known: [string, Value][] = [];
  for (const [name, field] of Object.entries(fields)) {
    if (!Object.hasOwn(content, name)) continue;
    const value = content[name];
    if (!isObject(field) || !isValue(value) || !fits(field, value)) return undefined;
    known.push([name, value]);
  }
  return { action, content: Object.fromEntries(known) };
}

type Value = string | number | boolean | string[];

function isValue(value: unknown): value is Value {
  if (Array.isArray(value)) return value.every((item) => typeof item === "string");
  return ["string", "number", "boolean"].includes(typeof value);
}

function fits(field: JsonObject, value: Value): boolean {
  switch (field.type) {
    case "integer":
      return Number.isInteger(value);
    case "array": {
      const { items } = field;
      return (
        Array.isArray(value) && (!isObject(items) || value.every((item) => isChoice(items, item)))
      );
    }
    case "string":
      return typeof value === "string" && isChoice(field, value);
    default:
      return typeof value === field.type;
  }
}

/** Whether a string is among the choices of a field; any is where it has none. */
function isChoice(field: JsonObject, value: string): boolean {
  if (Array.isArray(field.enum)) return field.enum.includes(value);
  const titled = field.oneOf ?? field.anyOf;
  if (!Array.isArray(titled)) return true;
  return titled.some((choice) => isObject(choice) && choice.const === value);
}
