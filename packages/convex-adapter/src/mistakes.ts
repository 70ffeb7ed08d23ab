import { isScopeToken } from "@convex-mcp/auth";
import type { GenericValidator } from "convex/values";

/** The spec allows 128 characters and dots for tools (2025-11-25); the large model vendors refuse both. */
const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Checks declarations once, when the gateway is made, so that a mistake shows at deploy time.
 *
 * @param what - what each of them is: `Tool`.
 * @param makers - what makes them: `defineMcpQuery`.
 * @param mistakeOf - what is wrong with one, as the end of a sentence that begins with its name.
 * @returns them by name, in the order they were declared.
 * @throws TypeError naming the one that is wrong, or of which there are two.
 */
export function collect<Item extends { readonly name: string }>(
  what: string,
  makers: string,
  items: readonly Item[],
  mistakeOf: (item: Item) => string | undefined,
): ReadonlyMap<string, Item> {
  const collected = new Map<string, Item>();
  for (const item of items) {
    if (typeof item !== "object" || item === null) {
      throw new TypeError(
        `${what} ${items.indexOf(item) + 1} of the list is ${String(item)}: expected what ${makers} made. Is there a circular import?`,
      );
    }
    const mistake = mistakeOf(item) ?? (collected.has(item.name) ? "is declared twice" : undefined);
    if (mistake !== undefined)
      throw new TypeError(`${what} ${JSON.stringify(item.name)} ${mistake}.`);
    collected.set(item.name, item);
  }
  return collected;
}

/** A name that some clients refuse. */
export function wrongName(name: unknown): string | undefined {
  return typeof name === "string" && NAME.test(name)
    ? undefined
    : "has a name that some clients refuse: expected 1 to 64 characters of A-Z a-z 0-9 _ -";
}

/** A function that is not there. */
export function missingFunction(kind: string, fn: unknown, option = "fn"): string | undefined {
  return fn === undefined || fn === null
    ? `has no function: its \`${option}\` is undefined; was the ${kind} renamed, or is there a circular import?`
    : undefined;
}

/** A scope that no token can have is one that nobody can be asked for, and the discovery document would name it. */
export function wrongScopes(scopes: unknown): string | undefined {
  if (scopes === undefined) return undefined;
  const list: readonly unknown[] = Array.isArray(scopes) ? scopes : [scopes];
  const right =
    Array.isArray(scopes) && list.every((it) => typeof it === "string" && isScopeToken(it));
  return right
    ? undefined
    : `has wrong \`metadata.scopes\`: expected a list of scopes, each printable ASCII without space, quote and backslash, got ${JSON.stringify(scopes)}`;
}

/** Kinds of validators that have no others in them. Looked up: a `switch` compares with one after the other. */
const LEAVES: ReadonlySet<string> = new Set([
  "any",
  "boolean",
  "bytes",
  "commitTs",
  "float64",
  "id",
  "int64",
  "literal",
  "null",
  "string",
]);

/** What of a validator this version does not know. For every one of them on every request: it makes nothing. */
export function unknownKind(validator: GenericValidator | undefined): string | undefined {
  if (validator?.isConvexValidator !== true) return "no validator: expected one of `v`";
  if (LEAVES.has(validator.kind)) return undefined;
  switch (validator.kind) {
    case "array":
      return unknownKind(validator.element);
    case "record":
      return unknownKind(validator.key) ?? unknownKind(validator.value);
    case "object":
      return firstUnknown(Object.values<GenericValidator>(validator.fields));
    case "union":
      return firstUnknown(validator.members);
    default:
      return `the unsupported validator "${String((validator as { kind: unknown }).kind)}"`;
  }
}

function firstUnknown(validators: readonly GenericValidator[]): string | undefined {
  for (const validator of validators) {
    const unknown = unknownKind(validator);
    if (unknown !== undefined) return unknown;
  }
  return undefined;
}
