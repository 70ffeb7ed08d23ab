import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { convexTest } from "convex-test";
import { register } from "../src/test.ts";
import { endpointOf } from "./support/mcp.ts";
import schema from "./app/schema.ts";

const modules = import.meta.glob("./app/**/*.ts");
const START = Date.UTC(2026, 7, 1, 12);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(START);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

interface Who {
  readonly subject?: string;
  readonly claims?: Record<string, unknown>;
  readonly ip?: string;
  readonly headers?: Record<string, string>;
}

interface Said {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly session: string | null;
  readonly body: {
    readonly result?: { isError?: boolean; content?: { text: string }[] };
    readonly error?: { code: number; message: string; data?: unknown };
  };
}

function start() {
  const t = convexTest(schema, modules);
  register(t);
  let id = 0;
  const rpc = async (path: string, who: Who, method: string, params: object = {}) => {
    const from = t.withRequestMetadata(who.ip === undefined ? {} : { ip: who.ip });
    const { subject } = who;
    const identity = { issuer: "https://issuer.test", subject: subject ?? "", ...who.claims };
    const caller = subject === undefined ? from : from.withIdentity(identity);
    const response = await endpointOf(
      caller,
      path,
    )({
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json, text/event-stream",
        "MCP-Protocol-Version": "2025-11-25",
        ...who.headers,
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: ++id, method, params }),
    });
    const { status, headers } = response;
    const text = await response.text();
    const json = headers.get("Content-Type")?.includes("json") === true;
    return {
      status,
      retryAfter: headers.get("Retry-After"),
      session: headers.get("Mcp-Session-Id"),
      body: json ? (JSON.parse(text) as unknown) : {},
    } as Said;
  };
  const call = (path: string, who: Who, name: string, args: object = { label: "x" }) =>
    rpc(path, who, "tools/call", { name, arguments: args });
  const statuses = async (times: number, ask: () => Promise<Said>) => {
    const seen: number[] = [];
    for (let time = 0; time < times; time++) seen.push((await ask()).status);
    return seen;
  };
  /** Every document that there is, of the app, of the component and of the limiter. */
  const documents = async () => {
    const all = (name: string) =>
      t.run(async (ctx) => {
        const db = ctx.db as unknown as { query: (table: string) => { collect: () => unknown } };
        return JSON.stringify(await db.query(name).collect());
      });
    return all("rows");
  };
  return { t, rpc, call, statuses, documents };
}

const initialize = {
  protocolVersion: "2025-11-25",
  capabilities: {},
  clientInfo: { name: "tester", version: "1" },
};
const ann: Who = { subject: "ann" };
const bob: Who = { subject: "bob" };

describe("probe", () => {
  it("works", async () => {
    const { call } = start();
    for (let i = 0; i < 5; i++) console.log(JSON.stringify(await call("/users/mcp", ann, "add")));
    for (let i = 0; i < 4; i++) console.log(JSON.stringify(await call("/clients/mcp", ann, "add")));
    void [MINUTE, DAY, bob, later, initialize];
  });
});
