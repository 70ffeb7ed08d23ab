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
  /** Headers from elsewhere, in whatever case. */
  readonly foreign?: Readonly<Record<string, string>> | undefined;
  readonly body?:
    | string
    | Uint8Array<ArrayBuffer>
    | ReadableStream<Uint8Array<ArrayBuffer>>
    | null
    | undefined;
}

/** A refusal as a reply: a JSON-RPC error, whatever form was asked for, as no client wants a stream of it. */
export function refusalReply(refusal: Refusal, id?: RequestId): Reply {
  const { status, headers: foreign } = refusal;
  return { status, headers: jsonHeaders, foreign, body: errorMessage(id, refusal) };
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
    case "message": {
      const { json, sessionId } = answer;
      const reply = form === "sse" ? eventsReply([json]) : jsonReply(json);
      if (sessionId === undefined) return reply;
      return { ...reply, headers: { ...reply.headers, "mcp-session-id": sessionId } };
    }
    case "messages":
      return form === "sse" ? eventsReply(answer.jsons) : jsonReply(`[${answer.jsons.join(",")}]`);
  }
}

/** The response of a reply. Its own headers replace foreign ones, whatever the case of their names. */
export function toResponse(
  { status, headers, foreign, body = null }: Reply,
  cors: Readonly<Record<string, string>>,
): Response {
  // A spread of several takes four times as long (V8).
  const ours: Record<string, string> = Object.assign({}, always, headers, cors);
  if (foreign === undefined) return new Response(body, { status, headers: ours });
  const merged = new Headers(foreign);
  for (const [name, value] of Object.entries(ours)) merged.set(name, value);
  return new Response(body, { status, headers: merged });
}

// Names in lower case throughout, as `Headers` keeps them: it would have to make any other so.

// An answer belongs to one caller; a shared cache must not keep it, nor a browser guess its type.
const always = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

const jsonHeaders = { "content-type": "application/json" };

function jsonReply(body: string): Reply {
  return { status: 200, headers: jsonHeaders, body };
}

function eventsReply(messages: readonly string[]): Reply {
  return { status: 200, headers: sseHeaders, body: sseBody(messages) };
}
