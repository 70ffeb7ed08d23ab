import type { Caller } from "../rpc/caller.ts";
import type { SessionName } from "../rpc/exchange.ts";
import { isSessionId } from "../wire/sessionId.ts";
import type { Revision } from "../wire/versions.ts";

/** A request whose caller is known. */
export interface Head<C, P> {
  readonly request: Request;
  readonly context: C;
  readonly principal: P;
}

/** Reads `Mcp-Session-Id`. */
export function readSessionName(headers: Headers): SessionName {
  const id = headers.get("mcp-session-id");
  if (id === null) return { kind: "none" };
  return isSessionId(id) ? { kind: "named", id } : { kind: "malformed" };
}

/** The caller of a request, as stores and catalogs see it. */
export function toCaller<C, P>(
  { request, context, principal }: Head<C, P>,
  revision: Revision,
  session: SessionName,
): Caller<C, P> {
  return {
    context,
    principal,
    protocolVersion: revision.version,
    sessionId: session.kind === "named" ? session.id : undefined,
    signal: request.signal,
  };
}
