import { type Attempt, attempt, type Expected, type Head, PING, PONG, rpc } from "./attempt.ts";

const mediaType = {
  status: 415,
  code: -32000,
  says: /Content-Type must be application\/json in UTF-8/,
};
const acceptable = {
  status: 406,
  code: -32000,
  says: /Accept must allow application\/json or text\/event-stream/,
};
const version: Expected = {
  status: 400,
  code: -32000,
  id: "good",
  says: /Unsupported protocol version: .*\(supported versions: 2025-11-25, 2025-06-18, 2025-03-26\)/,
};
const session: Expected = {
  status: 404,
  code: -32001,
  id: "good",
  says: /Session not found\. Send initialize without Mcp-Session-Id/,
};

const withHead = (name: string, headers: Head, expected: Expected) =>
  attempt(name, { body: PING, headers }, expected);

const heads: readonly Attempt[] = [
  withHead("no content type", { "Content-Type": null }, mediaType),
  withHead("text/plain", { "Content-Type": "text/plain" }, mediaType),
  withHead(
    "a form's content type",
    { "Content-Type": "application/x-www-form-urlencoded" },
    mediaType,
  ),
  withHead(
    "JSON in Latin-1",
    { "Content-Type": "application/json; charset=iso-8859-1" },
    mediaType,
  ),
  withHead("an empty content type", { "Content-Type": "" }, mediaType),
  withHead("two content types", { "Content-Type": ["application/json", "text/plain"] }, mediaType),
  withHead(
    "JSON in utf-8, quoted and in capitals",
    { "Content-Type": 'Application/JSON; Charset="UTF-8"' },
    PONG,
  ),
  withHead("text/html alone", { Accept: "text/html" }, acceptable),
  withHead("everything, excluded", { Accept: "*/*;q=0" }, acceptable),
  withHead("an Accept that is garbage", { Accept: ";;;,," }, acceptable),
  withHead("no Accept", { Accept: null }, PONG),
  withHead(
    "an event stream alone",
    { Accept: "text/event-stream" },
    {
      status: 200,
      type: "text/event-stream",
      says: /^event: message\ndata: \{"jsonrpc":"2.0","id":"good","result":\{\}\}\n\n$/,
    },
  ),
  withHead("an Accept of 8 KB", { Accept: `${"text/html, ".repeat(700)}*/*` }, PONG),
  withHead(
    "a version without sessions, and a body that does not say so",
    { "MCP-Protocol-Version": "2026-07-28" },
    { status: 400, code: -32602, id: "good", says: /2026-07-28 needs params\._meta/ },
  ),
  withHead("a version before sessions", { "MCP-Protocol-Version": "2024-11-05" }, version),
  withHead("an empty version", { "MCP-Protocol-Version": "" }, version),
  withHead("a version that is not ASCII", { "MCP-Protocol-Version": "2025\u00e9" }, version),
  withHead("a version of 8 KB", { "MCP-Protocol-Version": "2025-11-25".repeat(800) }, version),
  withHead("two versions", { "MCP-Protocol-Version": ["2025-11-25", "2025-06-18"] }, version),
  withHead("a session id that is empty", { "Mcp-Session-Id": "" }, session),
  withHead("a session id of 10 KB", { "Mcp-Session-Id": "s".repeat(10_240) }, session),
  withHead("a session id that is not ASCII", { "Mcp-Session-Id": "s\u00e9ssion" }, session),
  withHead("a session id with a space", { "Mcp-Session-Id": "a b" }, session),
  withHead("two session ids", { "Mcp-Session-Id": ["a", "b"] }, session),
  withHead(
    "a session id that nobody has",
    { "Mcp-Session-Id": "2b5f8c1e-0000-4000-8000-000000000000" },
    session,
  ),
  withHead("a session id that is a path", { "Mcp-Session-Id": "../../etc/passwd" }, session),
  withHead(
    "another origin",
    { Origin: "https://evil.example" },
    {
      status: 403,
      code: -32000,
      says: /Origin https:\/\/evil\.example is not allowed\. Add it to the origins/,
    },
  ),
  withHead(
    "two origins",
    { Origin: ["http://localhost:1", "https://evil.example"] },
    { status: 403, code: -32000, says: /is not allowed/ },
  ),
  withHead(
    "another host",
    { Host: "evil.example" },
    {
      status: 403,
      code: -32000,
      says: /This server is http:\/\/localhost:\d+\/mcp; the request came to evil\.example\. Use http:\/\/localhost:\d+\/mcp\./,
    },
  ),
  withHead(
    "forwarded headers, which change nothing",
    { "X-Forwarded-Host": "evil.example", Forwarded: "host=evil.example" },
    PONG,
  ),
  withHead("a header named __proto__", { ["__proto__"]: "x" }, PONG),
  attempt(
    "a bad version on initialize, where the body decides",
    {
      body: rpc("initialize", {
        protocolVersion: "1999-01-01",
        capabilities: {},
        clientInfo: { name: "a", version: "1" },
      }),
      headers: { "MCP-Protocol-Version": "x", Authorization: null, "Mcp-Session-Id": null },
    },
    { status: 200, id: 7, says: /"protocolVersion":"2025-11-25"/ },
  ),
];

const verbs: readonly Attempt[] = [
  ...["GET", "PUT", "PATCH"].map((method) =>
    attempt(
      method,
      { method },
      {
        status: 405,
        code: -32000,
        says: /POST messages\./,
        headers: { allow: "POST, DELETE, OPTIONS" },
      },
    ),
  ),
  attempt(
    "HEAD",
    { method: "HEAD" },
    { status: 405, says: /^$/, headers: { allow: "POST, DELETE, OPTIONS" } },
  ),
  attempt(
    "TRACE",
    { method: "TRACE" },
    { status: 404, type: "text/plain; charset=utf-8", says: /No matching routes found/ },
  ),
  attempt(
    "a verb that does not exist",
    { method: "BREW" },
    { status: 400, type: null, says: /^$/ },
  ),
  attempt(
    "DELETE without a session",
    { method: "DELETE", headers: { "Mcp-Session-Id": null } },
    { status: 400, code: -32000, says: /name it in Mcp-Session-Id/ },
  ),
  attempt(
    "DELETE of a session id that cannot be",
    { method: "DELETE", headers: { "Mcp-Session-Id": "" } },
    { status: 404, code: -32001, says: /Session not found/ },
  ),
  attempt(
    "DELETE in a bad version",
    { method: "DELETE", headers: { "MCP-Protocol-Version": "x" } },
    { status: 400, code: -32000, says: /Unsupported protocol version: x/ },
  ),
];

const legacy: Head = { "MCP-Protocol-Version": null };
const ping = (id: number) => JSON.parse(rpc("ping", undefined, id)) as unknown;
const batch = (messages: readonly unknown[]) => JSON.stringify(messages);
const refused = (says: RegExp) => ({ status: 400, code: -32600, says });
const pings = Array.from({ length: 21 }, (_, id) => ping(id));

const batches: readonly Attempt[] = [
  attempt(
    "an empty batch",
    { body: "[]", headers: legacy },
    refused(/There is no message in the JSON-RPC batch/),
  ),
  attempt(
    "a batch of 21",
    { body: batch(pings), headers: legacy },
    refused(/There are 21 messages in the JSON-RPC batch, and may be 20/),
  ),
  attempt(
    "a batch of a million numbers",
    { body: batch(Array(1_000_000).fill(1)), headers: legacy },
    refused(/There are 1000000 messages in the JSON-RPC batch, and may be 20/),
  ),
  attempt(
    "a batch with initialize",
    { body: batch([ping(1), JSON.parse(rpc("initialize", {}))]), headers: legacy },
    refused(/There is no initialize in a JSON-RPC batch/),
  ),
  attempt(
    "a batch where there are none",
    { body: batch([ping(1)]) },
    refused(/no JSON-RPC batches in protocol version 2025-11-25/),
  ),
  attempt(
    "an empty array where there are no batches",
    { body: "[]" },
    refused(/no JSON-RPC batches in protocol version 2025-11-25/),
  ),
  attempt(
    "a batch of batches",
    { body: "[[],[[]]]", headers: legacy },
    refused(/must be a JSON object/),
  ),
  attempt(
    "a batch of numbers",
    { body: "[1,2]", headers: legacy },
    refused(/must be a JSON object/),
  ),
  attempt(
    "a batch with one bad member",
    { body: batch([ping(1), 2, { jsonrpc: "2.0", id: 3 }]), headers: legacy },
    {
      status: 200,
      says: /^\[\{"jsonrpc":"2\.0","id":1,"result":\{\}\},\{"jsonrpc":"2\.0","error":\{"code":-32600,[^}]*\}\},\{"jsonrpc":"2\.0","id":3,"error":\{"code":-32600,[^}]*\}\}\]$/,
    },
  ),
  attempt(
    "a batch of nothing but notifications",
    { body: batch([{ jsonrpc: "2.0", method: "notifications/x" }]), headers: legacy },
    { status: 202, type: null, says: /^$/ },
  ),
  attempt(
    "a batch in somebody else's session",
    { body: batch([ping(1)]), headers: { ...legacy, "Mcp-Session-Id": "x" } },
    { status: 404, code: -32001, id: 1, says: /Session not found/ },
  ),
];

/** Requests whose heads, verbs or batches are wrong. */
export const requests: readonly Attempt[] = [...heads, ...verbs, ...batches];
