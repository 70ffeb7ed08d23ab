import { isLogLevel, type LogLevelStore } from "@convex-mcp/protocol";
import type { Config } from "../config.ts";
import type { Principal } from "../identity/principal.ts";
import type { RequestScope } from "../identity/scope.ts";
import { sessionKey } from "../sessions.ts";

/** Log levels on their sessions: one mutation to set one, one query where a request has a line to send. */
export function createLogLevels({
  component: { sessions },
}: Config): LogLevelStore<RequestScope, Principal> {
  return {
    set: async (caller, logLevel) => {
      const session = sessionKey(caller);
      if (session === undefined) return;
      await caller.context.ctx.runMutation(sessions.setLogLevel, { session, logLevel });
    },
    get: async (caller) => {
      const session = sessionKey(caller);
      if (session === undefined) return undefined;
      const client = await caller.context.ctx.runQuery(sessions.client, { session });
      return isLogLevel(client?.logLevel) ? client.logLevel : undefined;
    },
  };
}
