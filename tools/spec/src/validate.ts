import { mended } from "./errata.ts";
import { byMethod, faultOf, revisions, schemaOf, type Revision } from "./schemas.ts";

/** What is known of the request that a message answers. */
export interface AnsweredRequest {
  readonly method: string;
}

type Json = Readonly<Record<string, unknown>>;

/** Codes that 2026-07-28 defines, and that a client tells the era of a server by (basic/versioning). */
const MODERN_CODES: ReadonlySet<unknown> = new Set([-32020, -32021, -32022]);

/** Codes of earlier revisions that 2026-07-28 forbids (basic, error codes). */
const RETIRED_CODES: ReadonlySet<unknown> = new Set([-32002, -32042]);

/** The methods whose result may ask for input, or be a task (2026-07-28, basic/patterns/mrtr; tasks extension). */
const ASKING: ReadonlySet<string> = new Set(["tools/call", "prompts/get", "resources/read"]);

/**
 * What a revision's official schema has against a message that a server sent; `undefined` when nothing. A result is held
 * against the type that belongs to the method of its request, and against any result when the request is unknown.
 * Batches (2025-03-26) are to be taken apart before.
 */
export function validateServerMessage(
  revision: Revision,
  message: unknown,
  request?: AnsweredRequest,
): string | undefined {
  if (!isJson(message)) return `no message, but ${JSON.stringify(message)}`;
  if ("method" in message) {
    return "id" in message ? ofRequest(revision, message) : ofNotification(revision, message);
  }
  if ("error" in message) return ofError(revision, message);
  return ofResponse(revision, message, request);
}

/**
 * Throws when no revision's schema lets this pass: for answers to requests that were written by hand, of which little is
 * known. Takes batches too.
 *
 * @throws Error naming what the newest revision has against it.
 */
export function assertServerMessage(answer: unknown): void {
  for (const message of Array.isArray(answer) ? answer : [answer]) {
    const faults = revisions.map((revision) => validateServerMessage(revision, message));
    if (!faults.includes(undefined)) {
      throw new Error(`${faults.at(-1)}\n${JSON.stringify(message)}`);
    }
  }
}

function ofRequest(revision: Revision, message: Json): string | undefined {
  const schema = schemaOf(revision);
  const definition = byMethod(schema, "ServerRequest").get(String(message["method"]));
  if (definition === undefined) {
    return `in ${revision} a server sends no request ${String(message["method"])}`;
  }
  // The definitions of requests leave the envelope to JSONRPCRequest.
  return faultOf(schema, "JSONRPCRequest", message) ?? faultOf(schema, definition, message);
}

function ofNotification(revision: Revision, message: Json): string | undefined {
  const method = String(message["method"]);
  if (revision === "2026-07-28" && method === "notifications/tasks") {
    return faultOf(schemaOf("tasks"), "TaskStatusNotification", message);
  }
  const schema = schemaOf(revision);
  const definition = byMethod(schema, "ServerNotification").get(method);
  if (definition === undefined) return `in ${revision} a server sends no notification ${method}`;
  return faultOf(schema, "JSONRPCNotification", message) ?? faultOf(schema, definition, message);
}

function ofError(revision: Revision, message: Json): string | undefined {
  const schema = schemaOf(revision);
  const code = isJson(message["error"]) ? message["error"]["code"] : undefined;
  if (revision === "2026-07-28" ? RETIRED_CODES.has(code) : MODERN_CODES.has(code)) {
    return `${revision} has no error code ${String(code)}`;
  }
  const general = "JSONRPCError" in schema.definitions ? "JSONRPCError" : "JSONRPCErrorResponse";
  const special = Object.keys(schema.definitions).find((name) => {
    const parts = schema.definitions[name]?.properties?.["error"]?.allOf ?? [];
    return parts.some(({ properties }) => properties?.["code"]?.const === code);
  });
  const fault = faultOf(schema, general, mended(revision, general, message));
  return fault ?? (special === undefined ? undefined : faultOf(schema, special, message));
}

function ofResponse(
  revision: Revision,
  message: Json,
  request: AnsweredRequest | undefined,
): string | undefined {
  const schema = schemaOf(revision);
  const envelope =
    "JSONRPCResultResponse" in schema.definitions ? "JSONRPCResultResponse" : "JSONRPCResponse";
  const fault = faultOf(schema, envelope, message);
  if (fault !== undefined) return fault;
  const { result } = message;
  if (request === undefined) return faultOf(schema, "ServerResult", result);
  return revision === "2026-07-28"
    ? ofModernResult(request.method, result)
    : ofResult(revision, request.method, result);
}

/**
 * The schema's unions let anything pass that has a `resultType`, since every member of InputRequiredResult but that is
 * optional. The text is stricter, so the discriminator decides what a result is held against.
 */
function ofModernResult(method: string, result: unknown): string | undefined {
  const type = isJson(result) ? result["resultType"] : undefined;
  if (type === "task" && method === "tools/call") {
    return faultOf(schemaOf("tasks"), "CreateTaskResult", result);
  }
  if (type === "input_required" && ASKING.has(method) && isJson(result)) {
    const asks = "inputRequests" in result || "requestState" in result;
    if (!asks) return "input_required, with neither inputRequests nor requestState";
    return faultOf(schemaOf("2026-07-28"), "InputRequiredResult", result);
  }
  if (type !== "complete") return `resultType ${JSON.stringify(type)} of ${method}`;
  const ofTask = byRequest("tasks").get(method);
  if (ofTask !== undefined) return faultOf(schemaOf("tasks"), ofTask, result);
  return ofResult("2026-07-28", method, result);
}

function ofResult(revision: Revision, method: string, result: unknown): string | undefined {
  const definition = byRequest(revision).get(method);
  if (definition === undefined) return `${revision} has no method ${method} that has a result`;
  return faultOf(schemaOf(revision), definition, result);
}

/** The result that each method has. The schemas name requests and results alike; what has no result of its own is empty. */
function byRequest(name: Revision | "tasks"): ReadonlyMap<string, string> {
  const schema = schemaOf(name);
  const requests =
    name === "tasks"
      ? new Map([
          ["tasks/get", "GetTaskRequest"],
          ["tasks/update", "UpdateTaskRequest"],
          ["tasks/cancel", "CancelTaskRequest"],
        ])
      : byMethod(schema, "ClientRequest");
  return new Map(
    [...requests].map(([method, request]) => {
      const result = request.replace(/Request$/, "Result");
      return [method, result in schema.definitions ? result : "EmptyResult"];
    }),
  );
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
