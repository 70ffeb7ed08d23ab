import { toUtf8 } from "./bytes.ts";

/** One event of a stream. Without data it is a comment, which keeps the connection open. */
export interface Frame {
  readonly id?: string | undefined;
  /** One JSON-RPC message; empty to hand out an id alone. */
  readonly data?: string | undefined;
  /** Milliseconds that a client should wait before it comes back. */
  readonly retry?: number | undefined;
}

/** A frame as an event stream has it: bytes, as some platforms' streams refuse text. */
export function encodeFrame({ id, data, retry }: Frame): Uint8Array<ArrayBuffer> {
  const lines: string[] = [];
  if (id !== undefined) lines.push(`id: ${id}`);
  if (retry !== undefined) lines.push(`retry: ${retry}`);
  if (data !== undefined) lines.push(data === "" ? "data: " : messageFields(data));
  if (lines.length === 0) lines.push(":");
  return toUtf8(`${lines.join("\n")}\n\n`);
}

/** One message as the fields of an event, in bundles without the rest of them. */
export function messageFields(json: string): string {
  // A line break ends a field (HTML, 9.2.6); JSON that was serialised with indentation has some.
  return `event: message\ndata: ${json.replaceAll(/\r\n|\r|\n/g, "\ndata: ")}`;
}
