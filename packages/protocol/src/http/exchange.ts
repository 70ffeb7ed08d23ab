import type { Exchange, Server, SessionName } from "../rpc/exchange.ts";
import { readSessionName, toCaller } from "./head.ts";
import type { Head } from "./head.ts";
import type { Era } from "./ladder.ts";
import type { Forms } from "./media.ts";

/** One HTTP request as the methods see it. A modern one has no session, whatever its headers say. */
export function toExchange<C, P>(
  server: Server<C, P>,
  head: Head<C, P>,
  { revision, clientCapabilities }: Extract<Era, { ok: true }>,
  { stream }: Forms,
): Exchange<C, P> {
  const { headers } = head.request;
  const session = revision.era === "session" ? readSessionName(headers) : none;
  return {
    server,
    caller: toCaller(head, revision, session),
    revision,
    clientCapabilities,
    headers,
    streams: stream,
    inBatch: false,
    session,
  };
}

const none: SessionName = { kind: "none" };
