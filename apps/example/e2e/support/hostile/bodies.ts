import { type Attempt, attempt, type Difference, PING, PONG, rpc } from "./attempt.ts";

const MEGABYTE = 1024 * 1024;
const notJson = { status: 400, code: -32700, says: /must be one JSON value in UTF-8/ };
const tooLarge = { status: 413, code: -32000, says: /at most 4194304 bytes/ };
const large = JSON.stringify({
  jsonrpc: "2.0",
  id: 7,
  method: "ping",
  params: { x: "x".repeat(10 * MEGABYTE) },
});

const unreadable: readonly (readonly [name: string, body: Difference["body"]])[] = [
  ["a trailing comma", '{"jsonrpc":"2.0","id":7,"method":"ping",}'],
  ["truncated JSON", '{"jsonrpc":"2.0","id":7,"method":"pi'],
  ["an empty body", ""],
  ["white space alone", " \r\n\t "],
  ["no body at all", undefined],
  ["text after the message", `${PING}${PING}`],
  ["a comment", `/* hello */ ${PING}`],
  ["NaN", '{"jsonrpc":"2.0","id":NaN,"method":"ping"}'],
  ["single quotes", "{'jsonrpc':'2.0','id':7,'method':'ping'}"],
  ["a NUL between tokens", `{"jsonrpc":"2.0",\0"id":7,"method":"ping"}`],
  ["a raw NUL in a string", `{"jsonrpc":"2.0","id":"\0","method":"ping"}`],
  [
    "invalid UTF-8",
    Buffer.concat([
      Buffer.from('{"jsonrpc":"2.0","id":"'),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('","method":"ping"}'),
    ]),
  ],
  [
    "a surrogate half in UTF-8",
    Buffer.concat([
      Buffer.from('{"jsonrpc":"2.0","id":"'),
      Buffer.from([0xed, 0xa0, 0x80]),
      Buffer.from('","method":"ping"}'),
    ]),
  ],
  ["UTF-16 with its byte order mark", Buffer.from(`\ufeff${PING}`, "utf16le")],
  ["a form", "jsonrpc=2.0&id=7&method=ping"],
  ["100,000 levels that never close", "[".repeat(100_000)],
];

const deep = (levels: number) =>
  `{"jsonrpc":"2.0","id":7,"method":"ping","params":{"x":${"[".repeat(levels)}${"]".repeat(levels)}}}`;

/** Bodies that are no message at all. */
export const bodies: readonly Attempt[] = [
  ...unreadable.map(([name, body]) => attempt(name, body === undefined ? {} : { body }, notJson)),
  attempt(
    "a UTF-8 byte order mark, which RFC 8259 lets a reader ignore",
    { body: `\ufeff${PING}` },
    PONG,
  ),
  attempt(
    "100,000 levels of arrays",
    { body: deep(100_000) },
    { status: 400, code: -32600, id: 7, says: /at most 64 levels/ },
  ),
  attempt(
    "65 levels",
    { body: deep(63) },
    { status: 400, code: -32600, id: 7, says: /at most 64 levels/ },
  ),
  attempt(
    "64 levels, which are allowed",
    { body: deep(62) },
    { status: 200, id: 7, says: /"result":\{\}/ },
  ),
  attempt("10 MB with a Content-Length", { body: large }, tooLarge),
  attempt("10 MB in chunks", { body: large, chunkBytes: 65_536 }, tooLarge),
  attempt("a body in chunks of one byte, which is allowed", { body: PING, chunkBytes: 1 }, PONG),
  attempt(
    "gzip",
    { body: Buffer.from("1f8b08000000000000ff", "hex"), headers: { "Content-Encoding": "gzip" } },
    notJson,
  ),
  attempt(
    "an id of 10,000 characters, which is echoed",
    { body: rpc("ping", undefined, "i".repeat(10_000)) },
    { status: 200, id: "i".repeat(10_000), says: /"result":\{\}/ },
  ),
];
