import { isRecord, listOf, textOf } from "./console/json.ts";

const EMPTY: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["string", ""],
  ["number", 0],
  ["integer", 0],
  ["boolean", false],
  ["array", []],
  ["null", null],
]);

/** A value to start from: a schema's default or example, its first choice, or the smallest value of its type. */
export function startingValue(schema: unknown): unknown {
  if (!isRecord(schema)) return null;
  for (const name of ["default", "const"]) if (Object.hasOwn(schema, name)) return schema[name];
  const [choice] = [...listOf(schema, "examples"), ...listOf(schema, "enum")];
  if (choice !== undefined) return choice;
  const [alternative] = [...listOf(schema, "anyOf"), ...listOf(schema, "oneOf")];
  if (alternative !== undefined) return startingValue(alternative);
  const type = textOf(schema, "type") ?? listOf(schema, "type").find((name) => name !== "null");
  if (typeof type === "string" && EMPTY.has(type)) return EMPTY.get(type);
  return startingArguments(schema);
}

/** The members that an object schema requires, each with its starting value. */
export function startingArguments(schema: unknown): Record<string, unknown> {
  const properties = isRecord(schema) ? schema["properties"] : undefined;
  if (!isRecord(properties)) return {};
  const required = new Set(listOf(schema, "required"));
  const members = Object.entries(properties).filter(([name]) => required.has(name));
  return Object.fromEntries(members.map(([name, member]) => [name, startingValue(member)]));
}
