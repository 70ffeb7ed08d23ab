import type { GenericValidator, PropertyValidators } from "convex/values";

/** What is wrong with arguments that came as JSON, in a sentence; `undefined` where nothing is. */
export function mistaken(args: object, fields: PropertyValidators): string | undefined {
  const given: Readonly<Record<string, unknown>> = { ...args };
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(fields, name));
  if (unknown !== undefined) {
    return `Expected no argument beside ${Object.keys(fields).join(", ")}, got ${shown(unknown)}.`;
  }
  for (const [name, validator] of Object.entries(fields)) {
    const value = given[name];
    if (value === undefined && validator.isOptional === "optional") continue;
    if (!fits(value, validator)) {
      return `Expected ${name} to be ${described(validator)}, got ${shown(value)}.`;
    }
  }
  return undefined;
}

function fits(value: unknown, validator: GenericValidator): boolean {
  const { kind } = validator;
  if (kind === "string") return typeof value === "string";
  if (kind === "float64") return Number.isFinite(value);
  if (kind === "literal") return value === validator.value;
  if (kind === "union") return validator.members.some((member) => fits(value, member));
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  // What the queries do not take is left to their own validators.
  return kind !== "object" || (isObject && mistaken(value, validator.fields) === undefined);
}

function described(validator: GenericValidator): string {
  const { kind } = validator;
  if (kind === "literal") return String(validator.value);
  if (kind === "union") return `one of ${validator.members.map(described).join(", ")}`;
  if (kind !== "object") return kind === "float64" ? "a number" : `a ${kind}`;
  const fields = Object.entries(validator.fields);
  return `an object of ${fields.map(([name, it]) => `${name} (${described(it)})`).join(", ")}`;
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value).slice(0, 64);
}
