import { encodeFrame } from "../wire/sse.ts";
import type { Frame } from "../wire/sse.ts";

/** A stream of events that is being written. */
export interface FrameStream {
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly write: (frame: Frame) => void;
  /** Waits until the client has taken what was written, or the stream has ended. */
  readonly drained: () => Promise<void>;
  readonly close: () => void;
}

/** A stream of frames that says something at least every `keepAliveMs`, so that proxies keep it. */
export function openStream({
  keepAliveMs,
  onGone,
}: {
  readonly keepAliveMs: number;
  /** The client went away. */
  readonly onGone: () => void;
}): FrameStream {
  let controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wake: () => void = () => undefined;

  function stop(): void {
    clearTimeout(timer);
    controller = undefined;
    wake();
  }
  function write(frame: Frame): void {
    if (!controller) return;
    controller.enqueue(encodeFrame(frame));
    clearTimeout(timer);
    timer = setTimeout(() => write({}), keepAliveMs);
  }
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (given) => {
      controller = given;
    },
    pull: () => wake(),
    cancel: () => {
      stop();
      onGone();
    },
  });
  return {
    body,
    write,
    drained: async () => {
      if (!controller || (controller.desiredSize ?? 0) > 0) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    },
    close: () => {
      controller?.close();
      stop();
    },
  };
}
