import { dispatchBatch } from "../rpc/batch.ts";
import { dispatch } from "../rpc/dispatch.ts";
import { errorCodes } from "../wire/errors.ts";
import { classifyMessage } from "../wire/jsonrpc.ts";
import { readJsonBody } from "./body.ts";
import { classifyBatchEra, classifyEra } from "./era.ts";
import { toExchange } from "./exchange.ts";
import type { Head } from "./head.ts";
import { chooseForms, isJsonContentType } from "./media.ts";
import type { Forms } from "./media.ts";
import type { Settings } from "./options.ts";
import { answerReply, refusalReply } from "./respond.ts";
import type { Reply } from "./respond.ts";

/** Answers POST: a message, or in 2025-03-26 a batch of them. */
export async function answerPost<C, P>(settings: Settings<C, P>, head: Head<C, P>): Promise<Reply> {
  const { headers } = head.request;
  if (!isJsonContentType(headers.get("content-type"))) {
    return refused(415, "Content-Type must be application/json in UTF-8.");
  }
  const forms = chooseForms(headers.get("accept"));
  if (forms === undefined) {
    return refused(406, "Accept must allow application/json or text/event-stream.");
  }
  const body = await readJsonBody(head.request, settings.body);
  const { value } = body;
  if (body.ok && Array.isArray(value)) return await answerBatch(settings, head, value, forms);
  const message = classifyMessage(value);
  const id = "id" in message ? message.id : undefined;
  if (!body.ok) return refusalReply(body.refusal, id);
  if (message.kind === "invalid") return refusalReply({ status: 400, ...message.error }, id);
  const era = classifyEra(headers, message, settings.server.methods);
  if (!era.ok) return refusalReply(era.refusal, id);
  const exchange = toExchange(settings.server, head, era, forms);
  return answerReply(await dispatch(exchange, message), forms.preferred);
}

async function answerBatch<C, P>(
  { server }: Settings<C, P>,
  head: Head<C, P>,
  values: readonly unknown[],
  forms: Forms,
): Promise<Reply> {
  const era = classifyBatchEra(head.request.headers.get("mcp-protocol-version"), values);
  if (!era.ok) return refusalReply(era.refusal);
  const exchange = toExchange(server, head, era, forms);
  return answerReply(await dispatchBatch(exchange, values), forms.preferred);
}

function refused(status: number, message: string): Reply {
  return refusalReply({ status, code: errorCodes.refused, message });
}
