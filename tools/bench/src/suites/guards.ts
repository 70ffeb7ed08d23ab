import { JSONRPCMessageSchema } from "@modelcontextprotocol/sdk/types.js";
import { type Goal, worst } from "../goal.ts";
import { measure, type Standings } from "../harness.ts";
import { ratioTable, type Section } from "../markdown.ts";

const PARSE = "JSON.parse";
const SHAPE = "shape check";
const BOTH = "shape and depth checks";
const ZOD = "v1 JSONRPCMessageSchema";

/** The parts of the protocol core that look at a parsed body before anything else does; they are not exported. */
interface Checks {
  readonly classifyMessage: (value: unknown) => { readonly kind: string };
  readonly exceedsDepth: (text: string, value: unknown, limit: number) => boolean;
}

/** What is sent, by what it is called, and what the shape check has to make of it. */
const MESSAGES: readonly {
  readonly name: string;
  readonly kind: string;
  readonly create: (id: number) => string;
}[] = [
  {
    name: "tools/call",
    kind: "request",
    create: (id) =>
      JSON.stringify({
        jsonrpc: "2.0",
        id,
        method: "tools/call",
        params: {
          name: `search_${id}`,
          arguments: { query: `invoices of ${id}`, limit: id, tags: ["open", "late"] },
        },
      }),
  },
  {
    name: "tools/call with 100 rows of arguments",
    kind: "request",
    create: (id) =>
      JSON.stringify({
        jsonrpc: "2.0",
        id,
        method: "tools/call",
        params: { name: "import", arguments: { rows: rows(100, id) } },
      }),
  },
  {
    name: "notification",
    kind: "notification",
    create: (id) =>
      JSON.stringify({
        jsonrpc: "2.0",
        method: "notifications/progress",
        params: { progressToken: id, progress: 1 },
      }),
  },
  {
    name: "error response",
    kind: "response",
    create: (id) =>
      JSON.stringify({ jsonrpc: "2.0", id, error: { code: -32000, message: "It went wrong." } }),
  },
  {
    name: "hostile: wrong types",
    kind: "invalid",
    create: (id) =>
      JSON.stringify({
        jsonrpc: "2.0",
        id: { id },
        method: [`search_${id}`],
        params: "x",
        result: 1,
      }),
  },
  {
    name: "hostile: 1,000 unknown fields",
    kind: "invalid",
    create: (id) =>
      JSON.stringify(Object.fromEntries(rows(1000, id).map((row, at) => [`f${at}`, row.id]))),
  },
  {
    name: "hostile: 10,000 numbers",
    kind: "invalid",
    create: (id) =>
      JSON.stringify({ jsonrpc: "2.0", id, m: Array.from({ length: 10_000 }, () => id) }),
  },
  {
    name: "hostile: 5,000 levels",
    kind: "request",
    create: (id) =>
      `{"jsonrpc":"2.0","id":${id},"method":"x","params":${"[".repeat(5000)}${"]".repeat(5000)}}`,
  },
];

function rows(count: number, seed: number) {
  return Array.from({ length: count }, (_, at) => ({
    id: at + seed,
    name: `row ${at}`,
    open: true,
  }));
}

/** What the checks of a body cost, relative to parsing its text. */
export async function guardsSuite(): Promise<Section> {
  const checks = await loadChecks();
  const results: [string, Standings][] = [];
  for (const message of MESSAGES)
    results.push([message.name, await measureChecks(checks, message)]);
  return {
    title: "Guards",
    about: [
      "What tells a message apart once its text is parsed, relative to that parsing. 64 messages of each kind take",
      "turns: a check that sees one object again and again looks faster than it is. The depth check counts the brackets",
      "of the text, and walks the value where there are many, so that nothing after it has to fear recursion.",
    ].join("\n"),
    tables: [
      ratioTable({
        caption: "x JSON.parse of the same text",
        of: "message",
        base: PARSE,
        columns: [SHAPE, BOTH, ZOD],
        results,
      }),
    ],
    goals: [
      overMessages(results, SHAPE, (name) => !name.startsWith("hostile"), "valid messages"),
      overMessages(results, SHAPE, (name) => name.startsWith("hostile"), "hostile messages"),
      overMessages(results, BOTH, (name) => !name.startsWith("hostile"), "valid messages"),
      overMessages(results, BOTH, (name) => name.startsWith("hostile"), "hostile messages"),
    ],
  };
}

function overMessages(
  results: readonly (readonly [string, Standings])[],
  check: string,
  isWanted: (name: string) => boolean,
  about: string,
): Goal {
  const wanted = results.filter(([name]) => isWanted(name));
  return worst(
    wanted.map(([where, standings]) => ({
      number: 12,
      promise: `${check}, ${about}`,
      limit: 0.1,
      bound: "atMost",
      measured: standings.ratio(check, PARSE),
      where,
    })),
  );
}

async function measureChecks(
  { classifyMessage, exceedsDepth }: Checks,
  { name, kind, create }: (typeof MESSAGES)[number],
): Promise<Standings> {
  const texts = Array.from({ length: 64 }, (_, id) => create(id));
  const values = texts.map((text) => JSON.parse(text) as unknown);
  const wrong = values.find((value) => classifyMessage(value).kind !== kind);
  if (wrong !== undefined) throw new Error(`${name}: expected every message to be a ${kind}.`);
  return measure(
    [
      { name: PARSE, run: (turn) => JSON.parse(texts[turn % 64] ?? "") as unknown },
      { name: SHAPE, run: (turn) => classifyMessage(values[turn % 64]) },
      {
        name: BOTH,
        run: (turn) => {
          const value = values[turn % 64];
          return [classifyMessage(value), exceedsDepth(texts[turn % 64] ?? "", value, 64)];
        },
      },
      { name: ZOD, run: (turn) => JSONRPCMessageSchema.safeParse(values[turn % 64]) },
    ],
    { rounds: 15, sliceMs: 10 },
  );
}

async function loadChecks(): Promise<Checks> {
  const wire = new URL("wire/", import.meta.resolve("@convex-mcp/protocol"));
  const modules: unknown[] = await Promise.all([
    import(new URL("jsonrpc.js", wire).href),
    import(new URL("json.js", wire).href),
  ]);
  return Object.assign({}, ...modules) as Checks;
}
