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

/**
 * A Convex value as JSON. It has an answer for every value, so that nothing that has committed is ever reported as
 * failed: int64 becomes a decimal string (a JSON number would lose digits), bytes become base64, and NaN and the
 * infinities their names, as the ProtoJSON mapping has it.
 */
export function encode(value: Value | undefined): Json {
  if (value === undefined || value === null) return null;
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value !== "object") return value;
  if (value instanceof ArrayBuffer) return toBase64(value);
  if (Array.isArray(value)) return value.map((item: Value) => encode(item));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([key, field]) => [key, encode(field)]),
  );
}
