// oxlint-disable typescript/no-explicit-any -- foreign JSON, as a test reads it
/** What changed, told to clients of both eras while they listen. */
import { verifies } from "@convex-mcp/spec";
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as TransportV2,
} from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ResourceUpdatedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { describe, expect, it } from "vitest";
import {
  memoryChanges,
  memoryListeners,
  memoryResources,
  memorySessions,
  memorySubscriptions,
  serveChanges,
  serveResources,
  type Change,
  type MemoryListenersOptions,
  type ServeChangesOptions,
} from "../src/index.ts";
import { endpoint, initialize, newest, post, read, rpc, type Person } from "./support/endpoint.ts";
import { messagesOf, open } from "./support/live.ts";
import { ask, parseMessages } from "./support/modern.ts";

const kinds: readonly Change["kind"][] = ["tools", "resources", "resource"];
const subscription = "io.modelcontextprotocol/subscriptionId";
const pause = (ms = 5) => new Promise((resolve) => setTimeout(resolve, ms));

function server(options: Partial<ServeChangesOptions<string, Person>> = {}) {
  const feed = memoryChanges<string, Person>({ kinds });
  const sessions = memorySessions<string, Person>({ ownerOf: (person) => person });
  const { handler, reported } = endpoint({
    sessions,
    features: [serveResources(memoryResources({ sessions })), serveChanges({ feed, ...options })],
  });
  return { handler, reported, publish: (change: Change) => feed.publish(change) };
}

const listen = (notifications: unknown, options: Parameters<typeof ask>[2] = {}) =>
  ask("subscriptions/listen", { notifications }, options);
const everything = {
  toolsListChanged: true,
  promptsListChanged: true,
  resourcesListChanged: false,
  resourceSubscriptions: ["a:b", "a:c"],
};

describe("subscriptions/listen", () => {
  it.each(["s", 0, 7, ""])(
    "acknowledges what is granted, then tells of just that, as %j",
    async (id) => {
      verifies("listen.ack-first", "listen.filter", "listen.id", "id.kept");
      const { handler, publish } = server();
      const response = await handler(listen(everything, { id }), "c");
      expect(response.headers.get("content-type")).toBe("text/event-stream");
      publish({ kind: "tools" });
      publish({ kind: "resources" });
      publish({ kind: "prompts" });
      publish({ kind: "resource", uri: "a:c" });
      publish({ kind: "resource", uri: "a:d" });
      const messages = messagesOf(response);
      const next = async () => (await messages.next()).value;
      const _meta = { [subscription]: id };
      expect(await next()).toEqual({
        jsonrpc: "2.0",
        method: "notifications/subscriptions/acknowledged",
        params: {
          notifications: { toolsListChanged: true, resourceSubscriptions: ["a:b", "a:c"] },
          _meta,
        },
      });
      expect(await next()).toEqual({
        jsonrpc: "2.0",
        method: "notifications/tools/list_changed",
        params: { _meta },
      });
      expect(await next()).toEqual({
        jsonrpc: "2.0",
        method: "notifications/resources/updated",
        params: { uri: "a:c", _meta },
      });
      await messages.return(undefined);
    },
  );

  it("ends by itself, with a result", async () => {
    verifies("listen.graceful", "result.type");
    const { handler, publish } = server({ maxMs: 10 });
    const response = await handler(listen({ toolsListChanged: true }, { id: 5 }), "c");
    const [ack, end, ...more] = parseMessages(await response.text());
    expect(ack.method).toBe("notifications/subscriptions/acknowledged");
    expect(end).toMatchObject({
      id: 5,
      result: { resultType: "complete", _meta: { [subscription]: 5 } },
    });
    expect(more).toEqual([]);
    publish({ kind: "tools" });
  });

  it("ends with the caller's token, in the same way", async () => {
    verifies("listen.token-expiry");
    const asked: unknown[] = [];
    const { handler } = server({
      maxMs: 60_000,
      expiresAt: ({ principal }) => {
        asked.push(principal);
        return Date.now() + 20;
      },
    });
    const response = await handler(listen({ toolsListChanged: true }, { id: 5 }), "c");
    const [ack, end] = parseMessages(await response.text());
    expect(ack.method).toBe("notifications/subscriptions/acknowledged");
    expect(end).toMatchObject({ id: 5, result: { resultType: "complete" } });
    expect(asked).toHaveLength(1);
  });

  it.each([
    ["never", undefined],
    ["later than it may last", Infinity],
  ])("lasts no longer than it may with a token that ends %s", async (_when, end) => {
    const { handler } = server({ maxMs: 10, expiresAt: () => end });
    const response = await handler(listen({ toolsListChanged: true }), "c");
    expect(parseMessages(await response.text())).toHaveLength(2);
  });

  it("may be left at any time", async () => {
    const { handler, publish, reported } = server();
    const gone = new AbortController();
    const request = new Request(listen({ toolsListChanged: true }), { signal: gone.signal });
    const response = await handler(request, "c");
    gone.abort();
    expect(parseMessages(await response.text())).toHaveLength(1);
    const other = await handler(listen({ toolsListChanged: true }), "c");
    await other.body!.cancel();
    publish({ kind: "tools" });
    await pause();
    expect(reported).toEqual([]);
  });

  it("tells each listener, and each of many changes once while it is slow", async () => {
    const { handler, publish } = server({ maxMs: 30 });
    const [one, two] = await Promise.all([
      handler(listen({ toolsListChanged: true }, { id: 1 }), "c"),
      handler(listen({ toolsListChanged: true }, { id: 2 }), "c"),
    ]);
    for (let at = 0; at < 5; at += 1) publish({ kind: "tools" });
    expect(parseMessages(await one.text())).toHaveLength(3);
    expect(parseMessages(await two.text())).toHaveLength(3);
  });

  it("keeps one of each change for a client that reads nothing", async () => {
    const { handler, publish } = server({ maxMs: 60 });
    const response = await handler(listen({ toolsListChanged: true }), "c");
    for (let at = 0; at < 20; at += 1) {
      publish({ kind: "tools" });
      await pause(1);
    }
    await pause(60);
    const messages = parseMessages(await response.text());
    expect(messages.map(({ method, id }) => method ?? id)).toEqual([
      "notifications/subscriptions/acknowledged",
      "notifications/tools/list_changed",
      1,
    ]);
  });

  it("is over for a client that left while it was asked about", async () => {
    const gone = new AbortController();
    const { handler } = server({
      maxMs: 60_000,
      authorize: () => {
        gone.abort();
        return true;
      },
    });
    const request = new Request(listen(everything), { signal: gone.signal });
    expect(parseMessages(await (await handler(request, "c")).text())).toHaveLength(1);
  });

  it.each(["resourceSubscriptions", "taskIds"])("takes no more than 100 %s", async (name) => {
    let asked = 0;
    const { handler } = server({
      maxMs: 1,
      authorize: () => {
        asked += 1;
        return true;
      },
    });
    const capabilities = { extensions: { "io.modelcontextprotocol/tasks": {} } };
    const of = async (length: number) => {
      const names = Array.from({ length }, (_, at) => `a:${at}`);
      return await read(handler(listen({ [name]: names }, { capabilities }), "c"));
    };
    expect((await of(101)).body.error.code).toBe(-32602);
    expect(asked).toBe(0);
    expect((await of(100)).headers.get("content-type")).toBe("text/event-stream");
  });

  it("asks whether the caller may know", async () => {
    const { handler } = server({
      maxMs: 5,
      authorize: ({ principal }, target) =>
        principal === "ada" && target.kind === "resource" && target.uri === "a:b",
    });
    const headers = { authorization: "Bearer ada" };
    const granted = async (options: object) =>
      parseMessages(await (await handler(listen(everything, options), "c")).text())[0].params
        .notifications;
    expect(await granted({ headers })).toEqual({
      toolsListChanged: true,
      resourceSubscriptions: ["a:b"],
    });
    expect(await granted({})).toEqual({ toolsListChanged: true });
  });

  it.each([
    undefined,
    null,
    [],
    { toolsListChanged: 1 },
    { resourceSubscriptions: "a:b" },
    { resourceSubscriptions: [1] },
    { resourceSubscriptions: ["a:b", "no scheme"] },
    { resourceSubscriptions: ["a:b c"] },
  ])("refuses the wishes %j", async (notifications) => {
    const { status, body } = await read(server().handler(listen(notifications), "c"));
    expect([status, body.error.code]).toEqual([200, -32602]);
  });

  it("of tasks is for clients that declare them", async () => {
    const { handler } = server({ maxMs: 5 });
    const refused = await read(handler(listen({ taskIds: [] }), "c"));
    expect([refused.status, refused.body.error.code]).toEqual([400, -32021]);
    const capabilities = { extensions: { "io.modelcontextprotocol/tasks": {} } };
    const granted = await handler(listen({ taskIds: ["x"] }, { capabilities }), "c");
    expect(parseMessages(await granted.text())[0].params.notifications).toEqual({});
  });

  it("needs a client that reads a stream, and an era that has it", async () => {
    const { handler } = server();
    const headers = { accept: "application/json" };
    expect((await handler(listen({}, { headers }), "c")).status).toBe(406);
    const old = await read(
      handler(post(rpc("subscriptions/listen", { notifications: {} }), newest), "c"),
    );
    expect([old.status, old.body.error.code]).toEqual([200, -32601]);
  });
});

describe("a session", () => {
  const subscriptions = () => memorySubscriptions<string, Person>();
  const get = (headers: Record<string, string>) =>
    new Request("http://localhost:3000/mcp", {
      headers: { ...headers, accept: "text/event-stream" },
    });

  it("is told of what it subscribed to, and of lists, on a stream that it gets", async () => {
    const { handler, publish } = server({ subscriptions: subscriptions(), maxMs: 40 });
    const session = await open(handler);
    const other = await open(handler);
    const send = async (method: string, params: object) =>
      (await read(handler(post(rpc(method, params), session), "c"))).body;
    expect((await send("resources/subscribe", { uri: "a:b" })).result).toEqual({});
    expect((await send("resources/subscribe", { uri: "a:c" })).result).toEqual({});
    expect((await send("resources/unsubscribe", { uri: "a:c" })).result).toEqual({});
    verifies("resource.uri-valid");
    for (const uri of [undefined, 5, "no scheme", "a:b c", "a:é", `a:${"x".repeat(8191)}`]) {
      expect((await send("resources/subscribe", { uri })).error.code).toBe(-32602);
    }
    const streams = await Promise.all([handler(get(session), "c"), handler(get(other), "c")]);
    for (const uri of ["a:b", "a:c"]) publish({ kind: "resource", uri });
    publish({ kind: "tools" });
    const [own, foreign] = await Promise.all(
      streams.map(async (stream) => parseMessages(await stream.text())),
    );
    const changed = { jsonrpc: "2.0", method: "notifications/tools/list_changed" };
    expect(own).toEqual([
      { jsonrpc: "2.0", method: "notifications/resources/updated", params: { uri: "a:b" } },
      changed,
    ]);
    expect(foreign).toEqual([changed]);
  });

  it("is told no more on a stream whose token has ended, and opens another", async () => {
    verifies("listen.token-expiry");
    let end = Date.now() + 20;
    const { handler, publish } = server({
      subscriptions: subscriptions(),
      maxMs: 60_000,
      expiresAt: () => end,
    });
    const session = await open(handler);
    expect(parseMessages(await (await handler(get(session), "c")).text())).toEqual([]);
    end = Date.now() + 40;
    const again = await handler(get(session), "c");
    publish({ kind: "tools" });
    expect(parseMessages(await again.text())).toHaveLength(1);
  });

  it("is told each change on one of its streams alone: the newest that is open", async () => {
    verifies("stream.one-each");
    const { handler, publish } = server({ subscriptions: subscriptions(), maxMs: 60 });
    const session = await open(handler);
    const [older, newer] = [await handler(get(session), "c"), await handler(get(session), "c")];
    const texts = Promise.all([older.text(), read(newer)]);
    const newest = await handler(get(session), "c");
    publish({ kind: "tools" });
    const messages = messagesOf(newest);
    expect((await messages.next()).value.method).toBe("notifications/tools/list_changed");
    await messages.return(undefined);
    await pause();
    publish({ kind: "resources" });
    const [first, { text: second }] = await texts;
    expect(parseMessages(first)).toEqual([]);
    expect(parseMessages(second).map(({ method }) => method)).toEqual([
      "notifications/resources/list_changed",
    ]);
  });

  it.each(["told here", "told elsewhere"])("that ends, ends its streams: %s", async (where) => {
    const sessions = memorySessions<string, Person>({ ownerOf: (person) => person });
    const feed = memoryChanges<string, Person>({ kinds });
    const { handler } = endpoint({
      sessions,
      features: [serveChanges({ feed, subscriptions: subscriptions(), maxMs: 60_000 })],
    });
    const session = await open(handler);
    const stream = await handler(get(session), "c");
    const other = await handler(get(await open(handler)), "c");
    const request = new Request("http://localhost:3000/mcp", {
      method: "DELETE",
      headers: session,
    });
    if (where === "told here") {
      expect((await handler(request, "c")).status).toBe(204);
    } else {
      // Another process has ended it, with the same store.
      expect((await endpoint({ sessions }).handler(request, "c")).status).toBe(204);
      feed.publish({ kind: "tools" });
    }
    expect(parseMessages(await stream.text())).toEqual([]);
    feed.publish({ kind: "tools" });
    expect((await messagesOf(other).next()).value.method).toBe("notifications/tools/list_changed");
    await other.body?.cancel().catch(() => undefined);
  });

  it("cannot subscribe to what it may not know", async () => {
    const { handler } = server({ subscriptions: subscriptions(), authorize: () => false });
    const request = post(rpc("resources/subscribe", { uri: "a:b" }), await open(handler));
    expect((await read(handler(request, "c"))).body.error.code).toBe(-32602);
  });

  it("can unsubscribe from what it may not know any more, and nobody is asked", async () => {
    const asked: string[] = [];
    let allowed = true;
    const { handler, publish } = server({
      subscriptions: subscriptions(),
      maxMs: 40,
      authorize: (_, target) => {
        asked.push(target.kind);
        return allowed;
      },
    });
    const session = await open(handler);
    const send = async (method: string) =>
      (await read(handler(post(rpc(method, { uri: "a:b" }), session), "c"))).body;
    expect((await send("resources/subscribe")).result).toEqual({});
    allowed = false;
    expect((await send("resources/unsubscribe")).result).toEqual({});
    expect(asked).toEqual(["resource"]);
    const stream = await handler(get(session), "c");
    publish({ kind: "resource", uri: "a:b" });
    expect(parseMessages(await stream.text())).toEqual([]);
  });

  it("is offered none of it where it could not be told", async () => {
    const { handler } = server();
    const session = await open(handler);
    expect((await handler(get(session), "c")).status).toBe(405);
    const subscribe = await read(
      handler(post(rpc("resources/subscribe", { uri: "a:b" }), session), "c"),
    );
    expect(subscribe.body.error.code).toBe(-32601);
  });
});

describe("streams", () => {
  const limited = (
    options: MemoryListenersOptions<Person>,
    more: Partial<ServeChangesOptions<string, Person>> = {},
  ) =>
    server({
      subscriptions: memorySubscriptions(),
      listeners: memoryListeners({ ownerOf: (person) => person, ...options }),
      ...more,
    });
  const listenAs = (person: string) =>
    listen({ toolsListChanged: true }, { headers: { authorization: `Bearer ${person}` } });

  it("are as many as one caller may have, and a further one is refused", async () => {
    const { handler } = limited({ maxPerOwner: 2 });
    const session = await open(handler);
    const get = () =>
      new Request("http://localhost:3000/mcp", {
        headers: { ...session, accept: "text/event-stream" },
      });
    const first = await handler(listenAs("ada"), "c");
    const second = await handler(get(), "c");
    for (const request of [listenAs("ada"), get()]) {
      const { status, body } = await read(handler(request, "c"));
      expect([status, body.error.code]).toEqual([429, -32000]);
      expect(body.error.message).toContain("end one");
    }
    expect((await handler(listenAs("eve"), "c")).status).toBe(200);
    await first.body!.cancel();
    const third = await handler(get(), "c");
    expect([second.status, third.status]).toEqual([200, 200]);
  });

  it("are not taken for long by a feed that throws", async () => {
    const memory = memoryChanges<string, Person>({ kinds });
    let broken = true;
    const feed = {
      ...memory,
      watch: (...args: Parameters<typeof memory.watch>) => {
        if (broken) throw new Error("no feed");
        return memory.watch(...args);
      },
    };
    const { handler } = limited({ maxPerOwner: 1 }, { feed, maxMs: 10 });
    expect((await read(handler(listenAs("ada"), "c"))).body.error.code).toBe(-32603);
    broken = false;
    await pause(20);
    expect((await handler(listenAs("ada"), "c")).headers.get("content-type")).toBe(
      "text/event-stream",
    );
  });

  it("of a session are limited without a name for its user", async () => {
    const { handler } = server({ subscriptions: memorySubscriptions() });
    const session = await open(handler);
    const statuses = [];
    for (let at = 0; at < 21; at += 1) {
      const headers = { ...session, accept: "text/event-stream" };
      const request = new Request("http://localhost:3000/mcp", { headers });
      statuses.push((await handler(request, "c")).status);
    }
    expect(statuses.filter((status) => status === 429)).toHaveLength(1);
  });

  it("in all are never too many: one of who has most ends", async () => {
    const { handler } = limited({ max: 3 });
    const ada = await handler(listenAs("ada"), "c");
    const [oldest, newest] = [
      await handler(listenAs("eve"), "c"),
      await handler(listenAs("eve"), "c"),
    ];
    const bob = await handler(listenAs("bob"), "c");
    // With its result: that is how a stream ends that may be opened again.
    expect(parseMessages(await oldest.text())).toMatchObject([{}, { result: {} }]);
    for (const stream of [ada, newest, bob]) {
      const messages = messagesOf(stream);
      expect((await messages.next()).value.method).toContain("acknowledged");
      await messages.return(undefined);
    }
  });
});

describe("capabilities", () => {
  it("name what can be heard of, in the eras that can hear it", async () => {
    verifies("listen.declared", "capability.honest");
    const of = async (handler: any, request: Request) =>
      (await read(handler(request, "c"))).body.result.capabilities;
    const told = {
      tools: { listChanged: true },
      resources: { listChanged: true, subscribe: true },
    };
    const modern = server().handler;
    expect(await of(modern, ask("server/discover"))).toEqual(told);
    expect(await of(modern, post(initialize))).toEqual({ tools: {}, resources: {} });
    const both = server({ subscriptions: memorySubscriptions() }).handler;
    expect(await of(both, post(initialize))).toEqual(told);
  });
});

describe("the official clients hear of changes", () => {
  const url = new URL("http://localhost:3000/mcp");
  const fetchTo = (handler: any) => async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init);
    request.headers.set("authorization", "Bearer ada");
    return await handler(request, "c");
  };

  it("v1, on its GET stream", async () => {
    const { handler, publish } = server({ subscriptions: memorySubscriptions() });
    const client = new ClientV1({ name: "client", version: "0" });
    const heard = new Promise((resolve) => {
      client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) =>
        resolve(params.uri),
      );
    });
    await client.connect(new TransportV1(url, { fetch: fetchTo(handler) }));
    await client.subscribeResource({ uri: "a:b" });
    await pause(20);
    publish({ kind: "resource", uri: "a:b" });
    expect(await heard).toBe("a:b");
    await client.close();
  });

  it("v2, by listening", async () => {
    const { handler, publish } = server();
    const client = new ClientV2(
      { name: "client", version: "0" },
      { versionNegotiation: { mode: { pin: "2026-07-28" } } },
    );
    const heard = new Promise((resolve) => {
      client.setNotificationHandler("notifications/tools/list_changed", () => resolve("tools"));
    });
    await client.connect(new TransportV2(url, { fetch: fetchTo(handler) }));
    const subscribed = await client.listen({ toolsListChanged: true });
    publish({ kind: "tools" });
    expect(await heard).toBe("tools");
    await subscribed.close();
    await client.close();
  });
});
