import type { GenericValidator, Value } from "convex/values";
import { expectation, indexPath, type Issue, keyPath } from "./issue.ts";

/**
 * Ids that are no ids of their table, told by `isId`. Where a union could be read as something else than an id, the
 * function's own validators have the last word.
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
        wrongIds(field, (value as Record<string, Value>)[key], isId, keyPath(path, key)),
      );
    case "record":
      return Object.entries(value as Record<string, Value>).flatMap(([key, field]) =>
        wrongIds(validator.value, field, isId, keyPath(path, key)),
      );
    case "union":
      return unionIds(validator, value, isId, path);
    default:
      return [];
  }
}

/** A string in a union is judged only when an id is all that it can be. */
function unionIds(
  validator: Extract<GenericValidator, { kind: "union" }>,
  value: Value,
  isId: (table: string, text: string) => boolean,
  path: string,
): readonly Issue[] {
  const members: readonly GenericValidator[] = validator.members;
  const tables = members.flatMap((member) => (member.kind === "id" ? [member.tableName] : []));
  const others = members.some(
    ({ kind }) => kind === "string" || kind === "any" || kind === "literal",
  );
  if (typeof value !== "string" || tables.length === 0 || others) return [];
  return tables.some((table) => isId(table, value))
    ? []
    : [{ path, expected: expectation(validator), received: "a string that is not one" }];
}
