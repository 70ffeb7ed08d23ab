import { errorCodes } from "./errors.ts";
import type { RpcError } from "./errors.ts";
import { isObject } from "./json.ts";
import type { RequestId } from "./types.ts";

/** One JSON-RPC message, told apart. `params` is still foreign. */
export type Message =
  | {
      readonly kind: "request";
      readonly id: RequestId;
      readonly method: string;
      readonly params: unknown;
    }
  | { readonly kind: "notification"; readonly method: string; readonly params: unknown }
  | {
      readonly kind: "response";
      /** `undefined` on the error of a client that could not read ours. */
      readonly id: RequestId | undefined;
      readonly result: unknown;
      readonly error: unknown;
    }
  | { readonly kind: "invalid"; readonly id: RequestId | undefined; readonly error: RpcError };

/** A message that wants an answer. */
export type RequestMessage = Extract<Message, { kind: "request" }>;

/** A client's answer to a request of the server. */
export type ResponseMessage = Extract<Message, { kind: "response" }>;

/** Tells a parsed JSON value apart (JSON-RPC 2.0, section 4). Never throws. */
export function classifyMessage(value: unknown): Message {
  if (!isObject(value)) return invalid(undefined, "a message must be a JSON object");
  const id = isRequestId(value.id) ? value.id : undefined;
  if (value.jsonrpc !== "2.0") return invalid(id, 'the member "jsonrpc" must be the string "2.0"');
  const answers = value.result !== undefined || value.error !== undefined;
  if (value.method === undefined) {
    if (answers) return classifyResponse(value, id);
    return invalid(id, 'a message needs a "method", or as a response a "result" or an "error"');
  }
  if (typeof value.method !== "string") return invalid(id, '"method" must be a string');
  if (answers) return invalid(id, 'a message has a "method" or an outcome, not both');
  if (!Object.hasOwn(value, "id")) {
    return { kind: "notification", method: value.method, params: value.params };
  }
  if (id === undefined) {
    return invalid(undefined, '"id" must be a string or an integer of at most 2^53 - 1, not null');
  }
  return { kind: "request", id, method: value.method, params: value.params };
}

/** The text of a notification to the client. */
export function notificationMessage(method: string, params: object | undefined): string {
  return JSON.stringify({ jsonrpc: "2.0", method, params });
}

/** The text of a request to the client. */
export function requestMessage(id: RequestId, method: string, params: object): string {
  return JSON.stringify({ jsonrpc: "2.0", id, method, params });
}

/** The text of a response that carries a result; `result` is a JSON text. */
export function resultMessage(id: RequestId, result: string): string {
  const text = typeof id === "number" ? id : JSON.stringify(id);
  return `{"jsonrpc":"2.0","id":${text},"result":${result}}`;
}

/**
 * The text of a response that carries an error.
 *
 * Without a readable request id there is no `id` member. JSON-RPC 2.0 would have `null` there, but
 * 2025-11-25 makes the member optional and its type has no null; the parsers of both official SDKs
 * accept an absent id and refuse null. (The older schemas demand an id that nobody can know.)
 */
export function errorMessage(id: RequestId | undefined, error: RpcError): string {
  const { code, message, data } = error;
  return JSON.stringify({ jsonrpc: "2.0", id, error: { code, message, data } });
}

function classifyResponse(
  value: { readonly [key: string]: unknown },
  id: RequestId | undefined,
): Message {
  if (value.result !== undefined && value.error !== undefined) {
    return invalid(id, 'a response has a "result" or an "error", not both');
  }
  // A client that could not read our id leaves it out of its error response (2025-11-25).
  const anonymousError = value.error !== undefined && !Object.hasOwn(value, "id");
  if (id === undefined && !anonymousError) return invalid(undefined, "a response needs its id");
  return { kind: "response", id, result: value.result, error: value.error };
}

function invalid(id: RequestId | undefined, reason: string): Message {
  return {
    kind: "invalid",
    id,
    error: { code: errorCodes.invalidRequest, message: `Invalid JSON-RPC message: ${reason}.` },
  };
}

// An integer beyond 2^53 - 1 was already rounded by JSON.parse and could not be echoed as sent.
function isRequestId(value: unknown): value is RequestId {
  return typeof value === "string" || Number.isSafeInteger(value);
}
