import { toUtf8 } from "./bytes.ts";

/** One event of a stream. Without data it is a comment, which keeps the connection open. */
export interface Frame {
  readonly id?: string | undefined;
  /** One JSON-RPC message; empty to hand out an id alone. */
  readonly data?: string | undefined;
  /** Milliseconds that a client should wait before it comes back. */
  readonly retry?: number | undefined;
}

/** Frames as an event stream has them: bytes, as some platforms' streams refuse text. */
export function encodeFrames(frames: readonly Frame[]): Uint8Array<ArrayBuffer> {
  return toUtf8(frames.map(toText).join(""));
}

function toText({ id, data, retry }: Frame): string {
  const lines: string[] = [];
  if (id !== undefined) lines.push(`id: ${id}`);
  if (retry !== undefined) lines.push(`retry: ${retry}`);
  if (data) lines.push("event: message");
  // A line break ends a field (HTML, 9.2.6); JSON that was serialised with indentation has some.
  if (data !== undefined) lines.push(`data: ${data.replaceAll(/\r\n|\r|\n/g, "\ndata: ")}`);
  if (lines.length === 0) lines.push(":");
  return `${lines.join("\n")}\n\n`;
}
