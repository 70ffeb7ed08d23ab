import { headerMismatch } from "../rpc/failures.ts";
import type { ToolCallRequest } from "./catalog.ts";
import type { Refusal } from "../wire/errors.ts";
import { isObject } from "../wire/json.ts";
import type { JsonObject } from "../wire/json.ts";
import { decodeHeader } from "../wire/sentinel.ts";

/** A property of a tool's arguments that its client repeats in a header. */
interface Mirrored {
  /** As `x-mcp-header` names it, without the prefix. */
  readonly header: string;
  readonly path: readonly string[];
}

/**
 * Compares a call's `Mcp-Param-*` headers with its arguments, for the properties that the tool's
 * input schema marks with `x-mcp-header` (2026-07-28, server/tools). For a catalog to call once it
 * found the tool, and found that this caller may know it: refuse the call with what comes back.
 * `undefined` when they agree.
 */
export function refuseHeaders(
  { mirrored, arguments: args }: Pick<ToolCallRequest, "mirrored" | "arguments">,
  inputSchema: JsonObject,
): Refusal | undefined {
  if (mirrored === undefined) return undefined;
  for (const { header: name, path } of mirroredProperties(inputSchema, [])) {
    const sent = mirrored(name);
    const value = valueAt(args, path);
    if (!agrees(sent, value)) {
      const wish = value === undefined || value === null ? "be absent" : "repeat the argument";
      return headerMismatch(`Mcp-Param-${name} must ${wish} (${path.join(".")}).`);
    }
  }
  return undefined;
}

// Through chains of "properties" alone: nothing else is reached by exactly one path.
function mirroredProperties(schema: unknown, path: readonly string[]): Mirrored[] {
  if (!isObject(schema) || !isObject(schema.properties)) return [];
  return Object.entries(schema.properties).flatMap(([name, property]) => {
    const here = [...path, name];
    const header = isObject(property) ? property["x-mcp-header"] : undefined;
    const deeper = mirroredProperties(property, here);
    return isToken(header) ? [{ header, path: here }, ...deeper] : deeper;
  });
}

/** A field name (RFC 9110, 5.6.2). `Headers.get` throws on what is none. */
function isToken(value: unknown): value is string {
  return typeof value === "string" && /^[!#$%&'*+\-.^`|~\w]+$/.test(value);
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const name of path) {
    at = isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  }
  return at;
}

function agrees(sent: string | null, value: unknown): boolean {
  if (value === undefined || value === null) return sent === null;
  // Of another type than a header may repeat: for the tool's own validation to refuse.
  if (typeof value === "object") return true;
  const text = sent === null ? undefined : decodeHeader(sent);
  if (text === undefined) return false;
  if (typeof value === "number") return /^-?\d+(?:\.0+)?$/.test(text) && Number(text) === value;
  return text === value || (typeof value === "boolean" && text === String(value));
}
