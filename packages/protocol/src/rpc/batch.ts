import { errorCodes } from "../wire/errors.ts";
import { classifyMessage, errorMessage } from "../wire/jsonrpc.ts";
import type { Answer } from "./answer.ts";
import { dispatch } from "./dispatch.ts";
import type { Exchange } from "./exchange.ts";

/** The answer to a batch: a list of responses in the order of the requests, or one of the others. */
export type BatchAnswer =
  | { readonly kind: "messages"; readonly jsons: readonly string[] }
  | Exclude<Answer, { kind: "message" }>;

/**
 * Answers a batch, one message after another (2025-03-26, basic/transports).
 *
 * A call that is refused at the HTTP level is an in-band error here, for its neighbours may have
 * run; only when nothing but refusals is left does the first of them answer the HTTP request.
 */
export async function dispatchBatch<C, P>(
  exchange: Exchange<C, P>,
  values: readonly unknown[],
): Promise<BatchAnswer> {
  // The length first: each member of a huge batch would cost memory once it is told apart.
  const tooMany = refuseLength(exchange, values.length);
  if (tooMany) return tooMany;
  const messages = values.map(classifyMessage);
  if (messages.some((message) => "method" in message && message.method === "initialize")) {
    return refuseBatch("There is no initialize in a JSON-RPC batch. Send it on its own");
  }
  const answers: Answer[] = [];
  const shared = { ...exchange, inBatch: true };
  for (const message of messages) answers.push(await dispatch(shared, message));
  return combine(answers);
}

function combine(answers: readonly Answer[]): BatchAnswer {
  const [firstRefusal] = answers.filter((answer) => answer.kind === "refused");
  if (firstRefusal && answers.every((answer) => answer.kind !== "message")) return firstRefusal;
  const jsons: string[] = [];
  for (const answer of answers) {
    if (answer.kind === "message") jsons.push(answer.json);
    if (answer.kind === "refused" && answer.answerable) {
      jsons.push(errorMessage(answer.id, answer.refusal));
    }
  }
  return jsons.length === 0 ? { kind: "none" } : { kind: "messages", jsons };
}

function refuseLength<C, P>(
  { revision, server }: Exchange<C, P>,
  length: number,
): BatchAnswer | undefined {
  if (!revision.batches) {
    return refuseBatch(
      `There are no JSON-RPC batches in protocol version ${revision.version}. Send each message on its own`,
    );
  }
  if (length === 0) return refuseBatch("There is no message in the JSON-RPC batch");
  if (length <= server.maxBatch) return undefined;
  return refuseBatch(
    `There are ${length} messages in the JSON-RPC batch, and may be ${server.maxBatch}`,
  );
}

function refuseBatch(message: string): BatchAnswer {
  const refusal = { status: 400, code: errorCodes.invalidRequest, message: `${message}.` };
  return { kind: "refused", refusal, id: undefined, answerable: true };
}
