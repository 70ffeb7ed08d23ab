import { type Refusal, refuseHeaders, type ToolCallRequest } from "@convex-mcp/protocol";
import type { PropertyValidators } from "convex/values";
import { type JsonSchema, toJsonSchema } from "../values/jsonschema.ts";
import { own } from "../values/own.ts";
import type { Addition } from "./addition.ts";

/** Arguments that are repeated in headers; made by {@link mcpHeaders}. */
export interface MirroredHeaders<Argument extends string = string> extends Addition {
  /** Why a call is refused whose headers say something else than its arguments. */
  readonly refuse: (call: ToolCallRequest) => Refusal | undefined;
  /** For the compiler alone. */
  readonly arguments?: Argument;
}

const TYPES: ReadonlySet<unknown> = new Set(["string", "boolean", "integer"]);
/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^`|~\w]+$/;
const { MAX_SAFE_INTEGER } = Number;

/**
 * Has clients of 2026-07-28 repeat arguments in headers, for proxies to route by; a call whose headers say something
 * else is refused with 400. Of strings, ids, int64, booleans and unions of texts. Of no secrets: headers are logged.
 *
 * @param names - by argument: `{ region: "Region" }` is sent as `Mcp-Param-Region`.
 * @example
 * defineMcpQuery({
 *   name: "orders_list",
 *   description: "List the orders of a region.",
 *   fn: api.orders.list,
 *   args: { region: v.string() },
 *   headers: mcpHeaders({ region: "Region" }),
 * });
 */
export function mcpHeaders<const Argument extends string>(
  names: Readonly<Record<Argument, string>>,
): MirroredHeaders<Argument> {
  const headers = Object.entries<string>(names);
  const marks = headers.map(([argument, header]) => [argument, { "x-mcp-header": header }]);
  const schema = { properties: Object.fromEntries(marks) as Readonly<Record<string, object>> };
  return {
    refuse: (call) => refuseHeaders(call, schema),
    mistake: (args) => mistakeOf(headers, args),
    describe: (schema, args) => {
      const properties = (schema["properties"] ?? {}) as Readonly<Record<string, JsonSchema>>;
      const mirrored = headers.map(([argument, header]) => [
        argument,
        { ...mirrorable(properties[argument], args[argument]), "x-mcp-header": header },
      ]);
      return { ...schema, properties: { ...properties, ...Object.fromEntries(mirrored) } };
    },
  };
}

/** Clients drop a tool that gets one wrong (2026-07-28, server/tools). */
function mistakeOf(
  headers: readonly (readonly [string, string])[],
  args: PropertyValidators,
): string | undefined {
  const seen = new Set<string>();
  for (const [argument, header] of headers) {
    const mirror = `has a header for ${JSON.stringify(argument)}`;
    const field = own(args, argument);
    if (field === undefined) return `${mirror}, which is none of its arguments`;
    if (typeof header !== "string" || !TOKEN.test(header)) {
      return `${mirror} of a wrong name: expected one such as "Region", got ${JSON.stringify(header)}`;
    }
    if (seen.has(header.toLowerCase())) return `${mirror} of a name that another has`;
    seen.add(header.toLowerCase());
    if (!TYPES.has(mirrorable(undefined, field)["type"])) {
      return `${mirror}: expected the argument to be a string, an id, an int64, a boolean or a union of texts`;
    }
  }
  return undefined;
}

/** The spec knows one type for a mirrored argument, so an int64 is no text there, and as exact as JSON's integers. */
function mirrorable(
  given: JsonSchema | undefined,
  field: PropertyValidators[string] | undefined,
): JsonSchema {
  const schema = given ?? (field && toJsonSchema(field, "input")) ?? {};
  if (field?.kind !== "int64") return schema;
  const { anyOf: _, ...rest } = schema;
  return { ...rest, type: "integer", minimum: -MAX_SAFE_INTEGER, maximum: MAX_SAFE_INTEGER };
}
