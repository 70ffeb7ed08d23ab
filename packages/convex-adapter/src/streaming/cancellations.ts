import type { CancellationStore } from "@convex-mcp/protocol";
import { requestOf } from "../calls/entry.ts";
import { sessionKey } from "../calls/session.ts";
import type { Config } from "../config.ts";
import type { Principal } from "../identity/principal.ts";
import type { RequestScope } from "../identity/scope.ts";
import { type Pace, poll } from "./poll.ts";

/** Late enough for a query or a mutation to be done before the first look, which then costs nothing. */
const PATIENT: Pace = { firstMs: 2_000, mostMs: 5_000 };

/** Ids that clients count or draw are far shorter; what is longer cannot be cancelled. */
const MAX_ID = 256;

/**
 * Wishes in the component's table: one mutation to cancel, and for a request of a session a query after 2 and 5
 * seconds, then each 5 seconds that it runs.
 */
export function createCancellations(config: Config): CancellationStore<RequestScope, Principal> {
  const { cancellations } = config.component;
  return {
    cancel: async (caller, id) => {
      const session = sessionKey(caller);
      const requestId = JSON.stringify(id);
      if (session === undefined || requestId.length > MAX_ID) return;
      await caller.context.ctx.runMutation(cancellations.wish, {
        session,
        requestId,
        ...requestOf(config, caller, { kind: "cancellation", requestId }),
      });
    },
    cancelled: async (caller, id, done) => {
      const session = sessionKey(caller);
      const requestId = JSON.stringify(id);
      if (session === undefined || requestId.length > MAX_ID) return false;
      const { ctx } = caller.context;
      const wished = await poll(PATIENT, done, async () =>
        (await ctx.runQuery(cancellations.wished, { session, requestId })) ? true : undefined,
      );
      return wished === true;
    },
  };
}
