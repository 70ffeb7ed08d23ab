import { needsStream, sessionNotFound } from "../rpc/failures.ts";
import { sessionHolds } from "../rpc/session.ts";
import { errorCodes } from "../wire/errors.ts";
import { isModernVersion } from "../wire/versions.ts";
import { allowedMethods } from "./cors.ts";
import { sessionEra } from "./era.ts";
import { toExchange } from "./exchange.ts";
import type { Head } from "./head.ts";
import { chooseForms } from "./media.ts";
import type { Settings } from "./options.ts";
import { answerReply, refusalReply } from "./respond.ts";
import type { Reply } from "./respond.ts";

/** What a server answers that has no stream to give, nor whatever else was asked. */
export const noStream = {
  status: 405,
  code: errorCodes.refused,
  message: "Method not allowed: POST messages.",
  headers: { Allow: allowedMethods },
};

/** Answers GET: a stream from one of the server's features, to a session revision alone. */
export async function answerGet<C, P>(
  { server }: Settings<C, P>,
  head: Head<C, P>,
): Promise<Reply> {
  const { headers } = head.request;
  const version = headers.get("mcp-protocol-version");
  const listeners = server.features.flatMap(({ listen }) => listen ?? []);
  if (listeners.length === 0 || isModernVersion(version)) {
    return refusalReply(noStream);
  }
  const era = sessionEra(version, undefined);
  if (!era.ok) return refusalReply(era.refusal);
  const forms = chooseForms(headers.get("accept"));
  if (!forms?.stream) return refusalReply(needsStream);
  const exchange = toExchange(server, head, era, forms);
  if (!(await sessionHolds(exchange))) return refusalReply(sessionNotFound);
  for (const listen of listeners) {
    const answer = await listen(exchange, headers.get("last-event-id"));
    if (answer) return answerReply(answer, "sse");
  }
  return refusalReply(noStream);
}
