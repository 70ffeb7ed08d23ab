import { toUtf8 } from "../wire/bytes.ts";
import { messageFields } from "../wire/sse.ts";

/** Headers of an event stream; proxies must neither cache, transform nor buffer it. */
export const sseHeaders = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache, no-transform",
  "x-accel-buffering": "no",
} as const;

/** A whole event stream, one message an event. */
export function sseBody(messages: readonly string[]): Uint8Array<ArrayBuffer> {
  return toUtf8(messages.map((json) => `${messageFields(json)}\n\n`).join(""));
}
