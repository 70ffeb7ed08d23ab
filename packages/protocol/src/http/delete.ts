import type { Server } from "../rpc/exchange.ts";
import { sessionNotFound } from "../rpc/failures.ts";
import { errorCodes } from "../wire/errors.ts";
import { isModernVersion } from "../wire/versions.ts";
import { sessionEra } from "./era.ts";
import { noStream } from "./get.ts";
import { readSessionName, toCaller } from "./head.ts";
import type { Head } from "./head.ts";
import { refusalReply } from "./respond.ts";
import type { Reply } from "./respond.ts";

// 2026-07-28, basic/transports/streamable-http: a modern server offers POST alone.
const noSessions = { ...noStream, headers: { Allow: "POST, OPTIONS" } };

/** Answers DELETE: the client is done with its session (basic/transports, Session Management). */
export async function endSession<C, P>(
  { sessions, features }: Server<C, P>,
  head: Head<C, P>,
): Promise<Reply> {
  const version = head.request.headers.get("mcp-protocol-version");
  if (isModernVersion(version)) return refusalReply(noSessions);
  const session = readSessionName(head.request.headers);
  if (session.kind === "none") {
    const message = "DELETE ends a session: name it in Mcp-Session-Id.";
    return refusalReply({ status: 400, code: errorCodes.refused, message });
  }
  const era = sessionEra(version, undefined);
  if (!era.ok) return refusalReply(era.refusal);
  if (session.kind === "malformed") return refusalReply(sessionNotFound);
  const caller = toCaller(head, era.revision, session);
  if (!(await sessions.end(caller, session.id))) return refusalReply(sessionNotFound);
  for (const { sessionEnded } of features) await sessionEnded?.(caller);
  return { status: 204 };
}
