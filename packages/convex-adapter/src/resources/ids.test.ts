import { describe, expect, it } from "vitest";
import { refusesId } from "./ids.ts";

const object = 'Object: {id: "x"}\nValidator: v.object({id: v.id("rows")})\n';

describe("a query that refuses an id", () => {
  it.each([
    'ArgumentValidationError: Value does not match validator.\nPath: .id\nValue: "x"\nValidator: v.id("rows")',
    'ArgumentValidationError: Found ID "k5" from table `a`, which does not match the table name in validator `v.id("rows")`.\nPath: .id',
    'ArgumentValidationError: Object has multiple validation errors:\n- `"x"` does not match validator `v.id("rows")` Path: .id\n',
    'Uncaught ArgumentValidationError: Value does not match validator.\nPath: .id\nValue: "x"\nValidator: v.union(v.id("a"), v.id("b"))',
    'Validator error: Expected ID for table "rows", got `x`',
    'Validator error: Expected one of id, id, got `"x"`',
  ])("%s", (message) => {
    expect(refusesId(new Error(message))).toBe(true);
  });

  it.each<unknown>([
    `ArgumentValidationError: Object is missing the required field \`page\`.\n${object}`,
    `ArgumentValidationError: Object contains extra field \`page\` that is not in the validator.\n${object}`,
    'ArgumentValidationError: Value does not match validator.\nPath: .n\nValue: "x"\nValidator: v.float64()',
    "Validator error: Missing required field `page` in object",
    'there is no v.id("rows")',
    "",
  ])("is not %s", (message) => {
    expect(refusesId(new Error(String(message)))).toBe(false);
    expect(refusesId(message)).toBe(false);
  });
});
