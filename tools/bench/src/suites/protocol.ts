import { type Goal, worst } from "../goal.ts";
import { measure, type Operation, type Standings } from "../harness.ts";
import { ratioTable, type Section, type Table } from "../markdown.ts";
import { plainBody, plainHeaders, PlainRequest, withPlainHttp } from "../plainHttp.ts";
import { lowerBound } from "../servers/lowerBound.ts";
import { ours } from "../servers/ours.ts";
import { oursZod } from "../servers/oursZod.ts";
import { sdk1McpServer, sdk1Server } from "../servers/sdk1.ts";
import { sdk2Handler, sdk2McpServer, sdk2Server } from "../servers/sdk2.ts";
import { type Fetch, type ServerKind, toolName } from "../servers/tools.ts";

const KINDS: readonly ServerKind[] = [
  lowerBound,
  ours,
  oursZod,
  sdk1Server,
  sdk1McpServer,
  sdk2Server,
  sdk2McpServer,
  sdk2Handler,
];

type Method = "initialize" | "tools/list" | "tools/call";

/** One row: what is asked for, of servers with so many tools. */
interface Row {
  readonly method: Method;
  readonly tools: number;
  readonly session: boolean;
}

const ROWS: readonly Row[] = [
  { method: "initialize", tools: 10, session: false },
  ...[false, true].flatMap((session) =>
    (["tools/call", "tools/list"] as const).flatMap((method) =>
      [10, 200].map((tools) => ({ method, tools, session })),
    ),
  ),
];

/** What was measured, by row. */
type Results = readonly (readonly [Row, Standings])[];

/** The protocol layer in a warm process, with and without Node's own `Request` and `Response`. */
export async function protocolSuite(): Promise<Section> {
  const layer = await withPlainHttp(() =>
    runRows(
      KINDS.filter(({ needsStreams }) => !needsStreams),
      createPlainRequest,
    ),
  );
  const http = await runRows(KINDS, createRequest);
  return {
    title: "Protocol, warm process",
    about: [
      "One request in a process that has answered many: a server on Node, Bun or Workers. The lower bound parses,",
      "switches over the method, runs the tool, serialises and responds, and checks nothing at all. All servers have",
      "the same tools; `McpServer` and `zodTool` validate the arguments with zod, the others do not. Without a",
      "session the SDKs make a server for each request, and `initialize` is always a fresh server's.",
    ].join("\n"),
    tables: [
      toTable(
        "Protocol layer only: plain objects in place of Request, Response, Headers and TextDecoder; x lower bound",
        layer,
      ),
      toTable(
        "With Node's Request and Response, made and read inside the operation; x lower bound",
        http,
      ),
    ],
    goals: [...layerGoals(layer), ...httpGoals(http), ...listGoals(layer, http)],
  };
}

function layerGoals(results: Results): Goal[] {
  const over = (limit: number, method: Method) =>
    worstOf(5, `protocol layer: ${method}, over the lower bound`, results, {
      rows: (row) => row.method === method,
      ratio: (standings) => standings.ratio(ours.name, lowerBound.name),
      limit,
      bound: "atMost",
    });
  const ahead = (limit: number, other: ServerKind, session: boolean) =>
    aheadOf(5, "protocol layer", results, { limit, others: [other], session });
  return [
    over(2, "tools/call"),
    over(1.5, "initialize"),
    over(1.15, "tools/list"),
    ahead(10, sdk1Server, true),
    ahead(14, sdk2Server, true),
    ahead(60, sdk1Server, false),
    ahead(20, sdk2Server, false),
  ];
}

function httpGoals(results: Results): Goal[] {
  const over = worstOf(6, "with Request and Response: over the lower bound", results, {
    rows: () => true,
    ratio: (standings) => standings.ratio(ours.name, lowerBound.name),
    limit: 1.25,
    bound: "atMost",
  });
  const ahead = (limit: number, others: readonly ServerKind[], session: boolean) =>
    aheadOf(6, "with Request and Response", results, { limit, others, session });
  return [
    over,
    ahead(2, [sdk1Server, sdk1McpServer, sdk2Server, sdk2McpServer], true),
    ahead(7, [sdk1Server], false),
    ahead(3.5, [sdk2Server], false),
  ];
}

function listGoals(layer: Results, http: Results): Goal[] {
  const list = (results: Results, about: string, tools: number, limit: number) =>
    worstOf(7, `tools/list with ${tools} tools from a ready text, ${about}`, results, {
      rows: (row) => row.method === "tools/list" && row.tools === tools,
      ratio: (standings) => standings.ratio(ours.name, lowerBound.name),
      limit,
      bound: "atMost",
    });
  return [
    list(layer, "protocol layer", 10, 0.15),
    list(layer, "protocol layer", 200, 0.03),
    list(http, "with Response", 200, 0.5),
  ];
}

interface Cells {
  readonly rows: (row: Row) => boolean;
  readonly ratio: (standings: Standings) => Goal["measured"];
  readonly limit: number;
  readonly bound: Goal["bound"];
}

function worstOf(number: number, promise: string, results: Results, cells: Cells): Goal {
  const { limit, bound, ratio } = cells;
  return worst(
    results
      .filter(([row]) => cells.rows(row))
      .map(([row, standings]) => {
        return { number, promise, limit, bound, measured: ratio(standings), where: nameRow(row) };
      }),
  );
}

/** How many times cheaper a call is here than with the SDKs. */
function aheadOf(
  number: number,
  about: string,
  results: Results,
  wanted: { limit: number; others: readonly ServerKind[]; session: boolean },
): Goal {
  const { limit, others, session } = wanted;
  const mode = session ? "in a session" : "stateless";
  return worst(
    others.map((other) =>
      worstOf(number, `${about}: tools/call ${mode}, ${other.name} over ours`, results, {
        rows: (row) => row.method === "tools/call" && row.session === session,
        ratio: (standings) => standings.ratio(other.name, ours.name),
        limit,
        bound: "atLeast",
      }),
    ),
  );
}

function toTable(caption: string, results: Results): Table {
  return ratioTable({
    caption,
    of: "request",
    base: lowerBound.name,
    columns: KINDS.slice(1).map(({ name }) => name),
    results: results.map(([row, standings]) => [nameRow(row), standings]),
  });
}

function nameRow({ method, tools, session }: Row): string {
  const mode = session ? "session" : "stateless";
  return method === "initialize" ? `${method}, ${mode}` : `${method}, ${mode}, ${tools} tools`;
}

type CreateRequest = (
  headers: Record<string, string>,
  bodies: readonly string[],
) => (turn: number) => Request;

async function runRows(
  kinds: readonly ServerKind[],
  createRequests: CreateRequest,
): Promise<Results> {
  const results: [Row, Standings][] = [];
  for (const row of ROWS) {
    const operations: Operation[] = [];
    for (const kind of kinds) {
      const fetch = row.session ? kind.sessions?.(row.tools) : kind.stateless(row.tools);
      if (fetch) operations.push(await toOperation(kind, fetch, row, createRequests));
    }
    results.push([row, await measure(operations, { rounds: 16, sliceMs: 30 })]);
  }
  return results;
}

async function toOperation(
  kind: ServerKind,
  fetch: Fetch,
  row: Row,
  createRequests: CreateRequest,
): Promise<Operation> {
  const headers: Record<string, string> = { ...HEADERS };
  if (row.session) headers["mcp-session-id"] = await openSession(kind, fetch, createRequests);
  const next = createRequests(headers, bodiesOf(row));
  await expectAnswer(kind, row, await fetch(next(0)));
  return { name: kind.name, run: async (turn) => (await fetch(next(turn))).text() };
}

const HEADERS = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
  "mcp-protocol-version": "2025-11-25",
};

const URL_OF_SERVER = "http://localhost:3000/mcp";

function createRequest(headers: Record<string, string>, bodies: readonly string[]) {
  return (turn: number) => {
    const body = bodies[turn % bodies.length] ?? "";
    return new Request(URL_OF_SERVER, { method: "POST", headers, body });
  };
}

function createPlainRequest(headers: Record<string, string>, bodies: readonly string[]) {
  const plain = plainHeaders(headers);
  const requests = bodies.map((body) => plainBody(body));
  const empty = plainBody("");
  return (turn: number) => {
    const body = requests[turn % requests.length] ?? empty;
    return new PlainRequest(URL_OF_SERVER, plain, body) as unknown as Request;
  };
}

async function openSession(
  kind: ServerKind,
  fetch: Fetch,
  createRequests: CreateRequest,
): Promise<string> {
  const row: Row = { method: "initialize", tools: 10, session: true };
  const response = await fetch(createRequests(HEADERS, bodiesOf(row))(0));
  const id = response.headers.get("mcp-session-id");
  if (id === null) throw new Error(`${kind.name}: expected a session id, got none.`);
  return id;
}

/** Many of them: a check that sees one object again and again looks faster than it is. */
function bodiesOf({ method, tools }: Row): string[] {
  return Array.from({ length: 64 }, (_, id) => {
    const params = {
      initialize: {
        protocolVersion: "2025-11-25",
        capabilities: {},
        clientInfo: { name: `client-${id % 5}`, version: "1.0.0" },
      },
      "tools/list": {},
      "tools/call": {
        name: toolName(id % tools),
        arguments: { query: `invoices of ${id}`, limit: id, tags: ["open", "late"] },
      },
    }[method];
    return JSON.stringify({ jsonrpc: "2.0", id, method, params });
  });
}

const EXPECTED: Readonly<Record<Method, string>> = {
  initialize: '"protocolVersion":"2025-11-25"',
  "tools/list": '"search_9"',
  "tools/call": '"0 results for invoices of 0"',
};

/** Nobody is measured who does not do the work. */
async function expectAnswer(kind: ServerKind, row: Row, response: Response): Promise<void> {
  const text = await response.text();
  if (response.status === 200 && text.includes(EXPECTED[row.method])) return;
  throw new Error(`${kind.name}, ${nameRow(row)}: got ${response.status} ${text.slice(0, 200)}`);
}
