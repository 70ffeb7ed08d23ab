import type { GenericValidator, Value } from "convex/values";
import { expectation, indexPath, type Issue, keyPath } from "./issue.ts";
import { mismatch } from "./mismatch.ts";
import { own } from "./own.ts";

/**
 * Ids that are no ids of their table, told by `isId`, in a value that its validator describes otherwise. In a union a
 * text is judged as an id only where it can be nothing else.
 */
export function wrongIds(
  validator: GenericValidator,
  value: Value | undefined,
  isId: (table: string, text: string) => boolean,
  path = "",
): readonly Issue[] {
  if (value === undefined || value === null) return [];
  switch (validator.kind) {
    case "id":
      return typeof value === "string" && !isId(validator.tableName, value)
        ? [{ path, expected: expectation(validator), received: "a string that is not one" }]
        : [];
    case "array":
      return Array.isArray(value)
        ? value.flatMap((item, index) =>
            wrongIds(validator.element, item, isId, indexPath(path, index)),
          )
        : [];
    case "object":
      return Object.entries<GenericValidator>(validator.fields).flatMap(([key, field]) =>
        wrongIds(field, own(value as Record<string, Value>, key), isId, keyPath(path, key)),
      );
    case "record":
      return Object.entries(value as Record<string, Value>).flatMap(([key, field]) => [
        ...wrongIds(validator.key, key, isId, keyPath(path, key)),
        ...wrongIds(validator.value, field, isId, keyPath(path, key)),
      ]);
    case "union":
      return unionIds(validator, value, isId, path);
    default:
      return [];
  }
}

/** A member without a wrong id is what was meant. Without one, the issues of the only candidate say the most. */
function unionIds(
  validator: Extract<GenericValidator, { kind: "union" }>,
  value: Value,
  isId: (table: string, text: string) => boolean,
  path: string,
): readonly Issue[] {
  const members: readonly GenericValidator[] = validator.members;
  const readings = members
    .filter((member) => mismatch(member, value) === undefined)
    .map((member) => wrongIds(member, value, isId, path));
  if (readings.some((issues) => issues.length === 0)) return [];
  const [only = []] = readings;
  return readings.length < 2 && typeof value !== "string"
    ? only
    : [{ path, expected: expectation(validator), received: "a string that is not one" }];
}
