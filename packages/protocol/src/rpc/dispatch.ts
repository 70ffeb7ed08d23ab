import { errorCodes } from "../wire/errors.ts";
import type { Refusal } from "../wire/errors.ts";
import { isObject } from "../wire/json.ts";
import { errorMessage, resultMessage } from "../wire/jsonrpc.ts";
import type { Message, RequestMessage } from "../wire/jsonrpc.ts";
import { refuse } from "./answer.ts";
import type { Answer } from "./answer.ts";
import { MissingCapability, mutedChannel } from "./channel.ts";
import type { Channel } from "./channel.ts";
import { cancelSignal, findMethod } from "./exchange.ts";
import type { Exchange, Outcome } from "./exchange.ts";
import {
  internalError,
  invalidParams,
  methodNotFound,
  missingCapability,
  sessionNotFound,
} from "./failures.ts";
import { Refused } from "./refused.ts";
import { serialise } from "./serialise.ts";

/** Answers one message. Never rejects: what a backend throws is reported and becomes an internal error. */
export async function dispatch<C, P>(exchange: Exchange<C, P>, message: Message): Promise<Answer> {
  switch (message.kind) {
    case "request":
      return await answerRequest(exchange, message);
    case "notification":
    case "response":
      return await accept(exchange, message);
    case "invalid":
      return refuse({ status: 400, ...message.error }, message.id);
  }
}

async function answerRequest<C, P>(
  exchange: Exchange<C, P>,
  request: RequestMessage,
): Promise<Answer> {
  const { methods, features } = exchange.server;
  const conclude = (outcome: Outcome) => toAnswer(exchange, request, outcome);
  const settled = (run: Promise<Outcome>) => settle(exchange, request, run);
  const method = findMethod(methods, request.method, exchange.revision);
  const { id, params = {} } = request;
  const run = async (channel: Channel): Promise<Outcome> => {
    if (method === undefined) return methodNotFound(request.method, exchange.revision);
    if (!isObject(params)) return invalidParams('"params" must be an object, or absent.');
    return await method.run(exchange, { id, params, channel });
  };
  // The session comes before the parameters, also where the method itself would check it.
  const ownCheck = method?.session === "method" && isObject(params) && !exchange.sessionIsMalformed;
  if (method?.session !== "opens" && !ownCheck) {
    const failure = await checkSession(exchange, settled);
    if (failure) return conclude(failure);
  }
  const converse = features.find((feature) => feature.converse)?.converse;
  if (method?.interactive && converse && isObject(params) && !exchange.inBatch) {
    return await converse(exchange, { request, params, run, settle: settled, conclude });
  }
  const muted = mutedChannel(() => cancelSignal(exchange), exchange.clientCapabilities);
  return conclude(await settled(run(muted)));
}

async function checkSession<C, P>(
  { sessionHolds }: Exchange<C, P>,
  settled: (run: Promise<Outcome>) => Promise<Outcome>,
): Promise<Outcome | undefined> {
  const holds = async (): Promise<Outcome> =>
    (await sessionHolds()) ? { kind: "result", result: {} } : noSession;
  const outcome = await settled(holds());
  return outcome.kind === "result" ? undefined : outcome;
}

const noSession: Outcome = { kind: "refused", refusal: sessionNotFound };

async function settle<C, P>(
  { server, revision }: Exchange<C, P>,
  { id, method }: RequestMessage,
  run: Promise<Outcome>,
): Promise<Outcome> {
  try {
    return await run;
  } catch (error) {
    if (error instanceof MissingCapability) return missingCapability(error, revision);
    if (error instanceof Refused) return { kind: "refused", refusal: error.refusal };
    server.report(error, { method, requestId: id });
    return { kind: "error", error: internalError };
  }
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
    if (!(await exchange.sessionHolds())) return refuse(sessionNotFound, undefined, false);
    if (message.kind === "response") {
      for (const feature of features) await feature.answered?.(exchange, message);
      return { kind: "none" };
    }
    const { method, params = {} } = message;
    if (!isObject(params)) return refuse(invalidNotification, undefined, false);
    for (const feature of features) await feature.notified?.(exchange, method, params);
    return { kind: "none" };
  } catch (error) {
    report(error, { method: message.kind === "notification" ? message.method : undefined });
    return refuse({ status: 500, ...internalError }, undefined, false);
  }
}

const invalidNotification: Refusal = {
  status: 400,
  code: errorCodes.invalidParams,
  message: 'A notification\'s "params" must be an object, or absent.',
};
