import type { Value } from "convex/values";
import { toBase64 } from "./base64.ts";

/** What `encode` makes: JSON, with int64 as decimal strings and bytes as base64. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** Convex values have at most 64 levels; what is deeper came from an inline handler, and may never end. */
const MAX_DEPTH = 64;

/**
 * A Convex value as JSON. It has an answer for every value, so that nothing that has committed is ever reported as
 * failed: int64 becomes a decimal string (a JSON number would lose digits), bytes become base64, and NaN and the
 * infinities their names, as the ProtoJSON mapping has it. What is no Convex value (an inline handler may return it)
 * becomes what `JSON.stringify` makes of it, or null.
 */
export function encode(value: Value | undefined): Json {
  return toJson(value, new Set());
}

function toJson(value: unknown, above: Set<object>): Json {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "bigint":
      return value.toString();
    case "object":
      return value === null ? null : objectToJson(value, above);
    default:
      return null;
  }
}

function objectToJson(value: object, above: Set<object>): Json {
  if (value instanceof ArrayBuffer) return toBase64(value);
  if (value instanceof Date) return value.toJSON();
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value;
    return toBase64(Uint8Array.from(new Uint8Array(buffer, byteOffset, byteLength)).buffer);
  }
  if (above.size > MAX_DEPTH || above.has(value)) return null;
  above.add(value);
  const json = Array.isArray(value)
    ? Array.from(value, (item) => toJson(item, above))
    : Object.fromEntries(
        Object.entries(value)
          .filter(([, field]) => field !== undefined)
          .map(([key, field]) => [key, toJson(field, above)]),
      );
  above.delete(value);
  return json;
}
