import { isLogLevel, type LogLevelStore } from "@convex-mcp/protocol";
import { countingCtx } from "../calls/counting.ts";
import { sessionKey } from "../calls/session.ts";
import type { Config } from "../config.ts";
import type { Principal } from "../identity/principal.ts";
import type { RequestScope } from "../identity/scope.ts";

/** Log levels on their sessions: one mutation to set one, one query where a request has a line to send. */
export function createLogLevels(config: Config): LogLevelStore<RequestScope, Principal> {
  const { sessions } = config.component;
  return {
    set: async (caller, logLevel) => {
      const session = sessionKey(caller);
      if (session === undefined) return;
      const ctx = countingCtx(config, caller, "setLogLevel");
      await ctx.runMutation(sessions.setLogLevel, { session, logLevel });
    },
    get: async (caller) => {
      const session = sessionKey(caller);
      if (session === undefined) return undefined;
      const client = await caller.context.ctx.runQuery(sessions.client, { session });
      return isLogLevel(client?.logLevel) ? client.logLevel : undefined;
    },
  };
}
