import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { Goal } from "../goal.ts";
import {
  collectAll,
  collectYoung,
  compete,
  type Contestant,
  cpuTime,
  type Standings,
} from "../harness.ts";
import { formatRatio, round, type Section } from "../markdown.ts";
import { type Bundle, bundleEntry } from "../oneshot/bundle.ts";
import { createFreshContext } from "../oneshot/context.ts";
import { median } from "../stats.ts";

/** By entry: what it is called, and which tool of it is called. */
const ENTRIES = {
  floor: { name: "empty module", tool: "search_3" },
  convexServer: { name: "`convex/server` with one route", tool: "search_3" },
  protocol10: { name: "protocol, 10 tools", tool: "search_3" },
  protocol200: { name: "protocol, 200 tools", tool: "search_3" },
  gateway: { name: "whole gateway: test app, tools alone, 5 mounts", tool: "add" },
  gatewayAll: { name: "whole gateway: test app, a gateway for each feature", tool: "add" },
  gateway10: { name: "whole gateway, 10 tools", tool: "search_3" },
  gateway200: { name: "whole gateway, 200 tools", tool: "search_3" },
  gatewayArgs: {
    name: "whole gateway, 10 tools, and the validators of 190 more",
    tool: "search_3",
  },
  gatewayJwt: { name: "whole gateway, 10 tools, and a token that jose verifies", tool: "search_3" },
  sdk1Server: { name: "v1 Server, 10 tools", tool: "search_3" },
  sdk1McpServer: { name: "v1 McpServer, 10 tools", tool: "search_3" },
  sdk2Server: { name: "v2 Server, 10 tools", tool: "search_3" },
  sdk2Handler: { name: "v2 createMcpHandler, 10 tools", tool: "search_3" },
} as const;

type Entry = keyof typeof ENTRIES;

const ROUNDS = 60;

/** More than the caches of a processor hold. */
const memory = new Float64Array(6_000_000);

/**
 * Empties the processor's caches, as other tenants do between two requests. Without it the empty module
 * costs a third in the wake of a small neighbour of what it costs in the wake of a large one.
 */
function chill(): void {
  for (let at = 0; at < memory.length; at += 8) memory[at] = (memory[at] ?? 0) + 1;
}

/** What one request costs where each gets a fresh context: evaluation of the module graph and a cold answer. */
export async function oneshotSuite(): Promise<Section> {
  const credentials = await createCredentials();
  const contestants: Contestant[] = [];
  const evaluations = new Map<Entry, number[]>();
  for (const entry of Object.keys(ENTRIES) as Entry[]) {
    const bundle = await bundleEntry(entry);
    const costs: number[] = [];
    evaluations.set(entry, costs);
    contestants.push(await toContestant(entry, bundle, credentials, costs));
  }
  const standings = await compete(contestants, ROUNDS, collectAll);
  return {
    title: "One request in a fresh context",
    about: [
      "Convex gives each HTTP action a fresh V8 context: the module graph of `http.ts` is evaluated for every request",
      "and answers it with cold code. Here that is a `node:vm` context without code generation, and bundles made with",
      "the settings of the Convex CLI, nothing external, consuming cached bytecode. One `tools/call` is answered. The",
      "context itself is made outside of the measurement. It is an emulation: the platform's own `Headers`, streams",
      "and functions are not in it, and what the context stub answers costs nothing. A gateway's tools are declared with",
      "Convex validators, and making these is part of its cost, though it is the app's own: one row has them without",
      "their tools. The processor's caches are emptied before each request, as other tenants would do.",
    ].join("\n"),
    tables: [
      {
        caption: `One tools/call, ${ROUNDS} rounds`,
        head: ["module graph", "of it evaluation", "x empty module"],
        rows: (Object.keys(ENTRIES) as Entry[]).map((entry) => [
          ENTRIES[entry].name,
          share(evaluations.get(entry) ?? [], standings.costs(entry)),
          formatRatio(standings.ratio(entry, "floor")),
        ]),
      },
    ],
    goals: goals(standings),
  };
}

function share(evaluation: readonly number[], whole: readonly number[]): string {
  const shares = whole.map((cost, turn) => (evaluation[turn] ?? Number.NaN) / cost);
  return `${round(median(shares) * 100)} %`;
}

function goals(standings: Standings): Goal[] {
  const goal = (number: number, promise: string, [cost, base]: [Entry, Entry], limit: number) => {
    const measured = standings.ratio(cost, base);
    return { number, promise, limit, bound: "atMost" as const, measured };
  };
  const ahead = (promise: string, other: Entry, limit: number): Goal => ({
    ...goal(2, promise, [other, "gateway"], limit),
    bound: "atLeast",
  });
  return [
    goal(2, "whole gateway over the empty module", ["gateway", "floor"], 2),
    goal(2, "with jose over the empty module", ["gatewayJwt", "floor"], 4),
    ahead("v1 Server over the whole gateway", "sdk1Server", 9),
    ahead("v2 Server over the whole gateway", "sdk2Server", 18),
    goal(3, "protocol: 200 tools over 10", ["protocol200", "protocol10"], 1.25),
    goal(3, "whole gateway: 200 tools over 10", ["gateway200", "gateway10"], 1.25),
    goal(
      3,
      "whole gateway: 200 tools over 10 and their validators",
      ["gateway200", "gatewayArgs"],
      1.25,
    ),
  ];
}

interface Credentials {
  readonly token: string;
  readonly jwks: string;
}

async function createCredentials(): Promise<Credentials> {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const token = await new SignJWT({ scope: "search" })
    .setProtectedHeader({ alg: "ES256", kid: "1" })
    .setIssuer("https://issuer.test")
    .setAudience("bench")
    .setSubject("ann")
    .setExpirationTime("1h")
    .sign(privateKey);
  const key = { ...(await exportJWK(publicKey)), kid: "1", alg: "ES256" };
  return { token, jwks: JSON.stringify({ keys: [key] }) };
}

async function toContestant(
  entry: Entry,
  bundle: Bundle,
  credentials: Credentials,
  evaluations: number[],
): Promise<Contestant> {
  const answerOnce = async () => {
    const context = createFreshContext();
    const request = createRequest(entry, credentials.token);
    let text = "";
    let evaluation = 0;
    collectYoung();
    chill();
    const cost = await cpuTime(async () => {
      const before = process.cpuUsage();
      const answer = context.evaluate(bundle);
      const { user, system } = process.cpuUsage(before);
      evaluation = user + system;
      text = await (await answer(request, credentials.jwks)).text();
    });
    return { cost, evaluation, text };
  };
  for (let turn = 0; turn < 5; turn += 1) expectAnswer(entry, (await answerOnce()).text);
  const round = async () => {
    const { cost, evaluation } = await answerOnce();
    evaluations.push(evaluation);
    return cost;
  };
  return { name: entry, round };
}

function createRequest(entry: Entry, token: string): Request {
  const name = ENTRIES[entry].tool;
  const args = name === "add" ? { label: "invoices" } : { query: "invoices", limit: 3 };
  const params = { name, arguments: args };
  return new Request("http://localhost:3000/mcp", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2025-11-25",
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }),
  });
}

function expectAnswer(entry: Entry, text: string): void {
  if (text.includes('"3 results for invoices"')) return;
  throw new Error(`${entry}: expected the tool's answer, got ${text.slice(0, 300)}`);
}
