import type { ObjectSchema } from "@convex-mcp/protocol";
import type { GenericValidator, PropertyValidators } from "convex/values";
import { type JsonSchema, toJsonSchema } from "../values/jsonschema.ts";

/** The names of the headers that mirror arguments, by argument. */
export type MirroredHeaders = Readonly<Record<string, string | undefined>>;

/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^`|~\w]+$/;

/** What is wrong with the headers of a tool (2026-07-28, server/tools): clients drop a tool that gets one wrong. */
export function wrongHeaders(
  headers: MirroredHeaders,
  args: PropertyValidators,
): string | undefined {
  const seen = new Set<string>();
  for (const [argument, header] of Object.entries(headers)) {
    const mirror = `has a header for ${JSON.stringify(argument)}`;
    const field = Object.hasOwn(args, argument) ? args[argument] : undefined;
    if (field === undefined) return `${mirror}, which is none of its arguments`;
    if (typeof header !== "string" || !TOKEN.test(header)) {
      return `${mirror} of a wrong name: expected one such as "Region", got ${JSON.stringify(header)}`;
    }
    if (seen.has(header.toLowerCase())) return `${mirror} of a name that another has`;
    seen.add(header.toLowerCase());
    const { type } = mirrorable(field);
    if (type !== "string" && type !== "boolean" && type !== "integer") {
      return `${mirror}: expected the argument to be a string, an id, an int64, a boolean or a union of texts`;
    }
  }
  return undefined;
}

/** As much of a schema as says which headers mirror which arguments. */
export function headerSchema(headers: MirroredHeaders): ObjectSchema {
  const properties = Object.entries(headers).map(([argument, header]) => [
    argument,
    { "x-mcp-header": header },
  ]);
  return { type: "object", properties: Object.fromEntries(properties) as Record<string, object> };
}

/** A tool's `inputSchema` with what its arguments are mirrored in. */
export function withHeaders(
  schema: JsonSchema,
  headers: MirroredHeaders,
  args: PropertyValidators,
): JsonSchema {
  const properties = schema["properties"] as Readonly<Record<string, JsonSchema>>;
  const mirrored = Object.entries(headers).map(([argument, header = ""]) => {
    const { description } = properties[argument] ?? {};
    const said = description === undefined ? {} : { description };
    const own = mirrorable(args[argument] as GenericValidator);
    return [argument, { ...own, ...said, "x-mcp-header": header }];
  });
  return { ...schema, properties: { ...properties, ...Object.fromEntries(mirrored) } };
}

/** The spec knows one type for a mirrored argument, so an int64 is no text there, and as exact as JSON's integers. */
function mirrorable(validator: GenericValidator): JsonSchema {
  if (validator.kind !== "int64") return toJsonSchema(validator, "input");
  const { MAX_SAFE_INTEGER: maximum } = Number;
  return { type: "integer", minimum: -maximum, maximum };
}
