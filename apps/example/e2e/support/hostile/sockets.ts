import {
  type Attempt,
  bytesOf,
  type Difference,
  type Expected,
  PING,
  PONG,
  type Target,
} from "./attempt.ts";
import type { Step } from "../raw.ts";

/** Node's parser refuses before anybody of ours hears of it: a status, and no body. */
const byParser = (status: number): Expected => ({ status, type: null, says: /^$/ });
const byServer: Expected = {
  status: 400,
  type: "text/plain; charset=utf-8",
  says: /^Expected one Host header with a host name, and a target that starts with "\/"/,
};

function raw(
  name: string,
  steps: (target: Target) => readonly Step[],
  ...expected: readonly Expected[]
): Attempt {
  return { name, steps, expected };
}

function one(name: string, difference: Difference, expected: Expected): Attempt {
  return raw(name, (target) => [bytesOf(target, { body: PING, ...difference })], expected);
}

function parts(target: Target, at: number): readonly [Uint8Array, Uint8Array] {
  const bytes = bytesOf(target, { body: PING });
  return [bytes.subarray(0, bytes.length - at), bytes.subarray(bytes.length - at)];
}

/** Oddities below the level of HTTP messages. */
export const sockets: readonly Attempt[] = [
  one("no Host", { headers: { Host: null } }, byParser(400)),
  raw(
    "two Hosts",
    (target) => [
      bytesOf(target, {
        body: PING,
        headers: { Host: [`localhost:${target.port}`, "evil.example"] },
      }),
    ],
    byServer,
  ),
  one("an empty Host", { headers: { Host: "" } }, byServer),
  one("a Host with a path", { headers: { Host: "localhost/mcp" } }, byServer),
  raw(
    "an absolute-form target, which only proxies get",
    (target) => [bytesOf(target, { body: PING, target: `http://localhost:${target.port}/mcp` })],
    byServer,
  ),
  raw("HTTP/1.0", (target) => [bytesOf(target, { body: PING, version: "HTTP/1.0" })], PONG),
  one("HTTP/1.0 without a Host", { version: "HTTP/1.0", headers: { Host: null } }, byServer),
  one("HTTP/3.0", { version: "HTTP/3.0" }, byParser(400)),
  one("a header of 20 KB", { headers: { "X-Long": "x".repeat(20_480) } }, byParser(431)),
  one(
    "2,000 headers, of which none is lost",
    { headers: Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`X${i}`, ""])) },
    PONG,
  ),
  one("a header with a NUL", { headers: { "X-Nul": "a\0b" } }, byParser(400)),
  one("two lengths", { headers: { "Content-Length": "3" } }, byParser(400)),
  one("a length and chunks", { headers: { "Transfer-Encoding": "chunked" } }, byParser(400)),
  one("a length that is negative", { headers: { "Content-Length": "-1" } }, byParser(400)),
  one(
    "another path",
    { target: "/mcp/../mcp" },
    { status: 404, type: "text/plain; charset=utf-8", says: /No matching routes found/ },
  ),
  one("a query of 8 KB, which is ignored", { target: `/mcp?q=${"q".repeat(8192)}` }, PONG),
  one("Expect: 100-continue", { headers: { Expect: "100-continue" } }, PONG),
  one(
    "an Upgrade, which is ignored",
    { headers: { Connection: "Upgrade", Upgrade: "websocket" } },
    PONG,
  ),
  raw("no HTTP", () => [Buffer.from("\x16\x03\x01 hello\r\n\r\n")], byParser(400)),
  raw(
    "a slow body",
    (target) => {
      const [start, rest] = parts(target, 20);
      return [start, { pauseMs: 150 }, rest];
    },
    PONG,
  ),
  raw(
    "a slow head",
    (target) => {
      const bytes = bytesOf(target, { body: PING });
      return [bytes.subarray(0, 60), { pauseMs: 150 }, bytes.subarray(60)];
    },
    PONG,
  ),
  raw("a client that leaves within the body", (target) => [
    parts(target, 20)[0],
    { pauseMs: 50 },
    "leave",
  ]),
  raw("a client that leaves within a chunk", (target) => [
    bytesOf(target, { body: PING, chunkBytes: 1000 }).subarray(0, -20),
    { pauseMs: 50 },
    "leave",
  ]),
  raw("a client that leaves before the answer", (target) => [
    bytesOf(target, { body: PING }),
    "leave",
  ]),
  raw(
    "a length that is too short",
    (target) => [
      Buffer.concat([bytesOf(target, { headers: { "Content-Length": "10" } }), Buffer.from(PING)]),
    ],
    byParser(400),
  ),
  raw(
    "pipelined requests, answered in order",
    (target) => [
      Buffer.concat([
        bytesOf(target, { body: PING }),
        bytesOf(target, { body: "{" }),
        bytesOf(target, { body: PING }),
      ]),
    ],
    PONG,
    { status: 400, code: -32700, says: /must be one JSON value/ },
    PONG,
  ),
];
