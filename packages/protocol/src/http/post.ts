import { dispatchBatch } from "../rpc/batch.ts";
import { dispatch } from "../rpc/dispatch.ts";
import type { Exchange, MethodTable } from "../rpc/exchange.ts";
import { errorCodes } from "../wire/errors.ts";
import type { Refusal } from "../wire/errors.ts";
import { exceedsDepth } from "../wire/json.ts";
import { classifyMessage } from "../wire/jsonrpc.ts";
import type { Revision } from "../wire/versions.ts";
import { readJsonBody } from "./body.ts";
import { classifyEra } from "./era.ts";
import { readSessionName, toCaller } from "./head.ts";
import type { Head } from "./head.ts";
import { chooseForm, isJsonContentType } from "./media.ts";
import type { ResponseForm } from "./media.ts";
import type { Settings } from "./options.ts";
import { answerReply, refusalReply } from "./respond.ts";
import type { Reply } from "./respond.ts";

/** Answers POST: a message, or in 2025-03-26 a batch of them. */
export async function answerPost<C, P>(
  settings: Settings<C, P>,
  methods: MethodTable<C, P>,
  head: Head<C, P>,
): Promise<Reply> {
  const { headers } = head.request;
  if (!isJsonContentType(headers.get("content-type"))) {
    return refused(415, "Content-Type must be application/json in UTF-8.");
  }
  const form = chooseForm(headers.get("accept"));
  if (form === undefined) {
    return refused(406, "Accept must allow application/json or text/event-stream.");
  }
  const body = await readJsonBody(head.request, settings.body.bodyBytes);
  if (!body.ok) return refusalReply(body.refusal);
  return await answerBody(settings, methods, head, { value: body.value, form });
}

async function answerBody<C, P>(
  settings: Settings<C, P>,
  methods: MethodTable<C, P>,
  head: Head<C, P>,
  { value, form }: { readonly value: unknown; readonly form: ResponseForm },
): Promise<Reply> {
  const version = head.request.headers.get("mcp-protocol-version");
  const tooDeep = refuseDepth(value, settings.body.depth);
  if (Array.isArray(value)) {
    if (tooDeep) return refusalReply(tooDeep);
    const era = classifyEra(version, undefined);
    if (!era.ok) return refusalReply(era.refusal);
    const exchange = toExchange(settings, head, era.revision);
    return answerReply(await dispatchBatch(exchange, methods, value), form);
  }
  const message = classifyMessage(value);
  const id = "id" in message ? message.id : undefined;
  if (tooDeep) return refusalReply(tooDeep, id);
  if (message.kind === "invalid") return refusalReply({ status: 400, ...message.error }, id);
  const era = classifyEra(version, message);
  if (!era.ok) return refusalReply(era.refusal, id);
  const exchange = toExchange(settings, head, era.revision);
  return answerReply(await dispatch(exchange, methods, message), form);
}

function toExchange<C, P>(
  { server }: Settings<C, P>,
  head: Head<C, P>,
  revision: Revision,
): Exchange<C, P> {
  const session = readSessionName(head.request);
  const caller = toCaller(head, revision, session);
  let holds: Promise<boolean> | undefined;
  const ask = async (): Promise<boolean> => {
    if (session.kind === "named") return await server.sessions.check(caller, session.id);
    return session.kind === "none";
  };
  return {
    server,
    caller,
    revision,
    sessionIsMalformed: session.kind === "malformed",
    sessionHolds: () => (holds ??= ask()),
  };
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
