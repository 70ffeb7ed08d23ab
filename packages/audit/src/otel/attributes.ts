import type { AuditEntry, AuditKind, AuditOutcome } from "../entry.ts";

/** A value as OTLP writes it in JSON: 64-bit integers are texts (OTLP 1.x, JSON Protobuf encoding). */
export type OtlpValue =
  | { readonly stringValue: string }
  | { readonly intValue: string }
  | { readonly doubleValue: number }
  | { readonly boolValue: boolean };

/** A name and its value. */
export interface OtlpAttribute {
  readonly key: string;
  readonly value: OtlpValue;
}

/** How an attribute is given: absent ones are left out. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Attributes as OTLP writes them. */
export function toAttributes(attributes: Attributes): OtlpAttribute[] {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: toValue(value) }],
  );
}

function toValue(value: string | number | boolean): OtlpValue {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

const METHODS: Readonly<Partial<Record<AuditKind, string>>> = {
  tool: "tools/call",
  resource: "resources/read",
  prompt: "prompts/get",
  completion: "completion/complete",
  cancellation: "notifications/cancelled",
};

const STEPS: ReadonlyMap<string | undefined, string> = new Map([
  ["input", "tasks/update"],
  ["cancel", "tasks/cancel"],
]);

/** The MCP method that an entry is of, if it is of one. */
export function methodOf({ kind, name }: AuditEntry): string | undefined {
  if (kind === "session") return name === "start" ? "initialize" : undefined;
  if (kind === "task") return STEPS.get(name);
  return kind === "list" ? name : METHODS[kind];
}

const NO_ERRORS: ReadonlySet<AuditOutcome> = new Set([
  "ok",
  "running",
  "interrupted",
  "replayed",
  "cancelled",
]);

/** What of an entry went wrong, in a word of which there are few; `undefined` where nothing did. */
export function errorTypeOf({ kind, outcome }: AuditEntry): string | undefined {
  if (NO_ERRORS.has(outcome)) return undefined;
  // What a tool answers with `isError` has this name (GenAI semantic conventions, MCP, error.type).
  return kind === "tool" && (outcome === "failed" || outcome === "invalid")
    ? "tool_error"
    : outcome;
}

/**
 * An entry by the names of the semantic conventions for MCP and generative AI (status: development), of the general ones
 * (`client.address`, `user_agent.original`, `user.id`), and of our own for what they do not know.
 */
export function attributesOf(
  entry: AuditEntry & { readonly id: string },
  payloads: boolean,
): OtlpAttribute[] {
  const { kind, tool, name } = entry;
  return toAttributes({
    "mcp.method.name": methodOf(entry),
    "mcp.session.id": entry.sessionId,
    "gen_ai.operation.name": kind === "tool" ? "execute_tool" : undefined,
    "gen_ai.tool.name": tool,
    "gen_ai.prompt.name": kind === "prompt" ? name : undefined,
    "gen_ai.tool.call.arguments": payloads && kind === "tool" ? entry.args : undefined,
    "gen_ai.tool.call.result": payloads && kind === "tool" ? entry.result : undefined,
    "jsonrpc.request.id": requestId(entry.requestId),
    "error.type": errorTypeOf(entry),
    "network.transport": methodOf(entry) === undefined ? undefined : "tcp",
    "network.protocol.name": methodOf(entry) === undefined ? undefined : "http",
    "client.address": entry.ip,
    "user_agent.original": entry.userAgent,
    "user.id": entry.subject,
    "convex_mcp.audit.id": entry.id,
    "convex_mcp.audit.kind": kind,
    "convex_mcp.audit.task.id": entry.taskId,
    "convex_mcp.audit.name": name,
    "convex_mcp.audit.outcome": entry.outcome,
    "convex_mcp.audit.decision": entry.decision,
    "convex_mcp.audit.error": entry.error,
    "convex_mcp.audit.error_code": entry.errorCode,
    "convex_mcp.audit.issuer": entry.issuer,
    "convex_mcp.audit.client.name": entry.clientName,
    "convex_mcp.audit.client.version": entry.clientVersion,
    "convex_mcp.audit.args.size": entry.argsBytes,
    "convex_mcp.audit.result.size": entry.resultBytes,
    "convex_mcp.audit.count": entry.count,
    "convex_mcp.audit.cut": entry.cut,
    "convex_mcp.audit.platform_request_id": entry.platformRequestId,
  });
}

/** The id itself: an entry has it as JSON text. */
function requestId(json: string | undefined): string | undefined {
  const text = /^"(.*)"$/.exec(json ?? "");
  return text === null ? json : text[1];
}
