import { createPayloadWriter, type Redaction } from "@convex-mcp/audit";
import { isScopeToken } from "@convex-mcp/auth";
import type { Tool } from "@convex-mcp/protocol";
import type { GenericValidator } from "convex/values";
import { isFieldName } from "../values/fieldName.ts";
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
 *   (renamed, or a circular import), a validator this version does not know, a path to redact that does not parse, a
 *   deadline that is no time.
 */
export function createCatalog(tools: readonly McpTool[]): Catalog {
  const catalog = new Map<string, McpTool>();
  for (const [index, tool] of tools.entries()) {
    if (typeof tool !== "object" || tool === null) {
      throw new TypeError(
        `Tool ${index + 1} of the list is ${String(tool)}: expected what defineMcpQuery, defineMcpMutation or defineMcpAction made. Is there a circular import?`,
      );
    }
    const mistake = mistakeOf(tool) ?? (catalog.has(tool.name) ? "is declared twice" : undefined);
    if (mistake !== undefined) throw new TypeError(`Tool ${JSON.stringify(tool.name)} ${mistake}.`);
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
  if (tool.kind === "action" && !(tool.deadlineMs > 0)) {
    return `has the \`deadlineMs\` ${String(tool.deadlineMs)}: expected a positive number`;
  }
  return (
    wrongArgs(tool.args) ??
    wrongReturns(tool.returns) ??
    wrongScopes(tool.metadata.scopes) ??
    wrongRedaction("args", tool.audit.args) ??
    wrongRedaction("result", tool.audit.result)
  );
}

function wrongArgs(args: McpTool["args"]): string | undefined {
  if (typeof args !== "object" || args === null) {
    return "has no `args`: expected an object of validators, {} for none";
  }
  for (const [name, validator] of Object.entries(args)) {
    const argument = `has an argument ${JSON.stringify(name)}`;
    if (!isFieldName(name)) {
      return `${argument}, which Convex refuses: expected printable ASCII that does not start with $`;
    }
    const unknown = unknownKind(validator);
    if (unknown !== undefined) return `${argument} with ${unknown}`;
  }
  return undefined;
}

function wrongReturns(returns: GenericValidator | undefined): string | undefined {
  const unknown = returns === undefined ? undefined : unknownKind(returns);
  return unknown === undefined ? undefined : `has \`returns\` with ${unknown}`;
}

/** A scope that no token can have is one that nobody can be asked for, and the discovery document would name it. */
function wrongScopes(scopes: unknown): string | undefined {
  if (scopes === undefined) return undefined;
  const list: readonly unknown[] = Array.isArray(scopes) ? scopes : [scopes];
  const right =
    Array.isArray(scopes) && list.every((it) => typeof it === "string" && isScopeToken(it));
  return right
    ? undefined
    : `has wrong \`metadata.scopes\`: expected a list of scopes, each printable ASCII without space, quote and backslash, got ${JSON.stringify(scopes)}`;
}

/** Its paths are compiled where they are used, on a call; here they are only read. */
function wrongRedaction(
  payload: "args" | "result",
  redaction: Redaction | undefined,
): string | undefined {
  if (redaction === undefined) return undefined;
  try {
    createPayloadWriter(redaction);
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/\.$/, "") : String(error);
    return `has a wrong \`audit.${payload}\`: ${why}`;
  }
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
