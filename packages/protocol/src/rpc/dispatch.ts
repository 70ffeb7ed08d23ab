import { errorCodes } from "../wire/errors.ts";
import type { Refusal } from "../wire/errors.ts";
import { isObject } from "../wire/json.ts";
import { errorMessage, resultMessage } from "../wire/jsonrpc.ts";
import type { Message, RequestMessage } from "../wire/jsonrpc.ts";
import { refuse } from "./answer.ts";
import type { Answer } from "./answer.ts";
import { MissingCapability, mutedChannel, mutedInSession } from "./channel.ts";
import type { Channel } from "./channel.ts";
import { findMethod } from "./exchange.ts";
import type { Exchange, Method, Outcome, SessionName } from "./exchange.ts";
import {
  internalError,
  invalidParams,
  methodNotFound,
  missingCapability,
  sessionNotFound,
} from "./failures.ts";
import { Refused } from "./refused.ts";
import { serialise } from "./serialise.ts";
import { noSession, sessionHolds } from "./session.ts";

/** Answers one message. Never rejects: what a backend throws is reported and becomes an internal error. */
export function dispatch<C, P>(exchange: Exchange<C, P>, message: Message): Promise<Answer> {
  switch (message.kind) {
    case "request":
      return answerRequest(exchange, message);
    case "invalid":
      return Promise.resolve(refuse({ status: 400, ...message.error }, message.id));
    default:
      return accept(exchange, message);
  }
}

async function answerRequest<C, P>(
  exchange: Exchange<C, P>,
  request: RequestMessage,
): Promise<Answer> {
  const { server, revision } = exchange;
  const { id, params = {} } = request;
  const method = findMethod(server.methods, request.method, revision);
  const conclude = (outcome: Outcome) => toAnswer(exchange, request, outcome);
  try {
    if (checksSession(exchange.session, method, params) && !(await sessionHolds(exchange))) {
      return conclude(noSession);
    }
    if (method === undefined) return conclude(methodNotFound(request.method, revision));
    if (!isObject(params)) return conclude(invalidParams('"params" must be an object, or absent.'));
    if (method.interactive && server.converse && !exchange.inBatch) {
      const run = (channel: Channel) => method.run(exchange, { id, params, channel });
      const settle = (outcome: Promise<Outcome>) =>
        outcome.catch((error: unknown) => failureOf(exchange, request, error));
      return await server.converse(exchange, { request, params, run, settle, conclude });
    }
    return conclude(await method.run(exchange, { id, params, channel: mutedFor(exchange) }));
  } catch (error) {
    return conclude(failureOf(exchange, request, error));
  }
}

/** The session comes before the parameters, also where the method itself would check it. */
function checksSession<C, P>(
  { kind }: SessionName,
  method: Method<C, P> | undefined,
  params: unknown,
): boolean {
  if (kind === "none" || method?.session === "opens") return false;
  return method?.session !== "method" || kind === "malformed" || !isObject(params);
}

function mutedFor<C, P>({ revision, caller, clientCapabilities }: Exchange<C, P>): Channel {
  return revision.era === "session"
    ? mutedInSession
    : mutedChannel(caller.signal, clientCapabilities);
}

function failureOf<C, P>(
  { server, revision }: Exchange<C, P>,
  { id, method }: RequestMessage,
  error: unknown,
): Outcome {
  if (error instanceof MissingCapability) return missingCapability(error, revision);
  if (error instanceof Refused) return { kind: "refused", refusal: error.refusal };
  server.report(error, { method, requestId: id });
  return { kind: "error", error: internalError };
}

function toAnswer<C, P>(
  exchange: Exchange<C, P>,
  { id, method }: RequestMessage,
  outcome: Outcome,
): Answer {
  if (outcome.kind === "refused") return refuse(outcome.refusal, id);
  if (outcome.kind === "stream") return outcome;
  if (outcome.kind === "error") return { kind: "message", json: errorMessage(id, outcome.error) };
  try {
    const json = resultMessage(id, serialise(exchange, outcome));
    return { kind: "message", json, sessionId: outcome.sessionId };
  } catch (error) {
    exchange.server.report(error, { method, requestId: id });
    return { kind: "message", json: errorMessage(id, internalError) };
  }
}

// Unknown notifications are accepted alike, because a revision may add some.
async function accept<C, P>(
  exchange: Exchange<C, P>,
  message: Extract<Message, { kind: "notification" | "response" }>,
): Promise<Answer> {
  const { features, report } = exchange.server;
  try {
    if (!(await sessionHolds(exchange))) return refuse(sessionNotFound, undefined, false);
    const { params = {} } = "params" in message ? message : {};
    if (!isObject(params)) return refuse(invalidNotification, undefined, false);
    for (const feature of features) {
      if (message.kind === "response") await feature.answered?.(exchange, message);
      else await feature.notified?.(exchange, message.method, params);
    }
    return { kind: "none" };
  } catch (error) {
    report(error, { method: "method" in message ? message.method : undefined });
    return refuse({ status: 500, ...internalError }, undefined, false);
  }
}

const invalidNotification: Refusal = {
  status: 400,
  code: errorCodes.invalidParams,
  message: 'A notification\'s "params" must be an object, or absent.',
};
