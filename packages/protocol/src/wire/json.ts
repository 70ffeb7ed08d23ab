/** A JSON object whose members are not known yet. */
export type JsonObject = { readonly [key: string]: unknown };

/** Whether a foreign value is a JSON object: not null, not an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Whether a parsed JSON text nests deeper than `limit` levels; `{}` and `[]` are one level.
 * `JSON.parse` itself does not mind 100,000 levels, but every recursive walk after it does,
 * `JSON.stringify` included. Most texts are told by their brackets, and the value is not walked.
 */
export function exceedsDepth(text: string, value: unknown, limit: number): boolean {
  // Each level takes two brackets.
  return text.length > 2 * limit && hasMoreBrackets(text, limit) && nestsDeeper(value, limit);
}

function hasMoreBrackets(text: string, limit: number): boolean {
  let left = limit;
  for (const bracket of ["{", "["]) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      left -= 1;
      if (left < 0) return true;
    }
  }
  return false;
}

// The recursion ends at the limit.
function nestsDeeper(value: unknown, limit: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (limit === 0) return true;
  if (Array.isArray(value)) {
    for (const item of value) {
      // Told here, as most are no objects, and a call for each would cost more.
      if (typeof item === "object" && nestsDeeper(item, limit - 1)) return true;
    }
    return false;
  }
  // Of what was parsed, `in` has the own members alone, and makes no list of them.
  for (const key in value) {
    const member = (value as JsonObject)[key];
    if (typeof member === "object" && nestsDeeper(member, limit - 1)) return true;
  }
  return false;
}
