import { verifies } from "@convex-mcp/spec";
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from "@modelcontextprotocol/client";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import {
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { McpChange } from "../src/index.ts";
import { type App, call, initialize, request, startApp } from "./support/app.ts";

const PATH = "/watching/mcp";
const BRIEF = "/brief/mcp";
const board = "news://board";
const updated: McpChange = { kind: "resource", uri: board };

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app.embedded.close());

const publish = (change: McpChange) => app.embedded.run("news:publish", { change: { ...change } });
const pause = (ms: number) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

const listening = (notifications: object) =>
  request("subscriptions/listen", {
    notifications,
    _meta: {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientCapabilities": {},
    },
  });

const listen = (token: string | undefined, notifications: object, path = PATH) =>
  app.send(listening(notifications), {
    path,
    version: "2026-07-28",
    ...(token === undefined ? {} : { token }),
  });

const openSession = async (token: string, path = PATH) => {
  const response = await app.send(initialize, { path, token });
  await response.text();
  return response.headers.get("Mcp-Session-Id") ?? "";
};

const get = (token: string, session: string, signal?: AbortSignal) =>
  fetch(app.embedded.url + PATH, {
    headers: {
      Accept: "text/event-stream",
      Authorization: `Bearer ${token}`,
      "MCP-Protocol-Version": "2025-11-25",
      "Mcp-Session-Id": session,
    },
    ...(signal === undefined ? {} : { signal }),
  });

/** What a stream says until it ends, or until a text has come. */
async function read(response: Response, until?: string): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (until !== undefined && text.includes(until)) return text;
  }
  return text;
}

/**
 * The function calls since a reset, by name, without what the app reads by `loadContext`, and without the looks of a stream
 * that the v2 client left: on Node 20 its combined signal may be collected before it aborts the request.
 */
function calls(): Record<string, number> {
  const counted: Record<string, number> = {};
  for (const { name, caller } of app.embedded.calls()) {
    const left = name === "changes:look" && caller === `POST ${PATH}`;
    if (name !== "news:isBanned" && !left) counted[name] = (counted[name] ?? 0) + 1;
  }
  return counted;
}

/** Waits until the streams that were left have ended: a look may still be under way, and a busy machine takes its time. */
const settled = () =>
  expect
    .poll(
      async () => {
        app.embedded.resetCalls();
        await pause(2_600);
        return calls()["changes:look"] ?? 0;
      },
      { timeout: 20_000 },
    )
    .toBe(0);

describe("the official clients hear of changes", () => {
  it("v1: of what it subscribed to and of lists, on its GET stream", async () => {
    const token = await app.token("v1");
    const client = new Client({ name: "changes", version: "1" });
    const heard: string[] = [];
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
      heard.push(params.uri);
    });
    client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
      heard.push("tools");
    });
    await client.connect(
      new StreamableHTTPClientTransport(new URL(app.embedded.url + PATH), {
        requestInit: { headers: { Authorization: `Bearer ${token}` } },
      }),
    );
    expect(client.getServerCapabilities()).toMatchObject({
      tools: { listChanged: true },
      resources: { subscribe: true, listChanged: true },
    });
    await client.subscribeResource({ uri: board });
    await expect(client.subscribeResource({ uri: "mine://v2" })).rejects.toMatchObject({
      code: -32602,
    });
    await client.callTool({ name: "post", arguments: { label: "hello", fail: false } });
    await expect.poll(() => heard, { timeout: 5_000 }).toEqual([board]);
    await client.unsubscribeResource({ uri: board });
    await publish(updated);
    await publish({ kind: "tools" });
    await expect.poll(() => heard, { timeout: 8_000 }).toEqual([board, "tools"]);
    await client.close();
  });

  it("v2: of what it listens for", async () => {
    verifies("listen.across-instances");
    const token = await app.token("v2");
    const client = new ModernClient(
      { name: "changes", version: "1" },
      { versionNegotiation: { mode: { pin: "2026-07-28" } } },
    );
    const heard: string[] = [];
    client.setNotificationHandler("notifications/resources/updated", ({ params }) => {
      heard.push(params.uri);
    });
    client.setNotificationHandler("notifications/resources/list_changed", () => {
      heard.push("resources");
    });
    await client.connect(
      new ModernTransport(new URL(app.embedded.url + PATH), {
        requestInit: { headers: { Authorization: `Bearer ${token}` } },
      }),
    );
    const started = performance.now();
    const subscription = await client.listen({
      resourcesListChanged: true,
      resourceSubscriptions: ["mine://v2", "mine://v1"],
    });
    expect(performance.now() - started).toBeLessThan(1_000);
    await publish({ kind: "resource", uri: "mine://v1" });
    await publish({ kind: "tools" });
    await publish({ kind: "resource", uri: "mine://v2" });
    await publish({ kind: "resources" });
    await expect
      .poll(() => heard.toSorted(), { timeout: 5_000 })
      .toEqual(["mine://v2", "resources"]);
    await subscription.close();
    await client.close();
  });
});

describe("a stream", () => {
  it("is refused without a token, and with one that has expired", async () => {
    const wishes = { resourceSubscriptions: [board] };
    expect((await listen(undefined, wishes)).status).toBe(401);
    const old = await app.token("old", { exp: Math.floor(Date.now() / 1_000) - 60 });
    expect((await listen(old, wishes)).status).toBe(401);
    expect((await get(old, "made-up")).status).toBe(401);
    expect((await get(await app.token("old"), "made-up")).status).toBe(404);
  });

  it.each(["a listener's", "a session's"])("of %s ends with its token", async (whose) => {
    verifies("listen.token-expiry");
    // The looks come after 1, 2.5 and 4.8 seconds.
    const exp = Math.ceil(Date.now() / 1_000) + 3;
    const token = await app.token("short", { exp });
    const stream =
      whose === "a session's"
        ? get(token, await openSession(token))
        : listen(token, { toolsListChanged: true });
    const response = await stream;
    expect(response.status).toBe(200);
    const text = await read(response);
    const lateMs = Date.now() - exp * 1_000;
    expect(lateMs).toBeGreaterThan(-100);
    expect(lateMs).toBeLessThan(800);
    expect(text.includes('"resultType":"complete"')).toBe(whose === "a listener's");
  });

  it("of another's session is not found", async () => {
    const session = await openSession(await app.token("owner"));
    expect((await get(await app.token("thief"), session)).status).toBe(404);
  });

  it("tells nothing of a call that failed, and what committed once", async () => {
    const token = await app.token("caller");
    const response = await listen(token, { resourceSubscriptions: ["rows://x", board] }, BRIEF);
    const posting = (fail: boolean) =>
      app
        .send(call("post", { label: "posted", fail }), { path: BRIEF, token })
        .then((it) => it.text());
    expect(await posting(true)).toContain("isError");
    await posting(false);
    const text = await read(response);
    expect(text).not.toContain("rows://x");
    expect(text.match(/resources\/updated/g)).toHaveLength(1);
  }, 15_000);
});

describe("function calls", () => {
  // Of an app of their own: streams that clients left above may go on looking for a while.
  beforeAll(async () => {
    await app.embedded.close();
    app = await startApp();
  });

  it("of publishing: none in a mutation", async () => {
    const token = await app.token("publisher");
    const post = call("post", { label: "counted", fail: false });
    await app.send(post, { path: PATH, token });
    app.embedded.resetCalls();
    await (await app.send(post, { path: PATH, token })).text();
    expect(calls()).toEqual({ "watching:dispatch": 1 });
  });

  it("of listening: 1 to open, 1 for each resource named, then looks", async () => {
    const token = await app.token("listener");
    await settled();
    app.embedded.resetCalls();
    const response = await listen(
      token,
      { resourceSubscriptions: ["mine://listener", "mine://other", "news://staff"] },
      BRIEF,
    );
    await read(response, "acknowledged");
    await pause(200);
    expect(calls()).toEqual({ "listeners:open": 1, "papers:mine": 2 });
  });

  it("of a quiet stream: 2 looks in 4 seconds", async () => {
    const token = await app.token("quiet");
    await settled();
    app.embedded.resetCalls();
    await read(await listen(token, { resourceSubscriptions: ["mine://quiet"] }, BRIEF));
    expect(calls()).toEqual({ "listeners:open": 1, "papers:mine": 1, "changes:look": 2 });
  });

  it("of news: 1 to read what changed, and looks begin anew", async () => {
    const token = await app.token("curious");
    const response = await listen(token, { resourceSubscriptions: ["mine://curious"] }, BRIEF);
    app.embedded.resetCalls();
    await publish({ kind: "resource", uri: "mine://curious" });
    await read(response, "resources/updated");
    expect(calls()).toMatchObject({ "papers:mine": 1 });
    expect(calls()["changes:look"]).toBeLessThanOrEqual(2);
  });

  it("of a subscription: 3, and 2 to take it back; of a session's stream: 2, then looks", async () => {
    const token = await app.token("subscriber");
    const session = await openSession(token);
    const options = { path: PATH, token, session };
    const cost = async (method: string) => {
      app.embedded.resetCalls();
      await (await app.send(request(method, { uri: "mine://subscriber" }), options)).text();
      return calls();
    };
    expect(await cost("resources/subscribe")).toEqual({
      "sessions:check": 1,
      "papers:mine": 1,
      "subscriptions:add": 1,
    });
    app.embedded.resetCalls();
    const gone = new AbortController();
    await get(token, session, gone.signal);
    await pause(200);
    expect(calls()).toEqual({ "sessions:check": 1, "listeners:open": 1 });
    gone.abort();
    await settled();
    expect(calls()).toEqual({});
    const back = await cost("resources/unsubscribe");
    expect(back).toEqual({ "sessions:check": 1, "subscriptions:remove": 1 });
  });
});

describe("rows", () => {
  it("go by themselves: changes and streams in the hour, subscriptions with their session", async () => {
    // The engine's clock moves on, which the stream's is too.
    const token = await app.token("leaver", { exp: Math.ceil(Date.now() / 1_000) + 24 * 3_600 });
    const session = await openSession(token);
    const options = { path: PATH, token, session };
    await app.send(request("resources/subscribe", { uri: board }), options);
    await publish(updated);
    await (await get(token, session, AbortSignal.timeout(300))).text().catch(() => "");
    await app.embedded.advance(2 * 60 * 60_000);
    const ask = await app.send(request("ping"), options);
    expect(ask.status).toBe(200);
    const stream = await get(token, session);
    await publish(updated);
    expect(await read(stream, "resources/updated")).toContain(board);
  });
});
