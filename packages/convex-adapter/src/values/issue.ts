import type { GenericValidator } from "convex/values";

/** One thing that is wrong with an argument, in words a model can act on. Never holds the value itself, which may be secret. */
export interface Issue {
  /** Dotted path of the argument, `items[0].price`; empty for the whole. */
  readonly path: string;
  readonly expected: string;
  readonly received: string;
}

/** A model reads a handful of issues at most; hostile input could produce hundreds of thousands, so reading ends beyond. */
export const MAX_ISSUES = 10;

/** One text for a list of issues: which argument, what was expected, what came. */
export function formatIssues(tool: string, issues: readonly Issue[]): string {
  const lines = issues
    .slice(0, MAX_ISSUES)
    .map(
      ({ path, expected, received }) =>
        `- ${path || "arguments"}: expected ${expected}, got ${received}`,
    );
  if (issues.length > MAX_ISSUES) lines.push("- and more");
  return `Wrong arguments for ${tool}. Correct them and call again:\n${lines.join("\n")}`;
}

/** Appends an object key to a path; keys that would blur it are quoted. */
export function keyPath(path: string, key: string): string {
  if (/^[A-Za-z_][\w-]{0,63}$/.test(key)) return path === "" ? key : `${path}.${key}`;
  return `${path}[${JSON.stringify(key.slice(0, 64))}]`;
}

/** Appends an array index to a path. */
export function indexPath(path: string, index: number): string {
  return `${path}[${index}]`;
}

/** What kind of JSON value came, without its content. */
export function received(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "number") return Number.isInteger(value) ? "an integer" : "a number";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

const INT64 = "a 64-bit integer, as a JSON integer or a decimal string";
const EXPECTED: Readonly<Record<string, string>> = {
  string: "a string",
  float64: "a number",
  boolean: "true or false",
  null: "null",
  any: "any JSON value",
  array: "an array",
  object: "an object",
  record: "an object",
  int64: INT64,
  commitTs: INT64,
  bytes: "bytes as a base64 string (RFC 4648 section 4, padded)",
};

/** What a validator accepts, in words. */
export function expectation(validator: GenericValidator): string {
  switch (validator.kind) {
    case "id":
      return `the id of a document in "${validator.tableName}"`;
    case "literal":
      return literalText(validator.value);
    case "union":
      return oneOf(validator.members.map((member: GenericValidator) => expectation(member)));
    default:
      return EXPECTED[validator.kind] ?? validator.kind;
  }
}

/** Several expectations of which one has to be met. */
export function oneOf(expected: readonly string[]): string {
  return expected.length === 0 ? "no value" : `one of: ${expected.join(" | ")}`;
}

/** A literal as it is spelled in JSON; int64 literals are decimal strings there. */
export function literalText(value: unknown): string {
  return typeof value === "bigint" ? `"${value}"` : JSON.stringify(value);
}
