import { checkDelays } from "../channel/delay.ts";
import { openStream } from "../channel/frames.ts";
import type { Answer } from "../rpc/answer.ts";
import type { Caller } from "../rpc/caller.ts";
import type { Exchange, Method, MethodCall, Outcome } from "../rpc/exchange.ts";
import { invalidParams } from "../rpc/failures.ts";
import type { Feature } from "../rpc/feature.ts";
import { serialise } from "../rpc/serialise.ts";
import { errorCodes } from "../wire/errors.ts";
import type { JsonObject } from "../wire/json.ts";
import { notificationMessage, resultMessage } from "../wire/jsonrpc.ts";
import { metaKeys } from "../wire/meta.ts";
import { isUri, uriForm } from "../wire/uri.ts";
import type { Revision } from "../wire/versions.ts";
import { matches } from "./feed.ts";
import type { Change, ChangeFeed, ChangeFilter } from "./feed.ts";
import { acceptedBy, parseListen, toNotification } from "./listen.ts";
import type { WatchTarget } from "./listen.ts";
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
  readonly authorize?:
    | ((caller: Caller<C, P>, target: WatchTarget) => boolean | Promise<boolean>)
    | undefined;
  /**
   * How long a stream lasts; its client comes back, and lists anew. Keep it below the platform's own
   * limit, and below the life of a token. Default: 5 minutes.
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
  const { feed, subscriptions, maxMs, keepAliveMs } = options;
  checkDelays("serveChanges", { maxMs, keepAliveMs });
  const methods: [string, Method<C, P>][] = [
    [
      "subscriptions/listen",
      {
        era: "modern",
        session: "dispatcher",
        run: (exchange, call) => listen(options, exchange, call),
      },
    ],
  ];
  if (subscriptions && feed.kinds.includes("resource")) {
    methods.push(
      ["resources/subscribe", subscribeMethod((caller, uri) => subscriptions.add(caller, uri))],
      [
        "resources/unsubscribe",
        subscribeMethod((caller, uri) => subscriptions.remove(caller, uri)),
      ],
    );
  }
  return {
    capabilities: (revision) => capabilitiesOf(options, revision),
    methods,
    ...(subscriptions && {
      listen: async (exchange, lastEventId) =>
        lastEventId === null ? tellSession(options, subscriptions, exchange) : undefined,
    }),
  };

  function subscribeMethod(
    keep: (caller: Caller<C, P>, uri: string) => Promise<void>,
  ): Method<C, P> {
    return {
      era: "session",
      session: "dispatcher",
      run: async ({ caller }, { params: { uri } }) => {
        if (!isUri(uri)) return invalidParams(`"uri" must be ${uriForm}.`);
        const allowed = (await options.authorize?.(caller, { kind: "resource", uri })) ?? true;
        if (!allowed) return invalidParams("There is no such resource to subscribe to.");
        await keep(caller, uri);
        return { kind: "result", result: {} };
      },
    };
  }
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

async function listen<C, P>(
  options: ServeChangesOptions<C, P>,
  exchange: Exchange<C, P>,
  { id, params }: MethodCall,
): Promise<Outcome> {
  const wanted = parseListen(params.notifications, exchange);
  if (typeof wanted === "string") return invalidParams(wanted);
  if (!exchange.streams) return { kind: "refused", refusal: needsStream };
  const filter = await acceptedBy(options, exchange.caller, wanted);
  const _meta = { [metaKeys.subscriptionId]: id };
  return {
    kind: "stream",
    body: tell(options, exchange, filter, {
      first: notificationMessage("notifications/subscriptions/acknowledged", {
        notifications: filter.notifications,
        _meta,
      }),
      toMessage: async (change) => toNotification(change, _meta),
      last: resultMessage(id, serialise(exchange, { kind: "result", result: { _meta } })),
    }),
  };
}

const needsStream = {
  status: 406,
  code: errorCodes.refused,
  message: "Accept must allow text/event-stream: subscriptions/listen answers nothing else.",
};

function tellSession<C, P>(
  options: ServeChangesOptions<C, P>,
  subscriptions: SubscriptionStore<C, P>,
  exchange: Exchange<C, P>,
): Answer {
  const filter = { kinds: options.feed.kinds, uris: undefined, taskIds: [] };
  const body = tell(options, exchange, filter, {
    toMessage: async (change) => {
      const wanted =
        change.kind === "resource"
          ? await subscriptions.has(exchange.caller, change.uri)
          : change.kind !== "task";
      return wanted ? toNotification(change) : undefined;
    },
  });
  return { kind: "stream", body };
}

/** What a stream of changes says. */
interface Script {
  readonly first?: string;
  readonly toMessage: (change: Change) => Promise<string | undefined>;
  /** Said when the stream ends by itself. */
  readonly last?: string;
}

function tell<C, P>(
  { feed, maxMs = 300_000, keepAliveMs = 15_000 }: ServeChangesOptions<C, P>,
  { caller, server }: Exchange<C, P>,
  filter: ChangeFilter,
  { first, toMessage, last }: Script,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const over = new AbortController();
  let gone = false;
  const leave = () => {
    gone = true;
    over.abort();
  };
  const { body, write, drained, close } = openStream({ keepAliveMs, onGone: leave });
  // Watched before anything is said: what happens in between is told after the acknowledgement.
  const changes = feed.watch(caller, filter, over.signal);
  const timer = setTimeout(() => over.abort(), maxMs);
  over.signal.addEventListener("abort", () => {
    clearTimeout(timer);
    if (!gone && last !== undefined) write({ data: last });
    close();
  });
  caller.signal.addEventListener("abort", leave, { signal: over.signal });
  const relay = async () => {
    // A comment sends the headers of a stream that has nothing to say yet.
    write(first === undefined ? {} : { data: first });
    for await (const change of changes) {
      if (over.signal.aborted) break;
      if (!matches(filter, change)) continue;
      const data = await toMessage(change);
      if (data !== undefined) write({ data });
      // What a slow client has not read yet waits in the feed, which knows what is said twice.
      await drained();
    }
  };
  relay()
    .catch((error: unknown) => server.report(error, {}))
    .finally(() => over.abort());
  // It may have gone while `authorize` was asked.
  if (caller.signal.aborted) leave();
  return body;
}
