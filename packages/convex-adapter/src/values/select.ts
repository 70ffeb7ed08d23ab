import type { GenericValidator, Value } from "convex/values";
import { mismatch } from "./mismatch.ts";
import { own } from "./own.ts";

/**
 * What of a value its validator names: further fields are left out, so that a tool gives no more than it declares
 * (the compiler lets a function return more). What is wrong otherwise stays as it is, for `mismatch` to find.
 */
export function select(validator: GenericValidator, value: Value | undefined): Value | undefined {
  switch (validator.kind) {
    case "array":
      return Array.isArray(value)
        ? value.map((item) => select(validator.element, item) as Value)
        : value;
    case "record":
      return mapFields(value, () => validator.value);
    case "object":
      return mapFields(value, (key) => own<GenericValidator>(validator.fields, key));
    case "union":
      return selectMember(validator.members, value);
    default:
      return value;
  }
}

function mapFields(
  value: Value | undefined,
  validatorOf: (key: string) => GenericValidator | undefined,
): Value | undefined {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value) || value instanceof ArrayBuffer) return value;
  const fields = Object.entries(value).flatMap(([key, field]): [string, Value][] => {
    const validator = validatorOf(key);
    const selected = validator === undefined ? undefined : select(validator, field);
    return selected === undefined ? [] : [[key, selected]];
  });
  return Object.fromEntries(fields);
}

/** The member that the value is, to the letter, comes before one that it would be with fewer fields. */
function selectMember(
  members: readonly GenericValidator[],
  value: Value | undefined,
): Value | undefined {
  if (members.some((member) => mismatch(member, value) === undefined)) return value;
  for (const member of members) {
    const selected = select(member, value);
    if (mismatch(member, selected) === undefined) return selected;
  }
  return value;
}
