import type { Tool } from "@convex-mcp/protocol";
import type { GenericValidator } from "convex/values";
import { type JsonSchema, objectSchema, toJsonSchema } from "../values/jsonschema.ts";
import type { McpTool } from "./tool.ts";

/** The tools of one gateway, by name, in the order they were declared. */
export type Catalog = ReadonlyMap<string, McpTool>;

/** The spec allows 128 characters and dots (2025-11-25); the large model vendors refuse both. */
const TOOL_NAME = /^[A-Za-z0-9_-]{1,64}$/;

const KINDS: ReadonlySet<string> = new Set<GenericValidator["kind"]>([
  "any",
  "array",
  "boolean",
  "bytes",
  "commitTs",
  "float64",
  "id",
  "int64",
  "literal",
  "null",
  "object",
  "record",
  "string",
  "union",
]);

/**
 * Checks the declared tools once, when the gateway is made, so that a mistake shows at deploy time.
 *
 * @throws TypeError naming the tool: a forbidden or repeated name, no description, a function that is `undefined`
 *   (renamed, or a circular import), a validator this version does not know.
 */
export function createCatalog(tools: readonly McpTool[]): Catalog {
  const catalog = new Map<string, McpTool>();
  for (const tool of tools) {
    const mistake = mistakeOf(tool) ?? (catalog.has(tool.name) ? "is declared twice" : undefined);
    if (mistake !== undefined)
      throw new TypeError(`Tool ${JSON.stringify(tool?.name)} ${mistake}.`);
    catalog.set(tool.name, tool);
  }
  return catalog;
}

function mistakeOf(tool: McpTool): string | undefined {
  if (typeof tool.name !== "string" || !TOOL_NAME.test(tool.name)) {
    return "has a name that some clients refuse: expected 1 to 64 characters of A-Z a-z 0-9 _ -";
  }
  if (typeof tool.description !== "string" || tool.description.trim() === "") {
    return "has no description: expected a sentence that tells a model when to use it";
  }
  if (!hasCode(tool)) {
    return `has no function: its \`fn\` is undefined; was the ${tool.kind} renamed, or is there a circular import?`;
  }
  for (const [name, validator] of Object.entries(tool.args)) {
    const unknown = unknownKind(validator);
    if (unknown !== undefined) return `has an argument ${JSON.stringify(name)} with ${unknown}`;
  }
  const unknown = tool.returns === undefined ? undefined : unknownKind(tool.returns);
  return unknown === undefined ? undefined : `has \`returns\` with ${unknown}`;
}

function hasCode(tool: McpTool): boolean {
  if (tool.kind !== "action") return tool.fn !== undefined && tool.fn !== null;
  return "handler" in tool.run || (tool.run.fn !== undefined && tool.run.fn !== null);
}

function unknownKind(validator: GenericValidator | undefined): string | undefined {
  if (validator?.isConvexValidator !== true) return "no validator: expected one of `v`";
  if (!KINDS.has(validator.kind)) return `the unsupported validator "${validator.kind}"`;
  for (const child of children(validator)) {
    const unknown = unknownKind(child);
    if (unknown !== undefined) return unknown;
  }
  return undefined;
}

function children(validator: GenericValidator): readonly GenericValidator[] {
  switch (validator.kind) {
    case "array":
      return [validator.element];
    case "record":
      return [validator.key, validator.value];
    case "object":
      return Object.values<GenericValidator>(validator.fields);
    case "union":
      return validator.members;
    default:
      return [];
  }
}

/** A tool as `tools/list` shows it. Made when it is asked for: an HTTP action evaluates its modules on every request. */
export function describeTool(tool: McpTool): Tool {
  const { name, title, description, icons, annotations, args, describe, returns } = tool;
  return {
    name,
    ...(title === undefined ? {} : { title }),
    description,
    ...(icons === undefined ? {} : { icons }),
    inputSchema: objectSchema(args, "input", describe) as Tool["inputSchema"],
    ...(returns === undefined
      ? {}
      : { outputSchema: outputSchema(returns) as Tool["inputSchema"] }),
    ...(annotations === undefined ? {} : { annotations }),
  };
}

/** MCP wants an object at the root (until 2026-07-28), so anything else is wrapped as `{ result }`. */
function outputSchema(returns: GenericValidator): JsonSchema {
  const schema = toJsonSchema(returns, "output");
  if (!isWrapped(returns)) return schema;
  return {
    type: "object",
    properties: { result: schema },
    required: ["result"],
    additionalProperties: false,
  };
}

/** Whether results of this validator are sent as `{ result: … }`. */
export function isWrapped(returns: GenericValidator): boolean {
  return returns.kind !== "object" && returns.kind !== "record";
}
