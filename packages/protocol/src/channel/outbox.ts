import type { Frame } from "../wire/sse.ts";
import { openStream } from "./frames.ts";
import type { FrameStream } from "./frames.ts";

/** What a request sends before its response. The stream opens with the first of it. */
export interface Outbox {
  /** Whether the client can be sent anything. */
  readonly reaches: boolean;
  /**
   * Sends a message once those before it went out. One that is made then, by a function, may turn out
   * to be none.
   */
  send(message: string | (() => Promise<string | undefined>)): void;
  /** The stream, once it is open. Never settles for a request that sends nothing. */
  readonly opened: Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
  /** Waits for what is on its way; says whether the stream is open then. */
  settled(): Promise<boolean>;
  /** Sends the response, if there is one, and ends. Nothing is sent after it. */
  finish(response: string | undefined): Promise<void>;
  /** Ends the HTTP response, if the client can fetch the rest; the request goes on. */
  release(): void;
}

/** Keeps what is sent, so that a client whose connection broke can fetch it. */
export interface Recorder {
  /** The first frame of a stream: it hands out an id before there is any message. */
  readonly priming: Frame;
  /** Keeps a message and gives it its id. `last`: nothing follows. */
  record(data: string, last: boolean): Promise<Frame>;
}

/** Options of {@link createOutbox}. */
export interface OutboxOptions {
  /** Whether the client reads an event stream. */
  readonly streams: boolean;
  readonly keepAliveMs: number;
  readonly recorder: Recorder | undefined;
  /** The client went away from its stream. */
  readonly onGone: () => void;
  readonly report: (error: unknown) => void;
}

/** Makes the way out of one request. */
export function createOutbox(options: OutboxOptions): Outbox {
  const { streams, recorder, report } = options;
  let stream: FrameStream | undefined;
  let ended = false;
  let tail: Promise<void> = Promise.resolve();
  let open: (body: ReadableStream<Uint8Array<ArrayBuffer>>) => void;
  const opened = new Promise<ReadableStream<Uint8Array<ArrayBuffer>>>((resolve) => {
    open = resolve;
  });

  function start(): FrameStream {
    if (stream) return stream;
    stream = openStream(options);
    if (recorder) stream.write(recorder.priming);
    open(stream.body);
    return stream;
  }

  async function deliver(data: string, last: boolean): Promise<void> {
    const { write } = start();
    try {
      write(recorder ? await recorder.record(data, last) : { data });
    } catch (error) {
      // What cannot be kept can still be sent.
      report(error);
      write({ data });
    }
  }

  function enqueue(task: () => Promise<void>): void {
    tail = tail.then(task).catch(report);
  }

  return {
    reaches: streams,
    opened,
    send(message) {
      if (!streams || ended) return;
      enqueue(async () => {
        const data = typeof message === "string" ? message : await message();
        if (data !== undefined) await deliver(data, false);
      });
    },
    async settled() {
      await tail;
      return stream !== undefined;
    },
    async finish(response) {
      ended = true;
      enqueue(async () => {
        // A record needs its end, also where nothing is left to say.
        if (response !== undefined || recorder) await deliver(response ?? "", true);
      });
      await tail;
      start().close();
    },
    release() {
      if (!recorder || !streams || ended) return;
      enqueue(async () => {
        const wasOpen = stream !== undefined;
        const { close } = start();
        // The record has to exist before the client comes for it.
        if (!wasOpen) await recorder.record("", false);
        close();
      });
    },
  };
}
