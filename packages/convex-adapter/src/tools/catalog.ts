import { createRedaction, type KeyedHash } from "@convex-mcp/audit";
import type { Tool } from "@convex-mcp/protocol";
import type { GenericValidator } from "convex/values";
import { collect, missingFunction, unknownKind, wrongName, wrongScopes } from "../mistakes.ts";
import { isFieldName } from "../values/fieldName.ts";
import { type JsonSchema, objectSchema, toJsonSchema } from "../values/jsonschema.ts";
import { isHandle } from "./handle.ts";
import type { McpTool, ToolRedaction } from "./tool.ts";

/** The tools of one gateway, by name, in the order they were declared. */
export type Catalog = ReadonlyMap<string, McpTool>;

/**
 * Checks the declared tools once, when the gateway is made, so that a mistake shows at deploy time.
 *
 * @throws TypeError naming the tool: a forbidden or repeated name, no description, a function that is `undefined`
 *   (renamed, or a circular import), a validator this version does not know, an `inputSchema` of anything but an object,
 *   a path to redact that does not parse, `hash` rules without `hash`, a deadline that is no time, a handle where none is
 *   filled in.
 */
export function createCatalog(tools: readonly McpTool[], hash?: KeyedHash): Catalog {
  const mistakes = (tool: McpTool) => mistakeOf(tool, hash);
  return collect("Tool", "defineMcpQuery, defineMcpMutation or defineMcpAction", tools, mistakes);
}

function mistakeOf(tool: McpTool, hash: KeyedHash | undefined): string | undefined {
  const wrong = wrongName(tool.name);
  if (wrong !== undefined) return wrong;
  if (typeof tool.description !== "string" || tool.description.trim() === "") {
    return "has no description: expected a sentence that tells a model when to use it";
  }
  const missing = missingFunction(tool.kind, codeOf(tool));
  if (missing !== undefined) return missing;
  if (tool.kind === "action" && !(tool.deadlineMs > 0)) {
    return `has the \`deadlineMs\` ${String(tool.deadlineMs)}: expected a positive number`;
  }
  if (tool.kind === "action" && tool.before !== undefined && "handler" in tool.run) {
    return "has `before` beside `handler`: expected it with `fn`, for inline code asks by itself";
  }
  return (
    wrongHandle(tool) ?? wrongInput(tool) ?? wrongReturns(tool.returns) ?? wrongOptions(tool, hash)
  );
}

function wrongOptions(tool: McpTool, hash: KeyedHash | undefined): string | undefined {
  return (
    tool.headers?.mistake(tool.args) ??
    tool.idempotency?.mistake(tool.args) ??
    wrongScopes(tool.metadata.scopes) ??
    wrongRedaction("args", tool.audit.args, hash) ??
    wrongRedaction("result", tool.audit.result, hash)
  );
}

/** Of a function's arguments it is taken out where the tool is defined: here it is one that nothing would fill in. */
function wrongHandle({ args }: McpTool): string | undefined {
  return isHandle(args?.["mcp"])
    ? "declares `mcp: vMcpCall`: only a function is given one, as `fn`"
    : undefined;
}

function wrongArgs(args: McpTool["args"]): string | undefined {
  if (typeof args !== "object" || args === null) {
    return "has no `args`: expected an object of validators, {} for none";
  }
  // `in` makes no list, and this runs for every tool on every request.
  for (const name in args) {
    const unknown = unknownKind(args[name]);
    if (unknown === undefined && isFieldName(name)) continue;
    const argument = `has an argument ${JSON.stringify(name)}`;
    return unknown === undefined
      ? `${argument}, which Convex refuses: expected printable ASCII that does not start with $`
      : `${argument} with ${unknown}`;
  }
  return undefined;
}

function wrongInput({ args, inputSchema }: McpTool): string | undefined {
  const wrong = wrongArgs(args);
  // The root has to be an object's (server/tools); the rest is for clients to judge.
  if (wrong !== undefined || inputSchema === undefined || Object(inputSchema).type === "object") {
    return wrong;
  }
  return 'has an `inputSchema` that is no schema of an object: expected { type: "object", … }';
}

function wrongReturns(returns: GenericValidator | undefined): string | undefined {
  const unknown = returns === undefined ? undefined : unknownKind(returns);
  return unknown === undefined ? undefined : `has \`returns\` with ${unknown}`;
}

/** Its paths are planted where they are used, on a call; here they are only read. */
function wrongRedaction(
  payload: "args" | "result",
  redaction: ToolRedaction | undefined,
  hash: KeyedHash | undefined,
): string | undefined {
  if (redaction === undefined || redaction === "verbatim" || redaction === "drop") return undefined;
  try {
    createRedaction(redaction, { hash });
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/\.$/, "") : String(error);
    return `has a wrong \`audit.${payload}\`: ${why}`;
  }
}

function codeOf(tool: McpTool): unknown {
  if (tool.kind !== "action") return tool.fn;
  return "handler" in tool.run ? tool.run.handler : tool.run.fn;
}

/** A tool as `tools/list` shows it. Made when it is asked for: an HTTP action evaluates its modules on every request. */
export function describeTool(tool: McpTool): Tool {
  const { name, title, description, icons, annotations, returns, _meta } = tool;
  return {
    name,
    title,
    description,
    icons,
    inputSchema: inputSchema(tool) as Tool["inputSchema"],
    outputSchema: returns && outputSchema(returns),
    annotations,
    _meta,
  };
}

function inputSchema(tool: McpTool): JsonSchema {
  const { args, describe, headers, idempotency } = tool;
  const own = tool.inputSchema as JsonSchema | undefined;
  const schema = own ?? objectSchema(args, "input", describe);
  const mirrored = headers?.describe(schema, args) ?? schema;
  return idempotency?.describe(mirrored, args) ?? mirrored;
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
