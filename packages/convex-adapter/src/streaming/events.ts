import { errorCodes, type EventStore } from "@convex-mcp/protocol";
import { countRefusal } from "../calls/record.ts";
import { sessionKey } from "../calls/session.ts";
import type { Config } from "../config.ts";
import type { Principal } from "../identity/principal.ts";
import type { RequestScope } from "../identity/scope.ts";
import { toParts } from "../values/parts.ts";

/** A transaction may read 16 MiB. */
const MAX_EVENT = 2 * 1024 * 1024;

/** Streams in the component's table: one mutation for each message, and a query for each look of a client that came back. */
export function createEvents(config: Config, ttlMs: number): EventStore<RequestScope, Principal> {
  const { streams } = config.component;
  return {
    append: async (caller, streamId, { sequence, data, last }) => {
      const session = sessionKey(caller);
      if (session === undefined) return;
      const kept = toParts(data.length > MAX_EVENT ? tooLong(data) : data);
      // At least one, since a stream without messages has to exist.
      const parts = kept.length === 0 ? [""] : kept;
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
      if (replayed !== null) return replayed;
      const named = { id: streamId, owner: session.owner };
      await countRefusal(config, caller.context.ctx, "unknownStream", { named });
      return undefined;
    },
  };
}

/** What a client that comes back gets in place of a message that is not kept. */
function tooLong(message: string): string {
  const { id } = JSON.parse(message) as { id?: unknown };
  if (id === undefined) return "";
  const text = `The message had ${message.length} characters. Those of more than ${MAX_EVENT} are not kept for a client that comes back.`;
  return JSON.stringify({ jsonrpc: "2.0", id, error: { code: errorCodes.refused, message: text } });
}
