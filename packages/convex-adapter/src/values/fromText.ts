import type { GenericValidator, Value } from "convex/values";
import { decode } from "./decode.ts";

/** As JSON spells numbers. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The value that a text is of, as a validator describes it; `undefined` where it is none. In a union the first member that fits wins. */
export function fromText(validator: GenericValidator, text: string): Value | undefined {
  if (validator.kind === "union") {
    for (const member of validator.members as readonly GenericValidator[]) {
      const value = fromText(member, text);
      if (value !== undefined) return value;
    }
    return undefined;
  }
  const decoded = decode(validator, spelled(validator, text));
  return decoded.ok ? decoded.value : undefined;
}

/** What the text would be in JSON. */
function spelled(validator: GenericValidator, text: string): unknown {
  switch (validator.kind) {
    case "float64":
      return NUMBER.test(text) ? Number(text) : text;
    case "boolean":
      return text === "true" || text === "false" ? text === "true" : text;
    case "literal":
      return typeof validator.value !== "bigint" && String(validator.value) === text
        ? validator.value
        : text;
    default:
      return text;
  }
}

/** Whether every value of a validator can be told in text. */
export function isTextual(validator: GenericValidator): boolean {
  switch (validator.kind) {
    case "string":
    case "id":
    case "int64":
    case "float64":
    case "boolean":
    case "literal":
      return true;
    case "union":
      return (validator.members as readonly GenericValidator[]).every(isTextual);
    default:
      return false;
  }
}

/** Whether every value of a validator is a string. */
export function isOfStrings(validator: GenericValidator): boolean {
  switch (validator.kind) {
    case "string":
    case "id":
      return true;
    case "literal":
      return typeof validator.value === "string";
    case "union":
      return (validator.members as readonly GenericValidator[]).every(isOfStrings);
    default:
      return false;
  }
}
