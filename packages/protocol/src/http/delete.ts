import { sessionNotFound } from "../rpc/failures.ts";
import type { SessionStore } from "../sessions/store.ts";
import { errorCodes } from "../wire/errors.ts";
import { classifyEra } from "./era.ts";
import { readSessionName, toCaller } from "./head.ts";
import type { Head } from "./head.ts";
import { refusalReply } from "./respond.ts";
import type { Reply } from "./respond.ts";

/** Answers DELETE: the client is done with its session (basic/transports, Session Management). */
export async function endSession<C, P>(
  sessions: SessionStore<C, P>,
  head: Head<C, P>,
): Promise<Reply> {
  const session = readSessionName(head.request);
  if (session.kind === "none") {
    const message = "DELETE ends a session: name it in Mcp-Session-Id.";
    return refusalReply({ status: 400, code: errorCodes.refused, message });
  }
  const era = classifyEra(head.request.headers.get("mcp-protocol-version"), undefined);
  if (!era.ok) return refusalReply(era.refusal);
  if (session.kind === "malformed") return refusalReply(sessionNotFound);
  const ended = await sessions.end(toCaller(head, era.revision, session), session.id);
  return ended ? { status: 204 } : refusalReply(sessionNotFound);
}
