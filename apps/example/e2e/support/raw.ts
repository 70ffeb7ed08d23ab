import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { assertServerMessage } from "@convex-mcp/spec";

/** What a client does with its socket: bytes to write, a pause, or leaving in the middle. */
export type Step = Uint8Array | { readonly pauseMs: number } | "leave";

/** One HTTP response, as it came. */
export interface RawReply {
  readonly status: number;
  /** Lines in their order; names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** A request that is written by hand, so that nothing mends what is wrong with it. */
export interface RawRequest {
  readonly method?: string;
  readonly target?: string;
  readonly version?: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Uint8Array;
  /** Sent in chunks of this size, without a Content-Length. */
  readonly chunkBytes?: number;
}

const PATIENCE_MS = 20_000;

/** The bytes of a request. Text of the head is Latin-1, as HTTP has it. */
export function encode(request: RawRequest): Uint8Array {
  const { method = "POST", target = "/mcp", version = "HTTP/1.1", headers, chunkBytes } = request;
  const { body } = request;
  const bytes =
    body === undefined
      ? undefined
      : typeof body === "string"
        ? Buffer.from(body)
        : Buffer.from(body);
  const framing =
    bytes === undefined
      ? []
      : chunkBytes === undefined
        ? [["Content-Length", String(bytes.length)]]
        : [["Transfer-Encoding", "chunked"]];
  const lines = [...headers, ...framing].map(([name, value]) => `${name}: ${value}\r\n`);
  const head = Buffer.from(`${method} ${target} ${version}\r\n${lines.join("")}\r\n`, "latin1");
  if (bytes === undefined) return head;
  return Buffer.concat([head, chunkBytes === undefined ? bytes : chunked(bytes, chunkBytes)]);
}

function chunked(bytes: Buffer, size: number): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const part = bytes.subarray(at, at + size);
    parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from("\r\n"));
  }
  return Buffer.concat([...parts, Buffer.from("0\r\n\r\n")]);
}

/**
 * Takes some steps on a new connection and reads until `replies` responses are complete, or the server has
 * closed it. Rejects when neither happens in 20 seconds.
 */
export async function exchange(
  port: number,
  steps: readonly Step[],
  { replies = 1, head = false }: { readonly replies?: number; readonly head?: boolean } = {},
): Promise<readonly RawReply[]> {
  const socket = connect(port, "127.0.0.1");
  const received = receive(socket, replies, head);
  try {
    for (const step of steps) {
      if (step === "leave") socket.destroy();
      else if (step instanceof Uint8Array) socket.write(step);
      else await sleep(step.pauseMs);
    }
    const replied = await received;
    for (const reply of replied) assertMessage(reply);
    return replied;
  } finally {
    socket.destroy();
  }
}

/** What looks like a message is one, in the revision of whatever was asked by hand. */
function assertMessage({ body }: RawReply): void {
  if (body.startsWith('{"jsonrpc"') || body.startsWith('[{"jsonrpc"')) {
    assertServerMessage(JSON.parse(body));
  }
}

function receive(socket: Socket, replies: number, head: boolean): Promise<readonly RawReply[]> {
  return new Promise((resolve, reject) => {
    let bytes: Buffer = Buffer.alloc(0);
    const timer = setTimeout(() => {
      reject(new Error(`no answer in ${PATIENCE_MS} ms, only ${JSON.stringify(String(bytes))}`));
    }, PATIENCE_MS);
    const finish = () => {
      clearTimeout(timer);
      resolve(parse(bytes, { head, closed: true }));
    };
    socket.on("data", (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (parse(bytes, { head, closed: false }).length >= replies) finish();
    });
    // A server that refuses a body may close before it was written; what it answered counts.
    socket.on("error", finish);
    socket.on("close", finish);
  });
}

interface Reading {
  /** Whether the responses are to HEAD, and have no bodies. */
  readonly head: boolean;
  /** Whether nothing comes after these bytes. */
  readonly closed: boolean;
}

/** The complete responses in some bytes. */
function parse(bytes: Buffer, reading: Reading): RawReply[] {
  const parsed: RawReply[] = [];
  let rest = bytes;
  for (;;) {
    const next = parseOne(rest, reading);
    if (next === undefined) return parsed;
    // 100 (Continue) is no answer yet.
    if (next.reply.status >= 200) parsed.push(next.reply);
    rest = next.rest;
  }
}

function parseOne(bytes: Buffer, reading: Reading): { reply: RawReply; rest: Buffer } | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [statusLine = "", ...lines] = bytes.subarray(0, end).toString("latin1").split("\r\n");
  const status = Number(statusLine.split(" ")[1]);
  const headers = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  const rest = bytes.subarray(end + 4);
  const body =
    reading.head || status < 200 || status === 204
      ? { text: "", used: 0 }
      : readBody(rest, new Map(headers), reading.closed);
  if (body === undefined) return undefined;
  return { reply: { status, headers, body: body.text }, rest: rest.subarray(body.used) };
}

function readBody(bytes: Buffer, headers: ReadonlyMap<string, string>, closed: boolean) {
  const length = headers.get("content-length");
  if (length !== undefined) {
    const used = Number(length);
    return bytes.length < used ? undefined : { text: bytes.toString("utf8", 0, used), used };
  }
  if (headers.get("transfer-encoding") === "chunked") return readChunks(bytes);
  return closed ? { text: bytes.toString(), used: bytes.length } : undefined;
}

function readChunks(bytes: Buffer): { text: string; used: number } | undefined {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    const start = lineEnd + 2;
    if (bytes.length < start + size + 2) return undefined;
    parts.push(bytes.subarray(start, start + size));
    at = start + size + 2;
    if (size === 0) return { text: Buffer.concat(parts).toString(), used: at };
  }
}
