import type { Answer } from "../rpc/answer.ts";
import { refuse } from "../rpc/answer.ts";
import type { Caller } from "../rpc/caller.ts";
import type { Exchange } from "../rpc/exchange.ts";
import { errorCodes } from "../wire/errors.ts";
import type { Refusal } from "../wire/errors.ts";
import { checkDelays } from "./delay.ts";
import { openStream } from "./frames.ts";
import type { Recorder } from "./outbox.ts";

/** One message of a stream. */
export interface StoredEvent {
  /** From 0, each one above the one before. */
  readonly sequence: number;
  /** One JSON-RPC message; empty where the stream only had to exist. */
  readonly data: string;
}

/** Where the streams of sessions are kept until they are no use any more. */
export interface EventStore<C, P> {
  /**
   * Keeps an event of a stream of the caller's session; the first makes the stream. `last`: it is the
   * end. The caller was checked.
   */
  append(
    caller: Caller<C, P>,
    streamId: string,
    event: StoredEvent & { readonly last: boolean },
  ): Promise<void>;
  /**
   * The events after one of a stream, in order, and whether the stream has ended with them. May give
   * some of them now and the rest when asked again. `undefined`: unknown, expired, or of another
   * session.
   */
  replay(
    caller: Caller<C, P>,
    streamId: string,
    after: number,
  ): Promise<{ readonly events: readonly StoredEvent[]; readonly ended: boolean } | undefined>;
}

/** Options of {@link resumption}. */
export interface ResumptionOptions<C, P> {
  readonly events: EventStore<C, P>;
  /** How long a client should wait before it comes back. Default: 1 second. */
  readonly retryMs?: number;
  /** How often a stream that goes on is looked at for its client. Default: 250 ms. */
  readonly pollMs?: number;
  /** How long a client may wait on one GET; it comes back then. Default: 1 minute. */
  readonly maxMs?: number;
}

/** Made by {@link resumption}. */
export interface Resumption<C, P> {
  readonly recorder: (exchange: Exchange<C, P>) => Recorder | undefined;
  readonly listen: (
    exchange: Exchange<C, P>,
    lastEventId: string | null,
  ) => Promise<Answer | undefined>;
}

/**
 * Streams that survive a broken connection (2025-11-25, basic/transports): each message is kept before
 * it is sent, under an id that names its stream, and a GET with `Last-Event-ID` brings the rest. Only
 * streams of a session are kept: nothing else says whose they are.
 *
 * @throws TypeError when a time is none that can be waited for.
 */
export function resumption<C, P>(options: ResumptionOptions<C, P>): Resumption<C, P> {
  const { events, retryMs = 1000, pollMs, maxMs } = options;
  checkDelays("resumption", { retryMs, pollMs, maxMs });
  return {
    recorder: ({ caller, revision }) => {
      if (revision.version !== "2025-11-25" || caller.sessionId === undefined) return undefined;
      const streamId = crypto.randomUUID();
      let sequence = 0;
      return {
        priming: { id: toEventId(streamId, 0), data: "", retry: retryMs },
        record: async (data, last) => {
          sequence += 1;
          await events.append(caller, streamId, { sequence, data, last });
          return { id: toEventId(streamId, sequence), data };
        },
      };
    },
    listen: async (exchange, lastEventId) => {
      if (lastEventId === null) return undefined;
      const [, streamId = "", after = ""] = /^([\da-f-]{36})\.(\d{1,9})$/.exec(lastEventId) ?? [];
      const first = await events.replay(exchange.caller, streamId, Number(after));
      if (!first) return refuse(unknownEvent, undefined);
      return {
        kind: "stream",
        body: follow(options, exchange, streamId, { first, after: Number(after) }),
      };
    },
  };
}

function follow<C, P>(
  { events, retryMs = 1000, pollMs = 250, maxMs = 60_000 }: ResumptionOptions<C, P>,
  { caller, server }: Exchange<C, P>,
  streamId: string,
  start: { readonly first: Replayed; readonly after: number },
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const gone = new AbortController();
  const { body, write, close } = openStream({ keepAliveMs: 15_000, onGone: () => gone.abort() });
  const relay = async () => {
    let { after } = start;
    let replayed: Replayed | undefined = start.first;
    // A client that hears of no id here would not know what to come back for after `maxMs`.
    if (!replayed.ended) write({ id: toEventId(streamId, after), data: "", retry: retryMs });
    for (
      let waited = 0;
      replayed && !gone.signal.aborted && !caller.signal.aborted;
      waited += pollMs
    ) {
      for (const { sequence, data } of replayed.events) {
        if (data !== "") write({ id: toEventId(streamId, sequence), data });
        after = sequence;
      }
      if (replayed.ended || waited >= maxMs) break;
      await new Promise((resolve) => {
        setTimeout(resolve, pollMs);
      });
      replayed = await events.replay(caller, streamId, after);
    }
  };
  relay()
    .catch((error: unknown) => server.report(error, {}))
    .finally(close);
  return body;
}

type Replayed = NonNullable<Awaited<ReturnType<EventStore<unknown, unknown>["replay"]>>>;

function toEventId(streamId: string, sequence: number): string {
  return `${streamId}.${sequence}`;
}

const unknownEvent: Refusal = {
  status: 400,
  code: errorCodes.refused,
  message: "Last-Event-ID is of no stream that is kept for this session.",
};
