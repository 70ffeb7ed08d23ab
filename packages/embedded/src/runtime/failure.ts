import { ConvexError, jsonToConvex, type Value } from "convex/values";
import { messageOf, stackOf } from "../errors.ts";

/** ConvexErrors are known by this symbol, which all realms and copies of `convex` share. */
export function isConvexError(thrown: unknown): thrown is Error & { data?: unknown } {
  return typeof thrown === "object" && thrown !== null && Symbol.for("ConvexError") in thrown;
}

/**
 * The data of a ConvexError on its way out of a function: `convex/server` has replaced it by its JSON.
 * Undefined when the error is another one.
 */
export function dataOf(thrown: unknown): Value | undefined {
  if (!isConvexError(thrown)) return undefined;
  return jsonToConvex(JSON.parse(typeof thrown.data === "string" ? thrown.data : "null"));
}

/** An error of a realm, as one of the host that convex-test knows what to do with. */
export function toHostError(thrown: unknown): Error {
  const data = dataOf(thrown);
  if (data !== undefined) return new ConvexError(data);
  const error = new Error(messageOf(thrown));
  error.stack = stackOf(thrown);
  return error;
}
