/** Headers of an event stream; proxies must neither cache, transform nor buffer it. */
export const sseHeaders = {
  "Content-Type": "text/event-stream",
  "Cache-Control": "no-cache, no-transform",
  "X-Accel-Buffering": "no",
} as const;

/** A whole event stream, one message an event, as bytes: some platforms' streams refuse text. */
export function sseBody(messages: readonly string[]): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(messages.map(toEvent).join(""));
}

// A line break ends a field (HTML, 9.2.6); JSON that was serialised with indentation has some.
function toEvent(json: string): string {
  return `event: message\ndata: ${json.replaceAll(/\r\n|\r|\n/g, "\ndata: ")}\n\n`;
}
