import type { GenericValidator, Value } from "convex/values";
import { expectation, indexPath, type Issue, keyPath } from "./issue.ts";
import { own } from "./own.ts";

/** The first place where a Convex value is not what a validator describes; `undefined` is a field that is not there. */
export function mismatch(
  validator: GenericValidator,
  value: Value | undefined,
  path = "",
): Issue | undefined {
  switch (validator.kind) {
    case "any":
      return value === undefined ? differs(validator, value, path) : undefined;
    case "array":
      if (!Array.isArray(value)) return differs(validator, value, path);
      return first(value.entries(), ([index, item]) =>
        mismatch(validator.element, item, indexPath(path, index)),
      );
    case "object":
      return isRecord(value)
        ? objectMismatch(validator.fields, value, path)
        : differs(validator, value, path);
    case "record":
      if (!isRecord(value)) return differs(validator, value, path);
      return first(Object.entries(value), ([key, field]) =>
        mismatch(validator.value, field, keyPath(path, key)),
      );
    case "union":
      return validator.members.some(
        (member: GenericValidator) => mismatch(member, value, path) === undefined,
      )
        ? undefined
        : differs(validator, value, path);
    case "literal":
      return value === validator.value ? undefined : differs(validator, value, path);
    default:
      return kindOf(value) === KIND[validator.kind] ? undefined : differs(validator, value, path);
  }
}

const KIND = {
  string: "string",
  id: "string",
  float64: "number",
  int64: "bigint",
  commitTs: "bigint",
  boolean: "boolean",
  null: "null",
  bytes: "bytes",
} as const;

function kindOf(value: Value | undefined): string {
  if (value === null) return "null";
  if (value instanceof ArrayBuffer) return "bytes";
  return Array.isArray(value) ? "array" : typeof value;
}

function objectMismatch(
  fields: Readonly<Record<string, GenericValidator>>,
  value: Readonly<Record<string, Value | undefined>>,
  path: string,
): Issue | undefined {
  const extra = Object.keys(value).find(
    (key) => value[key] !== undefined && !Object.hasOwn(fields, key),
  );
  if (extra !== undefined) {
    return {
      path: keyPath(path, extra),
      expected: "no such field",
      received: kindOf(value[extra]),
    };
  }
  return first(Object.entries(fields), ([key, field]) => {
    const given = own(value, key);
    return given === undefined && field.isOptional === "optional"
      ? undefined
      : mismatch(field, given, keyPath(path, key));
  });
}

function first<T>(items: Iterable<T>, judge: (item: T) => Issue | undefined): Issue | undefined {
  for (const item of items) {
    const issue = judge(item);
    if (issue !== undefined) return issue;
  }
  return undefined;
}

function differs(validator: GenericValidator, value: Value | undefined, path: string): Issue {
  return { path, expected: expectation(validator), received: kindOf(value) };
}

function isRecord(value: Value | undefined): value is Record<string, Value> {
  return kindOf(value) === "object";
}
