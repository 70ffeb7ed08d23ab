import { errorCodes } from "../wire/errors.ts";
import type { Refusal, RpcError } from "../wire/errors.ts";
import { isObject } from "../wire/json.ts";
import { errorMessage, resultMessage } from "../wire/jsonrpc.ts";
import type { Message, RequestMessage } from "../wire/jsonrpc.ts";
import { printable } from "../wire/printable.ts";
import { isRawJson, rawText } from "../wire/raw.ts";
import type { RequestId } from "../wire/types.ts";
import type { Exchange, MethodTable, Outcome } from "./exchange.ts";
import { internalError, invalidParams, sessionNotFound } from "./failures.ts";

/** What one message gets: nothing, the text of one JSON-RPC response, or a refusal of the whole HTTP request. */
export type Answer =
  | { readonly kind: "none" }
  | { readonly kind: "message"; readonly json: string; readonly sessionId?: string | undefined }
  | {
      readonly kind: "refused";
      readonly refusal: Refusal;
      readonly id: RequestId | undefined;
      /** Whether JSON-RPC wants an answer to the message: no notification does. */
      readonly answerable: boolean;
    };

/** Answers one message. Never rejects: what a backend throws is reported and becomes an internal error. */
export async function dispatch<C, P>(
  exchange: Exchange<C, P>,
  methods: MethodTable<C, P>,
  message: Message,
): Promise<Answer> {
  switch (message.kind) {
    case "request":
      return await answerRequest(exchange, methods, message);
    case "notification":
    case "response":
      return await acceptSilently(exchange, message);
    case "invalid":
      return refuse({ status: 400, ...message.error }, message.id);
  }
}

async function answerRequest<C, P>(
  exchange: Exchange<C, P>,
  methods: MethodTable<C, P>,
  request: RequestMessage,
): Promise<Answer> {
  const { id, method } = request;
  try {
    const outcome = await runMethod(exchange, methods, request);
    if (outcome.kind === "refused") return refuse(outcome.refusal, id);
    if (outcome.kind === "error") return { kind: "message", json: errorMessage(id, outcome.error) };
    const { result } = outcome;
    const json = isRawJson(result) ? rawText(result) : JSON.stringify(result);
    return { kind: "message", json: resultMessage(id, json), sessionId: outcome.sessionId };
  } catch (error) {
    exchange.server.report(error, { method, requestId: id });
    return { kind: "message", json: errorMessage(id, internalError) };
  }
}

async function runMethod<C, P>(
  exchange: Exchange<C, P>,
  methods: MethodTable<C, P>,
  request: RequestMessage,
): Promise<Outcome> {
  const method = methods.get(request.method);
  const { id, params = {} } = request;
  // The session comes before the parameters, also where the method itself would check it.
  const ownCheck = method?.session === "method" && isObject(params) && !exchange.sessionIsMalformed;
  const noCheck = method?.session === "opens" || ownCheck;
  if (!noCheck && !(await exchange.sessionHolds())) {
    return { kind: "refused", refusal: sessionNotFound };
  }
  if (method === undefined) return { kind: "error", error: methodNotFound(request.method) };
  if (!isObject(params)) return invalidParams('"params" must be an object, or absent.');
  return await method.run(exchange, { id, params });
}

// Nothing that a client notifies of concerns a server of tools; unknown notifications are accepted
// alike, because a revision may add some.
async function acceptSilently<C, P>(
  exchange: Exchange<C, P>,
  message: Extract<Message, { kind: "notification" | "response" }>,
): Promise<Answer> {
  const method = message.kind === "notification" ? message.method : undefined;
  const params = message.kind === "notification" ? message.params : undefined;
  try {
    if (!(await exchange.sessionHolds())) return refuse(sessionNotFound, undefined, false);
    return params === undefined || isObject(params)
      ? { kind: "none" }
      : refuse(invalidNotification, undefined, false);
  } catch (error) {
    exchange.server.report(error, { method });
    return refuse({ status: 500, ...internalError }, undefined, false);
  }
}

const invalidNotification: Refusal = {
  status: 400,
  code: errorCodes.invalidParams,
  message: 'A notification\'s "params" must be an object, or absent.',
};

function methodNotFound(method: string): RpcError {
  return { code: errorCodes.methodNotFound, message: `Method not found: ${printable(method)}` };
}

function refuse(refusal: Refusal, id: RequestId | undefined, answerable = true): Answer {
  return { kind: "refused", refusal, id, answerable };
}
