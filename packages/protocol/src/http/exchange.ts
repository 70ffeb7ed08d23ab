import type { Exchange, Server } from "../rpc/exchange.ts";
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
  const session = revision.era === "session" ? readSessionName(head.request) : noSession;
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
    clientCapabilities,
    header: (name) => headers.get(name),
    streams: stream,
    inBatch: false,
    sessionIsMalformed: session.kind === "malformed",
    sessionHolds: () => (holds ??= ask()),
  };
}

const noSession = { kind: "none" } as const;
