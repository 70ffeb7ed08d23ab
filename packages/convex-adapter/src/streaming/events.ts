import { errorCodes, type EventStore } from "@convex-mcp/protocol";
import type { Config } from "../config.ts";
import type { Principal } from "../identity/principal.ts";
import type { RequestScope } from "../identity/scope.ts";
import { sessionKey } from "../sessions.ts";

/** A document may have 1 MiB, and a character up to 3 bytes. */
const PART = 256 * 1024;
/** A transaction may read 16 MiB. */
const MAX_EVENT = 2 * 1024 * 1024;

/** Streams in the component's table: one mutation for each message, and a query for each look of a client that came back. */
export function createEvents(
  { component: { streams } }: Config,
  ttlMs: number,
): EventStore<RequestScope, Principal> {
  return {
    append: async (caller, streamId, { sequence, data, last }) => {
      const session = sessionKey(caller);
      if (session === undefined) return;
      const parts = toParts(data.length > MAX_EVENT ? tooLong(data) : data);
      const event = { session, streamId, sequence, parts, last, ttlMs };
      await caller.context.ctx.runMutation(streams.append, event);
    },
    replay: async (caller, streamId, after) => {
      const session = sessionKey(caller);
      if (session === undefined) return undefined;
      const replayed = await caller.context.ctx.runQuery(streams.replay, {
        session,
        streamId,
        after,
      });
      return replayed ?? undefined;
    },
  };
}

/** At least one, since a stream without messages has to exist. */
function toParts(data: string): string[] {
  const parts: string[] = [];
  for (let start = 0; start < data.length || start === 0;) {
    const end = start + PART;
    // Half a pair is no Unicode, which storage refuses.
    const splitsPair = /[\uD800-\uDBFF]/.test(data.charAt(end - 1));
    const cut = splitsPair ? end - 1 : end;
    parts.push(data.slice(start, cut));
    start = cut;
  }
  return parts;
}

/** What a client that comes back gets in place of a message that is not kept. */
function tooLong(message: string): string {
  const { id } = JSON.parse(message) as { id?: unknown };
  if (id === undefined) return "";
  const text = `The message had ${message.length} characters. Those of more than ${MAX_EVENT} are not kept for a client that comes back.`;
  return JSON.stringify({ jsonrpc: "2.0", id, error: { code: errorCodes.refused, message: text } });
}
