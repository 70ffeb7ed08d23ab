import { dispatchBatch } from "../rpc/batch.ts";
import { dispatch } from "../rpc/dispatch.ts";
import { errorCodes } from "../wire/errors.ts";
import type { Refusal } from "../wire/errors.ts";
import { exceedsDepth } from "../wire/json.ts";
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
  const body = await readJsonBody(head.request, settings.body.bodyBytes);
  if (!body.ok) return refusalReply(body.refusal);
  return await answerBody(settings, head, body.value, forms);
}

async function answerBody<C, P>(
  settings: Settings<C, P>,
  head: Head<C, P>,
  value: unknown,
  forms: Forms,
): Promise<Reply> {
  const { headers } = head.request;
  const tooDeep = refuseDepth(value, settings.body.depth);
  if (Array.isArray(value)) {
    if (tooDeep) return refusalReply(tooDeep);
    const era = classifyBatchEra(headers.get("mcp-protocol-version"), value);
    if (!era.ok) return refusalReply(era.refusal);
    const exchange = toExchange(settings.server, head, era, forms);
    return answerReply(await dispatchBatch(exchange, value), forms.preferred);
  }
  const message = classifyMessage(value);
  const id = "id" in message ? message.id : undefined;
  if (tooDeep) return refusalReply(tooDeep, id);
  if (message.kind === "invalid") return refusalReply({ status: 400, ...message.error }, id);
  const era = classifyEra(headers, message, settings.server.methods);
  if (!era.ok) return refusalReply(era.refusal, id);
  const exchange = toExchange(settings.server, head, era, forms);
  return answerReply(await dispatch(exchange, message), forms.preferred);
}

// Before anything walks the value; telling a message apart, for its id, looks at the first level alone.
function refuseDepth(value: unknown, limit: number): Refusal | undefined {
  if (!exceedsDepth(value, limit)) return undefined;
  const message = `The body must nest at most ${limit} levels deep.`;
  return { status: 400, code: errorCodes.invalidRequest, message };
}

function refused(status: number, message: string): Reply {
  return refusalReply({ status, code: errorCodes.refused, message });
}
