import type { BatchAnswer } from "../rpc/batch.ts";
import type { Answer } from "../rpc/answer.ts";
import type { Refusal } from "../wire/errors.ts";
import { errorMessage } from "../wire/jsonrpc.ts";
import type { RequestId } from "../wire/types.ts";
import type { ResponseForm } from "./media.ts";
import { sseBody, sseHeaders } from "./sse.ts";

/** A response without its CORS headers. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?:
    | string
    | Uint8Array<ArrayBuffer>
    | ReadableStream<Uint8Array<ArrayBuffer>>
    | undefined;
}

/** A refusal as a reply: a JSON-RPC error, whatever form was asked for, as no client wants a stream of it. */
export function refusalReply(refusal: Refusal, id?: RequestId): Reply {
  return {
    status: refusal.status,
    headers: { ...refusal.headers, "Content-Type": "application/json" },
    body: errorMessage(id, refusal),
  };
}

/** The answer to one message, or to a batch, as a reply. */
export function answerReply(answer: Answer | BatchAnswer, form: ResponseForm): Reply {
  switch (answer.kind) {
    case "none":
      return { status: 202 };
    case "refused":
      return refusalReply(answer.refusal, answer.id);
    case "stream":
      return { status: 200, headers: sseHeaders, body: answer.body };
    case "message":
      return messagesReply(answer.json, [answer.json], form, answer.sessionId);
    case "messages":
      return messagesReply(`[${answer.jsons.join(",")}]`, answer.jsons, form);
  }
}

/** The response of a reply. What is said later wins, whatever the case of a header's name. */
export function toResponse(reply: Reply, cors: Readonly<Record<string, string>>): Response {
  // An answer belongs to one caller; a shared cache must not keep it, nor a browser guess its type.
  const headers = new Headers({ "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" });
  for (const part of [reply.headers ?? {}, cors]) {
    for (const [name, value] of Object.entries(part)) headers.set(name, value);
  }
  return new Response(reply.body ?? null, { status: reply.status, headers });
}

function messagesReply(
  json: string,
  events: readonly string[],
  form: ResponseForm,
  sessionId?: string,
): Reply {
  const session = sessionId === undefined ? {} : { "Mcp-Session-Id": sessionId };
  if (form === "sse") {
    return { status: 200, headers: { ...session, ...sseHeaders }, body: sseBody(events) };
  }
  const headers = { ...session, "Content-Type": "application/json" };
  return { status: 200, headers, body: json };
}
