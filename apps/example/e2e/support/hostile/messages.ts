import { type Attempt, attempt, rpc } from "./attempt.ts";

const invalid = (says: RegExp, id?: string | number) => ({
  status: 400,
  code: -32600,
  says,
  ...(id === undefined ? {} : { id }),
});
const badId = invalid(/"id" must be a string or an integer of at most 2\^53 - 1, not null/);
const withId = (id: string) => `{"jsonrpc":"2.0","id":${id},"method":"ping"}`;

const envelopes: readonly (readonly [
  name: string,
  body: string,
  expected: ReturnType<typeof invalid>,
])[] = [
  ["null", "null", invalid(/must be a JSON object/)],
  ["true", "true", invalid(/must be a JSON object/)],
  ["a number", "42", invalid(/must be a JSON object/)],
  ["a string", '"ping"', invalid(/must be a JSON object/)],
  ["an empty object", "{}", invalid(/"jsonrpc" must be the string "2\.0"/)],
  ["no jsonrpc", '{"id":7,"method":"ping"}', invalid(/"jsonrpc" must be the string "2\.0"/, 7)],
  ["jsonrpc 1.0", '{"jsonrpc":"1.0","id":"a","method":"ping"}', invalid(/"jsonrpc" must be/, "a")],
  [
    "jsonrpc as a number",
    '{"jsonrpc":2.0,"id":0,"method":"ping"}',
    invalid(/"jsonrpc" must be/, 0),
  ],
  ["no method", '{"jsonrpc":"2.0","id":""}', invalid(/needs a "method"/, "")],
  [
    "a method that is a number",
    '{"jsonrpc":"2.0","id":7,"method":1}',
    invalid(/"method" must be a string/, 7),
  ],
  [
    "a method that is null",
    '{"jsonrpc":"2.0","id":7,"method":null}',
    invalid(/"method" must be a string/, 7),
  ],
  [
    "a method that is an array",
    '{"jsonrpc":"2.0","id":7,"method":["ping"]}',
    invalid(/"method" must be a string/, 7),
  ],
  [
    "a method and a result",
    '{"jsonrpc":"2.0","id":7,"method":"ping","result":{}}',
    invalid(/not both/, 7),
  ],
  [
    "a result and an error",
    '{"jsonrpc":"2.0","id":7,"result":{},"error":{}}',
    invalid(/not both/, 7),
  ],
  ["a response without an id", '{"jsonrpc":"2.0","result":{}}', invalid(/a response needs its id/)],
  ["an id that is null", withId("null"), badId],
  ["an id that is a fraction", withId("1.5"), badId],
  ["an id that is true", withId("true"), badId],
  ["an id that is an object", withId("{}"), badId],
  ["an id that is an array", withId("[1]"), badId],
  ["an id beyond 2^53", withId("9007199254740993"), badId],
  ["an id beyond every number", withId("1e400"), badId],
  [
    "a message in __proto__",
    '{"__proto__":{"jsonrpc":"2.0","id":7,"method":"ping"}}',
    invalid(/"jsonrpc" must be/),
  ],
];

const pong = (id: string | number) => ({ status: 200, id, says: /"result":\{\}/ });

const badParams = (says: RegExp) => ({ status: 200, code: -32602, id: 7, says });
const clientInfo = { name: "hostile", version: "1" };
const initialize = (params: unknown) => rpc("initialize", params);

const params: readonly (readonly [name: string, body: string, says: RegExp])[] = [
  ["params that are an array", rpc("tools/list", []), /"params" must be an object, or absent/],
  ["params that are null", rpc("tools/list", null), /"params" must be an object, or absent/],
  ["params that are a string", rpc("ping", "x"), /"params" must be an object, or absent/],
  ["params that are a number", rpc("tools/call", 1), /"params" must be an object, or absent/],
  [
    "initialize without params",
    initialize(undefined),
    /"protocolVersion" must be a string such as/,
  ],
  [
    "initialize with a version that is a number",
    initialize({ protocolVersion: 2, capabilities: {}, clientInfo }),
    /"protocolVersion" must be a string such as/,
  ],
  [
    "initialize with capabilities that are an array",
    initialize({ protocolVersion: "2025-11-25", capabilities: [], clientInfo }),
    /"capabilities" must be an object/,
  ],
  [
    "initialize without clientInfo",
    initialize({ protocolVersion: "2025-11-25", capabilities: {} }),
    /"clientInfo" must have a "name" and a "version"/,
  ],
  [
    "initialize with a name that is an object",
    initialize({
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: {}, version: "1" },
    }),
    /"clientInfo" must have/,
  ],
  [
    "a cursor that is a number",
    rpc("tools/list", { cursor: 1 }),
    /"cursor" must be a nextCursor of an earlier answer/,
  ],
  ["a cursor that is null", rpc("tools/list", { cursor: null }), /"cursor" must be a nextCursor/],
  ["an empty cursor", rpc("tools/list", { cursor: "" }), /"cursor" must be a nextCursor/],
  [
    "a cursor of somebody else's",
    rpc("tools/list", { cursor: "1.X19wcm90b19f" }),
    /"cursor" must be a nextCursor/,
  ],
  ["tools/call without a name", rpc("tools/call", {}), /"name" must be a string/],
  ["a tool's name that is null", rpc("tools/call", { name: null }), /"name" must be a string/],
  [
    "a tool's name that is an array",
    rpc("tools/call", { name: ["whoami"] }),
    /"name" must be a string/,
  ],
  [
    "arguments that are an array",
    rpc("tools/call", { name: "whoami", arguments: [] }),
    /"arguments" must be an object, or absent/,
  ],
  [
    "arguments that are null",
    rpc("tools/call", { name: "whoami", arguments: null }),
    /"arguments" must be an object, or absent/,
  ],
  [
    "arguments that are a string",
    rpc("tools/call", { name: "whoami", arguments: "{}" }),
    /"arguments" must be an object, or absent/,
  ],
  [
    "_meta that is null",
    rpc("tools/call", { name: "whoami", _meta: null }),
    /"_meta" must be an object, or absent/,
  ],
  [
    "a tool that is not there",
    rpc("tools/call", { name: "invoices_delete" }),
    /Unknown tool: invoices_delete/,
  ],
  ["a tool named __proto__", rpc("tools/call", { name: "__proto__" }), /Unknown tool: __proto__/],
  [
    "a tool named constructor",
    rpc("tools/call", { name: "constructor" }),
    /Unknown tool: constructor/,
  ],
  ["a tool whose name is empty", rpc("tools/call", { name: "" }), /Unknown tool: $/],
  [
    "a tool's name with a lone surrogate",
    rpc("tools/call", { name: "\ud800" }),
    /Unknown tool: \?/,
  ],
  [
    "a tool's name of 100,000 characters",
    rpc("tools/call", { name: "n".repeat(100_000) }),
    /^Unknown tool: n{128}\.\.\.$/,
  ],
];

const methods: readonly (readonly [name: string, method: string, says: RegExp])[] = [
  ["an unknown method", "tools/delete", /Method not found: tools\/delete/],
  ["a method of another revision", "server/discover", /Method not found: server\/discover/],
  ["a method named __proto__", "__proto__", /Method not found: __proto__/],
  ["a method named constructor", "constructor", /Method not found: constructor/],
  ["an empty method", "", /Method not found: $/],
  ["a method with line breaks", "ping\r\nX-Evil: 1", /Method not found: ping\?\?X-Evil: 1/],
];

/** JSON values that are not the messages they should be. */
export const messages: readonly Attempt[] = [
  ...envelopes.map(([name, body, expected]) => attempt(name, { body }, expected)),
  ...params.map(([name, body, says]) => attempt(name, { body }, badParams(says))),
  ...methods.map(([name, method, says]) =>
    attempt(name, { body: rpc(method) }, { status: 200, code: -32601, id: 7, says }),
  ),
  attempt("an id that is 0", { body: withId("0") }, pong(0)),
  attempt("an id that is empty", { body: withId('""') }, pong("")),
  attempt("an id that is a lone surrogate", { body: withId('"\\ud800"') }, pong("\ud800")),
  attempt(
    "an id named twice, of which the last counts",
    { body: '{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}' },
    pong(2),
  ),
  attempt(
    "a notification whose params are an array",
    { body: '{"jsonrpc":"2.0","method":"notifications/initialized","params":[]}' },
    { status: 400, code: -32602, says: /"params" must be an object, or absent/ },
  ),
  attempt(
    "a notification that nobody knows",
    { body: '{"jsonrpc":"2.0","method":"notifications/x"}' },
    { status: 202, type: null, says: /^$/ },
  ),
  attempt(
    "a call as a notification",
    {
      body: '{"jsonrpc":"2.0","method":"tools/call","params":{"name":"invoices_create","arguments":{"customer":"NOBODY","amountCents":1}}}',
    },
    { status: 202, type: null, says: /^$/ },
  ),
  attempt(
    "a response to nothing",
    { body: '{"jsonrpc":"2.0","id":99,"result":{}}' },
    { status: 202, type: null, says: /^$/ },
  ),
];
