import { encodeFrames } from "../wire/sse.ts";

/** Headers of an event stream; proxies must neither cache, transform nor buffer it. */
export const sseHeaders = {
  "Content-Type": "text/event-stream",
  "Cache-Control": "no-cache, no-transform",
  "X-Accel-Buffering": "no",
} as const;

/** A whole event stream, one message an event. */
export function sseBody(messages: readonly string[]): Uint8Array<ArrayBuffer> {
  return encodeFrames(messages.map((data) => ({ data })));
}
