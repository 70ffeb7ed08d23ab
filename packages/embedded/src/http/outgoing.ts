import { once } from "node:events";
import type { ServerResponse } from "node:http";

/** convex-backend `udf/src/http_action.rs`: the sum of a response's chunks, streams included. */
const MAX_RESPONSE_BYTES = 20 * 1024 * 1024;

/** Answers without an app. */
export function sendText(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  response.end(text);
}

/** The platform's answer to an HTTP action that threw: no message, but a ConvexError's data. */
export function sendServerError(response: ServerResponse, requestId: string, data: unknown): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(500, { "content-type": "application/json" });
  const code = `[Request ID: ${requestId}] Server Error`;
  response.end(JSON.stringify(data === undefined ? { code } : { code, data }));
}

function headersOf(source: Response): [string, string[]][] {
  const grouped = new Map<string, string[]>();
  for (const [name, value] of source.headers) {
    grouped.set(name, [...(grouped.get(name) ?? []), value]);
  }
  return [...grouped];
}

async function write(response: ServerResponse, chunk: Uint8Array): Promise<void> {
  if (response.destroyed || response.write(chunk) || response.destroyed) return;
  await Promise.race([once(response, "drain"), once(response, "close")]);
}

/**
 * Sends a response as it is produced.
 *
 * Like the platform it reads a stream to its end even when the client has left: `cancel()` is never
 * called, and `request.signal` is how a handler learns of it.
 */
export async function sendResponse(
  response: ServerResponse,
  source: Response,
  options: { readonly withBody: boolean; readonly log: (line: string) => void },
): Promise<void> {
  response.statusCode = source.status;
  for (const [name, values] of headersOf(source)) response.setHeader(name, values);
  if (source.body === null || !options.withBody) return void response.end();
  // Sends the head at once. `flushHeaders` would write it as UTF-8, where headers are latin-1.
  response.write(new Uint8Array(0));
  const reader = (source.body as ReadableStream<unknown>).getReader();
  let sent = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (!(value instanceof Uint8Array)) {
      throw new TypeError("Expected the chunks of a response body to be Uint8Array");
    }
    sent += value.byteLength;
    if (sent <= MAX_RESPONSE_BYTES) await write(response, value);
    else options.log("HTTP response is over 20 MiB; what follows is dropped");
  }
  response.end();
}
