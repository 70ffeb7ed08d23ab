import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { verifies } from "@convex-mcp/spec";
import { convexTest } from "convex-test";
import { register } from "../src/test.ts";
import { endpointOf } from "./support/mcp.ts";
import { watch } from "./support/watch.ts";
import { internal } from "./app/_generated/api.js";
import schema from "./app/schema.ts";

const modules = import.meta.glob("./app/**/*.ts");
const START = Date.UTC(2026, 7, 1, 12);
const MINUTE = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(START);
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

interface Who {
  readonly subject?: string;
  readonly claims?: Record<string, string>;
  readonly ip?: string;
  readonly headers?: Record<string, string>;
}

interface Said {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: {
    readonly result?: {
      readonly isError?: boolean;
      readonly content: readonly { readonly text: string }[];
    };
    readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
  };
}

function start() {
  const t = convexTest(schema, modules);
  register(t);
  let id = 0;
  const post = async (path: string, { subject, claims, ip, headers }: Who, body: object) => {
    const from = t.withRequestMetadata(ip === undefined ? {} : { ip });
    const identity = { issuer: "https://issuer.test", subject: subject ?? "", ...claims };
    const caller = subject === undefined ? from : from.withIdentity(identity);
    const response = await endpointOf(
      caller,
      `/${path}/mcp`,
    )({
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json, text/event-stream",
        "MCP-Protocol-Version": "2025-11-25",
        ...headers,
      },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = response.headers.get("Content-Type") === "application/json";
    const said = { status: response.status, headers: response.headers, text };
    return { ...said, body: isJson ? (JSON.parse(text) as Said["body"]) : {} };
  };
  const rpc = (path: string, who: Who, method: string, params: object = {}) =>
    post(path, who, { jsonrpc: "2.0", id: ++id, method, params });
  const call = (path: string, who: Who, name: string, args: object = { label: "x" }) =>
    rpc(path, who, "tools/call", { name, arguments: args });
  const open = (path: string, who: Who) =>
    rpc(path, who, "initialize", {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "tester", version: "1" },
    });
  const rows = () => t.run(async (ctx) => (await ctx.db.query("rows").collect()).length);
  const entries = async () =>
    JSON.parse(await t.query(internal.log.entries, {})) as { outcome: string; tool: string }[];
  return { t, post, rpc, call, open, rows, entries };
}

/** The statuses of one request after another. */
async function statuses(...requests: readonly (() => Promise<Said>)[]): Promise<number[]> {
  const seen: number[] = [];
  for (const request of requests) seen.push((await request()).status);
  return seen;
}
const times = <T>(count: number, it: T): T[] => Array.from({ length: count }, () => it);

const ann: Who = { subject: "ann" };
const bob: Who = { subject: "bob" };

describe("a user beyond the limit", () => {
  it("is told so with 429, which says when to come back", async () => {
    verifies("limits.rate", "limits.refusal");
    const { call } = start();
    for (const _ of times(3, 0)) await call("users", ann, "add");
    const { status, headers, body } = await call("users", ann, "add");
    expect([status, headers.get("Retry-After")]).toEqual([429, "20"]);
    expect(headers.get("Content-Type")).toBe("application/json");
    expect(body).toEqual({
      jsonrpc: "2.0",
      id: 4,
      error: {
        code: -32000,
        message: "The limit of your requests (3 in 1 minute) is reached. Retry in 20 seconds.",
        data: { retryAfterSeconds: 20, limit: "user" },
      },
    });
  });

  it("has done nothing, and is in no log", async () => {
    const { call, rows, entries } = start();
    for (const _ of times(6, 0)) await call("users", ann, "add");
    expect([await rows(), (await entries()).length]).toEqual([3, 3]);
  });

  it("is in the log with reads in a session of somebody else, once each, up to the limit", async () => {
    const { open, rpc, t } = start();
    const session = (await open("logged", ann)).headers.get("Mcp-Session-Id") ?? "";
    const other = { ...bob, headers: { "Mcp-Session-Id": session } };
    const read = () => rpc("logged", other, "resources/read", { uri: "papers://hello" });
    const say = { name: "say", arguments: { label: "x" } };
    const fill = () => rpc("logged", other, "prompts/get", say);
    expect(await statuses(read, fill, read, fill, read)).toEqual([404, 404, 404, 429, 429]);
    for (const [kind, count] of [
      ["resource", 2],
      ["prompt", 1],
    ] as const) {
      const log = JSON.parse(await t.query(internal.log.others, { kind })) as unknown[];
      const refused = { subject: "bob", outcome: "denied", errorCode: "SessionNotFound" };
      expect(log).toMatchObject(times(count, refused));
    }
  });

  it("may ask again after that", async () => {
    const { call } = start();
    const add = () => call("users", ann, "add");
    await statuses(...times(3, add));
    later(19_999);
    expect((await add()).status).toBe(429);
    later(1);
    expect(await statuses(add, add)).toEqual([200, 429]);
  });

  it("stands in nobody's way", async () => {
    const { call } = start();
    expect(await statuses(...times(5, () => call("users", ann, "add")))).toContain(429);
    expect((await call("users", bob, "add")).status).toBe(200);
    const other = { subject: "ann", claims: { issuer: "https://other.test" } };
    expect((await call("users", other, "add")).status).toBe(200);
    expect((await call("users", {}, "add")).status).toBe(200);
  });

  it("is beyond it from wherever they ask, and with whatever client", async () => {
    const { call } = start();
    const from = (ip: string, client: string) => () =>
      call("users", { ...ann, ip, claims: { client_id: client } }, "add");
    const requests = [1, 2, 3, 4].map((n) => from(`192.0.2.${n}`, `client ${n}`));
    expect(await statuses(...requests)).toEqual([200, 200, 200, 429]);
  });
});

describe("what counts", () => {
  const used = (it: ReturnType<typeof start>) => async () => it.call("users", ann, "subject", {});

  it.each<[string, string, object, number]>([
    ["an unknown tool", "tools/call", { name: "none" }, 200],
    ["a tool with a giant name", "tools/call", { name: "x".repeat(100_000) }, 200],
    ["a denied tool", "tools/call", { name: "secret" }, 200],
    ["a tool without its scope", "tools/call", { name: "scoped" }, 403],
    ["wrong arguments", "tools/call", { name: "add", arguments: {} }, 200],
    ["a mutation", "tools/call", { name: "add", arguments: { label: "x" } }, 200],
    ["a query as of now", "tools/call", { name: "count", arguments: { label: "x" } }, 200],
    ["an action", "tools/call", { name: "relay", arguments: { label: "x" } }, 200],
    ["inline code", "tools/call", { name: "talk" }, 200],
    ["a dispatch that is undone", "tools/call", { name: "lie", arguments: { label: "x" } }, 200],
    ["a resource", "resources/read", { uri: "papers://hello" }, 200],
    [
      "a subscription without a session, for which the resource is read",
      "resources/subscribe",
      { uri: "papers://hello" },
      200,
    ],
    ["a prompt", "prompts/get", { name: "hello", arguments: { label: "x" } }, 200],
    [
      "a completion",
      "completion/complete",
      { ref: { type: "ref/prompt", name: "hello" }, argument: { name: "label", value: "" } },
      200,
    ],
  ])("%s", async (_what, method, params, status) => {
    const app = start();
    const ask = () => app.rpc("users", ann, method, params);
    expect((await ask()).status).toBe(status);
    expect(await statuses(used(app), used(app), used(app))).toEqual([200, 200, 429]);
    const before = [await app.rows(), await app.entries()];
    expect((await ask()).status).toBe(429);
    expect([await app.rows(), await app.entries()]).toEqual(before);
  });

  it.each<[string, string, object]>([
    ["the list of tools", "tools/list", {}],
    ["a ping", "ping", {}],
    ["an unknown resource", "resources/read", { uri: "papers://none" }],
    ["what is no call", "tools/call", { name: 7 }],
  ])("not %s", async (_what, method, params) => {
    const app = start();
    await statuses(...times(4, used(app)));
    expect((await app.rpc("users", ann, method, params)).status).toBe(200);
  });

  it("a session that is opened, and nothing of a stranger who gets none", async () => {
    const { open } = start();
    const opened = () => open("users", ann);
    expect(await statuses(...times(4, opened))).toEqual([200, 200, 200, 429]);
    expect(await statuses(...times(4, () => open("users", {})))).toEqual(times(4, 200));
  });

  it("what is asked in a session, but for lists, pings and notifications", async () => {
    const app = start();
    const session = (await app.open("users", ann)).headers.get("Mcp-Session-Id") ?? "";
    const within = { ...ann, headers: { "Mcp-Session-Id": session } };
    const read = () => app.rpc("users", within, "resources/read", { uri: "papers://hello" });
    const subscribe = () =>
      app.rpc("users", within, "resources/subscribe", { uri: "papers://hello" });
    const setLevel = () => app.rpc("users", within, "logging/setLevel", { level: "info" });
    expect(await statuses(read, subscribe, subscribe, setLevel)).toEqual([200, 200, 429, 429]);
    later(MINUTE);
    expect(await statuses(...times(3, setLevel), read)).toEqual([200, 200, 200, 429]);
    expect((await app.rpc("users", within, "tools/list")).status).toBe(200);
    const note = { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } };
    expect((await app.post("users", within, note)).status).toBe(202);
  });

  it.each([
    ["that a client of 2026-07-28 opens", false],
    ["that a session opens", true],
  ])("a stream of changes %s, before anything is read for it", async (_what, inSession) => {
    const { t, open } = start();
    const client = watch({ t }, { subject: "ann" }, "/users/mcp");
    const opened = inSession ? (await open("users", ann)).headers.get("Mcp-Session-Id") : null;
    const within = { "Mcp-Session-Id": opened ?? "" };
    const stream = () =>
      inSession
        ? client.get(within)
        : client.listen({ toolsListChanged: true, resourceSubscriptions: ["papers://hello"] });
    const seen: Response[] = [];
    for (const _ of times(4, 0)) seen.push(await stream());
    const allowed = inSession ? 2 : 3;
    expect(seen.map(({ status }) => status)).toEqual([
      ...times(allowed, 200),
      ...times(4 - allowed, 429),
    ]);
    const refused = seen.at(-1);
    expect(refused?.headers.get("Retry-After")).toBe("20");
    expect(await refused?.json()).toMatchObject({ error: { data: { limit: "user" } } });
    for (const { body } of seen.slice(0, allowed)) await body?.cancel();
  });

  it("each call of a batch, and 429 is of the whole where nothing else is left", async () => {
    const { post } = start();
    const from = { ...ann, headers: { "MCP-Protocol-Version": "2025-03-26" } };
    const batch = [1, 2, 3, 4].map((id) => ({
      jsonrpc: "2.0",
      id,
      method: "tools/call",
      params: { name: "add", arguments: { label: "x" } },
    }));
    const first = await post("users", from, batch);
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject([{ id: 1 }, {}, {}, { id: 4, error: { code: -32000 } }]);
    const second = await post("users", from, batch);
    expect([second.status, second.headers.get("Retry-After")]).toEqual([429, "20"]);
  });
});

describe("the limit of a client", () => {
  const with_ = (subject: string, claims: Record<string, string>, headers = {}): Who => ({
    subject,
    claims,
    headers,
  });

  it("leaves room for the user's other clients, and for other users of that client", async () => {
    const { call } = start();
    const add = (who: Who) => () => call("clients", who, "add");
    const cursor = add(with_("ann", { client_id: "cursor" }));
    expect(await statuses(cursor, cursor, cursor)).toEqual([200, 200, 429]);
    expect(await statuses(add(with_("bob", { client_id: "cursor" })))).toEqual([200]);
    const claude = add(with_("ann", { azp: "claude" }));
    expect(await statuses(claude, claude, claude)).toEqual([200, 200, 429]);
    // Four are what the user has.
    const { body } = await call("clients", with_("ann", { azp: "third" }), "add");
    expect(body.error?.data).toMatchObject({ limit: "user" });
  });

  it("is one for all that name none, whatever they say of themselves", async () => {
    const { call, open } = start();
    const session = (await open("users", ann)).headers.get("Mcp-Session-Id") ?? "";
    const add = (headers: Record<string, string>) => () =>
      call("clients", { ...ann, headers }, "add");
    const requests = [add({ "User-Agent": "a" }), add({ "User-Agent": "b" })];
    expect(await statuses(...requests, add({ "Mcp-Session-Id": session }))).toEqual([
      200, 200, 429,
    ]);
  });

  it("takes nothing of the user's limit when it refuses", async () => {
    const { call } = start();
    const greedy = () => call("clients", with_("ann", { azp: "greedy" }), "add");
    await statuses(...times(10, greedy));
    const other = () => call("clients", with_("ann", { azp: "modest" }), "add");
    expect(await statuses(other, other)).toEqual([200, 200]);
  });
});

describe("the limit of a tool", () => {
  it("is each caller's own, beside the others", async () => {
    const { call } = start();
    const add = (who: Who) => () => call("perTool", who, "add");
    expect(await statuses(...times(3, add(ann)))).toEqual([200, 200, 429]);
    expect(await statuses(add(bob), () => call("perTool", ann, "subject", {}))).toEqual([200, 200]);
    const { headers, body } = await add(ann)();
    expect(headers.get("Retry-After")).toBe(String(12 * 60 * 60));
    expect(body.error?.message).toContain('your calls of "add" (2 in 1 day)');
    later(12 * 60 * MINUTE);
    expect(await statuses(...times(3, add(ann)))).toEqual([200, 200, 429]);
  });

  it("is one for all that is unknown or denied, which tells them not apart", async () => {
    const { call } = start();
    const name = (it: string) => () => call("perTool", ann, it, {});
    const names = ["none", "x".repeat(10_000), "secret", "other", "secret"];
    const seen = await Promise.resolve(statuses(...names.map(name)));
    expect(seen).toEqual([200, 200, 200, 429, 429]);
    const [unknown, denied] = [await name("none")(), await name("secret")()];
    expect(denied.body.error?.message).toBe(unknown.body.error?.message);
    expect((await call("perTool", ann, "subject", {})).status).toBe(200);
  });
});

describe("the limit of an address", () => {
  const add = (app: ReturnType<typeof start>, who: Who, path = "strangers") =>
    (() => app.call(path, who, "add")) as () => Promise<Said>;

  it("is for the strangers there, and not for users", async () => {
    const app = start();
    const here = { ip: "192.0.2.1" };
    expect(await statuses(...times(3, add(app, here)))).toEqual([200, 200, 429]);
    expect(await statuses(add(app, { ip: "192.0.2.2" }))).toEqual([200]);
    expect(await statuses(...times(5, add(app, { ...here, ...ann })))).toEqual(times(5, 200));
    expect((await add(app, here)()).body.error?.message).not.toContain("192");
  });

  it("is one for a /64 of IPv6, and for all whose address is not known", async () => {
    const app = start();
    const six = [1, 2, 3].map((n) => add(app, { ip: `2001:db8::${n}` }));
    expect(await statuses(...six)).toEqual([200, 200, 429]);
    const unknown = [add(app, {}), add(app, { ip: "what" }), add(app, {})];
    expect(await statuses(...unknown)).toEqual([200, 200, 429]);
  });

  it("knows no header that is not named", async () => {
    const app = start();
    const claims = ["1", "2", "3"].map((n) =>
      add(app, { ip: "192.0.2.1", headers: { "X-Forwarded-For": `198.51.100.${n}` } }),
    );
    expect(await statuses(...claims)).toEqual([200, 200, 429]);
  });

  it("counts the sessions that strangers get", async () => {
    const { open } = start();
    const opened = () => open("strangers", { ip: "192.0.2.1" });
    expect(await statuses(opened, opened, opened)).toEqual([200, 200, 429]);
  });

  it("is of what the proxy wrote last, where one is trusted", async () => {
    const app = start();
    const via = (list: string) =>
      add(app, { ip: "192.0.2.1", headers: { "X-Forwarded-For": list } }, "proxied");
    expect(await statuses(via("198.51.100.1"), via("198.51.100.2"))).toEqual([200, 200]);
    expect(await statuses(via("8.8.8.8, 198.51.100.1"), via("198.51.100.2:81"))).toEqual([
      429, 429,
    ]);
    const made = [via("made up"), via("made up, too"), add(app, {}, "proxied")];
    expect(await statuses(...made)).toEqual([200, 429, 429]);
  });
});

describe("an answer for the model", () => {
  it("is a result of the tool, and 429 for anything else", async () => {
    const { call, open } = start();
    const add = () => call("patient", ann, "add");
    expect(
      (await Promise.all(times(5, 0).map(add))).every(({ body }) => !body.result?.isError),
    ).toBe(true);
    const text =
      "Not called: the limit of your requests (1 in 10 seconds) is reached. Wait 10 seconds before you call it again.";
    const refused = { status: 200, body: { result: { isError: true, content: [{ text }] } } };
    expect(await add()).toMatchObject(refused);
    for (const name of ["none", "secret", "scoped", "count", "relay"]) {
      expect(await call("patient", ann, name)).toMatchObject(refused);
    }
    expect((await open("patient", ann)).status).toBe(429);
  });
});

describe("calls at once", () => {
  it("never exceed the limit together", async () => {
    const { call, rows } = start();
    const all = await Promise.all(times(12, 0).map(() => call("users", ann, "add")));
    expect(all.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(all.filter(({ status }) => status === 429)).toHaveLength(9);
    expect(await rows()).toBe(3);
  });
});

describe("the documents of a call", () => {
  interface Meter {
    readonly runMutation: (fn: unknown, args: object) => Promise<{ readonly kind: string }>;
    readonly meta: {
      readonly getTransactionMetrics: () => Promise<
        Record<"documentsRead" | "documentsWritten", { readonly used: number }>
      >;
    };
  }
  const use = (name: string) => ({
    name,
    key: "ann",
    kind: "token bucket" as const,
    rate: 2,
    periodMs: 24 * 60 * MINUTE,
    burst: 2,
  });

  it.each([
    ["without limits", [], 1, 1],
    ["with one limit", [use("user")], 3, 2],
    ["with two", [use("user"), use("client")], 5, 3],
    ["with three", [use("user"), use("client"), use("tool")], 7, 4],
  ])("%s", async (_what, uses, read, written) => {
    const app = start();
    const owner = "https://issuer.test|ann";
    const session = (await app.open("strangers", ann)).headers.get("Mcp-Session-Id") ?? "";
    const call = {
      tool: "subject",
      args: {},
      entry: { kind: "tool", tool: "subject", outcome: "unknown" },
      session: { key: { sessionId: session, owner }, ttlMs: 10 * MINUTE },
      ...(uses.length === 0 ? {} : { uses }),
    };
    const dispatch = () =>
      app.t.run(async (ctx) => {
        const meter = ctx as unknown as Meter;
        const { kind } = await meter.runMutation(internal.limited.dispatch, { call });
        const { documentsRead, documentsWritten } = await meter.meta.getTransactionMetrics();
        return [kind, documentsRead.used, documentsWritten.used];
      });
    await dispatch();
    expect(await dispatch()).toEqual(["result", read, written]);
    // Time to touch the session, which is one document more: who is refused does not.
    later(2 * MINUTE);
    const expected = uses.length === 0 ? ["result", 2, 2] : ["exceeded", uses.length, 0];
    expect(await dispatch()).toEqual(expected);
  });
});
