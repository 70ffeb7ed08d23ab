/** A JSON object whose members are not known yet. */
export type JsonObject = { readonly [key: string]: unknown };

/** Whether a foreign value is a JSON object: not null, not an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Whether a parsed JSON value nests deeper than `limit` levels; `{}` and `[]` are one level.
 * `JSON.parse` itself does not mind 100,000 levels, but every recursive walk after it does,
 * `JSON.stringify` included. The recursion here ends at the limit.
 */
export function exceedsDepth(value: unknown, limit: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (limit === 0) return true;
  if (Array.isArray(value)) return value.some((item) => exceedsDepth(item, limit - 1));
  // Of what was parsed, `in` has the own members alone, and makes no list of them.
  for (const key in value) {
    if (exceedsDepth((value as JsonObject)[key], limit - 1)) return true;
  }
  return false;
}
