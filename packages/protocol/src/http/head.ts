import type { Caller } from "../rpc/caller.ts";
import { isSessionId } from "../wire/sessionId.ts";
import type { Revision } from "../wire/versions.ts";

/** A request whose caller is known. */
export interface Head<C, P> {
  readonly request: Request;
  readonly context: C;
  readonly principal: P;
}

/** The session that a request names. An empty header names one, though none that can exist. */
export type SessionName =
  | { readonly kind: "none" }
  | { readonly kind: "named"; readonly id: string }
  | { readonly kind: "malformed" };

/** Reads `Mcp-Session-Id`. */
export function readSessionName({ headers }: Request): SessionName {
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
