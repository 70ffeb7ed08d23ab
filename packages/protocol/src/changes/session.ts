import { refuse } from "../rpc/answer.ts";
import type { Answer } from "../rpc/answer.ts";
import type { Exchange, Method, Outcome } from "../rpc/exchange.ts";
import { invalidParams } from "../rpc/failures.ts";
import { Refused } from "../rpc/refused.ts";
import { isUri, uriForm } from "../wire/uri.ts";
import type { Authorize } from "./listen.ts";
import type { SubscriptionStore } from "./subscriptions.ts";
import { tell, toNotification } from "./tell.ts";
import type { TellOptions } from "./tell.ts";

/** `resources/subscribe` and `resources/unsubscribe` of the session revisions (server/resources). */
export function subscribeMethods<C, P>(
  subscriptions: SubscriptionStore<C, P>,
  authorize: Authorize<C, P> | undefined,
): [string, Method<C, P>][] {
  const method = (keep: "add" | "remove"): Method<C, P> => ({
    era: "session",
    session: "dispatcher",
    run: async ({ caller }, { params: { uri } }) => {
      if (!isUri(uri)) return invalidParams(`"uri" must be ${uriForm}.`);
      // Nobody has to be allowed to be told no more.
      const allowed =
        keep === "remove" || ((await authorize?.(caller, { kind: "resource", uri })) ?? true);
      if (!allowed) return invalidParams("There is no such resource to subscribe to.");
      await subscriptions[keep](caller, uri);
      return { kind: "result", result: {} };
    },
  });
  return [
    ["resources/subscribe", method("add")],
    ["resources/unsubscribe", method("remove")],
  ];
}

/** Answers the GET of a session with a stream of what it wants to know of. */
export async function tellSession<C, P>(
  options: TellOptions<C, P>,
  subscriptions: SubscriptionStore<C, P>,
  exchange: Exchange<C, P>,
): Promise<Answer> {
  const { caller, server } = exchange;
  const { sessionId } = caller;
  const filter = { kinds: options.feed.kinds, uris: undefined, taskIds: [] };
  const outcome = await tell(options, exchange, filter, {
    // It may have ended where nobody here was told of it.
    holds: async () => sessionId === undefined || (await server.sessions.check(caller, sessionId)),
    toMessage: async (change) => {
      const wanted =
        change.kind === "resource"
          ? await subscriptions.has(caller, change.uri)
          : change.kind !== "task";
      return wanted ? toNotification(change) : undefined;
    },
  }).catch(toRefused);
  return outcome.kind === "stream" ? outcome : refuse(outcome.refusal, undefined);
}

/** What is done for a method's stream where methods are dispatched: this one has none. */
function toRefused(error: unknown): Extract<Outcome, { kind: "refused" }> {
  if (error instanceof Refused) return { kind: "refused", refusal: error.refusal };
  throw error;
}
