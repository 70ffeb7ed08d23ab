import { checkDelays } from "../channel/delay.ts";
import type { Caller } from "../rpc/caller.ts";
import type { Feature, Method } from "../rpc/exchange.ts";
import type { JsonObject } from "../wire/json.ts";
import type { Revision } from "../wire/versions.ts";
import type { ChangeFeed } from "./feed.ts";
import { listenMethod } from "./listen.ts";
import type { Authorize } from "./listen.ts";
import { memoryListeners } from "./listeners.ts";
import type { ListenerStore } from "./listeners.ts";
import { subscribeMethods, tellSession } from "./session.ts";
import type { SubscriptionStore } from "./subscriptions.ts";

/** Options of {@link serveChanges}. */
export interface ServeChangesOptions<C, P> {
  readonly feed: ChangeFeed<C, P>;
  /**
   * Tells the clients of the session revisions too: on a stream that they GET, of the lists and of the
   * resources that they subscribed to. Without it GET is refused, and nothing of it is declared.
   */
  readonly subscriptions?: SubscriptionStore<C, P> | undefined;
  /** Whether this caller may know of changes to it. Default: of any resource, and of no task. */
  readonly authorize?: Authorize<C, P> | undefined;
  /**
   * Bounds how many streams a caller has open, and knows which are a session's. Default:
   * `memoryListeners()`, which knows those of this process; give it `ownerOf`, to tell callers apart.
   */
  readonly listeners?: ListenerStore<C, P> | undefined;
  /**
   * When what lets the caller in ends, in milliseconds since 1970: so does the stream, which nobody
   * could open then. Default: never.
   */
  readonly expiresAt?: ((caller: Caller<C, P>) => number | undefined) | undefined;
  /**
   * How long a stream lasts; its client comes back, and lists anew. Keep it below the platform's own
   * limit. Default: 5 minutes.
   */
  readonly maxMs?: number | undefined;
  /** How long a stream may be silent before it gets a comment. Default: 15 seconds. */
  readonly keepAliveMs?: number | undefined;
}

/**
 * Tells clients of changes: `subscriptions/listen` (2026-07-28, basic/patterns/subscriptions), and for
 * the session revisions, if wanted, `resources/subscribe` and a stream of the server's own.
 *
 * @throws TypeError when a time is none that can be waited for.
 */
export function serveChanges<C, P>(options: ServeChangesOptions<C, P>): Feature<C, P> {
  const { feed, subscriptions, authorize, maxMs, keepAliveMs } = options;
  checkDelays("serveChanges", { maxMs, keepAliveMs });
  const { listeners = memoryListeners() } = options;
  const settings = { ...options, listeners };
  const methods: [string, Method<C, P>][] = [["subscriptions/listen", listenMethod(settings)]];
  if (subscriptions && feed.kinds.includes("resource")) {
    methods.push(...subscribeMethods(subscriptions, authorize));
  }
  return {
    capabilities: (revision) => capabilitiesOf(options, revision),
    methods,
    ...(subscriptions && {
      listen: async (exchange, lastEventId) =>
        lastEventId === null ? await tellSession(settings, subscriptions, exchange) : undefined,
      sessionEnded: async (caller) => await listeners.end(caller),
    }),
  };
}

function capabilitiesOf<C, P>(
  { feed: { kinds }, subscriptions }: ServeChangesOptions<C, P>,
  { era }: Revision,
): Record<string, JsonObject> {
  if (era === "session" && !subscriptions) return {};
  const lists = ["tools", "prompts", "resources"] as const;
  const declared: Record<string, JsonObject> = {};
  for (const list of lists) if (kinds.includes(list)) declared[list] = { listChanged: true };
  if (kinds.includes("resource")) declared.resources = { ...declared.resources, subscribe: true };
  return declared;
}
