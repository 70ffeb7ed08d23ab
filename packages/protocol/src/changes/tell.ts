import { openStream } from "../channel/frames.ts";
import type { Caller } from "../rpc/caller.ts";
import type { Exchange, Outcome } from "../rpc/exchange.ts";
import { errorCodes } from "../wire/errors.ts";
import type { JsonObject } from "../wire/json.ts";
import { notificationMessage } from "../wire/jsonrpc.ts";
import { matches } from "./feed.ts";
import type { Change, ChangeFeed, ChangeFilter } from "./feed.ts";
import type { ListenerStore } from "./listeners.ts";

/** What streams of changes have in common. */
export interface TellOptions<C, P> {
  readonly feed: ChangeFeed<C, P>;
  readonly listeners: ListenerStore<C, P>;
  readonly expiresAt?: ((caller: Caller<C, P>) => number | undefined) | undefined;
  readonly maxMs?: number | undefined;
  readonly keepAliveMs?: number | undefined;
}

/** What a stream of changes says. */
export interface Script {
  readonly first?: string;
  /** A change as this client is told of it, if it is. */
  readonly toMessage: (change: Change) => Promise<string | undefined>;
  /** Asked before each message: a stream that may not be any more ends. Default: it may. */
  readonly holds?: () => Promise<boolean>;
  /** Said when the stream ends by itself. */
  readonly last?: string;
}

/** A stream of changes, or why there is none. */
export async function tell<C, P>(
  { feed, listeners, expiresAt, maxMs = 300_000, keepAliveMs = 15_000 }: TellOptions<C, P>,
  { caller, server }: Exchange<C, P>,
  filter: ChangeFilter,
  { first, toMessage, holds, last }: Script,
): Promise<Extract<Outcome, { kind: "stream" | "refused" }>> {
  const over = new AbortController();
  const listener = await listeners.enter(caller, over);
  if (!listener) return { kind: "refused", refusal: tooMany };
  // From here on, so that a feed that throws leaves no stream open for longer.
  const expiresMs = (expiresAt?.(caller) ?? Infinity) - Date.now();
  const timer = setTimeout(() => over.abort(), Math.min(maxMs, expiresMs));
  let gone = false;
  const leave = () => {
    gone = true;
    over.abort();
  };
  const { body, write, drained, close } = openStream({ keepAliveMs, onGone: leave });
  // Watched before anything is said: what happens in between is told after the acknowledgement.
  const changes = feed.watch(caller, filter, over.signal);
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
      if (over.signal.aborted || (holds && !(await holds()))) break;
      if (!matches(filter, change) || !(await listener.speaks())) continue;
      const data = await toMessage(change);
      if (data !== undefined) write({ data });
      // What a slow client has not read yet waits in the feed, which knows what is said twice.
      await drained();
    }
  };
  relay()
    .catch((error: unknown) => server.report(error, {}))
    .finally(() => over.abort());
  // It may have gone while it was decided what it may know.
  if (caller.signal.aborted) leave();
  return { kind: "stream", body };
}

const tooMany = {
  status: 429,
  code: errorCodes.refused,
  message: "This caller has too many streams open: end one.",
};

/** A change as clients are told of it. */
export function toNotification(change: Change, _meta?: JsonObject): string {
  switch (change.kind) {
    case "resource":
      return notificationMessage("notifications/resources/updated", { uri: change.uri, _meta });
    case "task":
      return notificationMessage("notifications/tasks", { ...change.task, _meta });
    default:
      // Without members no "params" is due, and old clients may expect none.
      return notificationMessage(`notifications/${change.kind}/list_changed`, _meta && { _meta });
  }
}
