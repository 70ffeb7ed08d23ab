import type { SubscriptionStore } from "@convex-mcp/protocol";
import { countingCtx } from "../calls/counting.ts";
import { sessionKey } from "../calls/session.ts";
import type { Config } from "../config.ts";
import type { Principal } from "../identity/principal.ts";
import type { RequestScope } from "../identity/scope.ts";

/** Subscriptions in the component's table: one mutation to make one, and one to take it back. */
export function createSubscriptions(config: Config): SubscriptionStore<RequestScope, Principal> {
  const { subscriptions } = config.component;
  return {
    add: async (caller, uri) => {
      const session = sessionKey(caller);
      if (session === undefined) return;
      await countingCtx(config, caller, "subscribe").runMutation(subscriptions.add, {
        session,
        uri,
      });
    },
    remove: async (caller, uri) => {
      const session = sessionKey(caller);
      if (session === undefined) return;
      await caller.context.ctx.runMutation(subscriptions.remove, { session, uri });
    },
    // The look that found the change looked for the session's subscriptions alone.
    has: async () => true,
  };
}
