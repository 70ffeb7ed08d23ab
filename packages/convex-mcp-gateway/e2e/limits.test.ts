import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from "@modelcontextprotocol/client";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type App, call, initialize, request, type SendOptions, startApp } from "./support/app.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.embedded.close());

const rows = (label: string) => app.embedded.run("things:count", { label });
const user = async (subject: string, path: string): Promise<SendOptions> => ({
  path: `/${path}/mcp`,
  token: await app.token(subject),
});
const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
/** Three calls that the gateway `users` lets pass. */
const useUp = async (options: SendOptions) => {
  for (const answer of times(3, () => call("subject"))) await app.send(answer, options);
};

describe("function calls on a gateway with limits", () => {
  const read = request("resources/read", { uri: "papers://hello" });
  const prompt = request("prompts/get", { name: "hello", arguments: { label: "x" } });

  it.each([
    ["tools/call of a query", call("subject"), 1, 1, 1],
    ["tools/call of a mutation", call("add", { label: "cost" }), 1, 1, 1],
    ["tools/call of an action, which makes 2 itself", call("relay", { label: "cost" }), 5, 5, 1],
    ["tools/call of inline code", call("talk"), 2, 2, 1],
    ["a query that wants the latest commit: one more", call("count", { label: "x" }), 3, 3, 1],
    ["wrong arguments", call("add"), 1, 1, 1],
    ["a denied tool", call("secret"), 1, 1, 1],
    ["an unknown tool", call("none"), 1, 1, 1],
    ["a dispatch that is undone", call("lie", { label: "x" }), 2, 2, 1],
    ["initialize", initialize, 1, 1, 1],
    ["resources/read: one more without a session", read, 2, 2, 1],
    ["prompts/get: one more without a session", prompt, 1, 1, 1],
    ["tools/list", request("tools/list"), 0, 1, undefined],
    ["ping", request("ping"), 0, 1, undefined],
  ])("%s: %#", async (what, message, without, within, beyond) => {
    const options = await user(`cost ${what}`, "users");
    expect(await app.cost(() => app.send(message, options))).toBe(without);
    const opened = await app.send(initialize, options);
    const session = opened.headers.get("Mcp-Session-Id") ?? "";
    expect(await app.cost(() => app.send(message, { ...options, session }))).toBe(within);
    if (beyond === undefined) return;
    for (const inSession of [{}, { session }]) {
      const refuse = () => app.send(message, { ...options, ...inSession });
      expect((await refuse()).status).toBe(429);
      expect(await app.cost(refuse)).toBe(beyond);
    }
  });

  it.each([
    ["resources/subscribe", { uri: "papers://hello" }, 3],
    ["logging/setLevel", { level: "info" }, 2],
  ])("%s: what it is without, beyond the limit as well", async (method, params, calls) => {
    const options = await user(method, "users");
    const opened = await app.send(initialize, options);
    const within = { ...options, session: opened.headers.get("Mcp-Session-Id") ?? "" };
    const ask = () => app.send(request(method, params), within);
    expect(await app.cost(ask)).toBe(calls);
    await ask();
    expect(await app.cost(ask)).toBe(calls);
    expect((await ask()).status).toBe(429);
  });

  it("a stream of changes: one more to open it, and one where it may not be, whatever it names", async () => {
    const options = { ...(await user("streams", "users")), version: "2026-07-28" };
    const uris = Array.from({ length: 20 }, (_, index) => `papers://hello?${index}`);
    const listen = request("subscriptions/listen", {
      notifications: { resourceSubscriptions: ["papers://hello", ...uris] },
      _meta: {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
      },
    });
    app.embedded.resetCalls();
    const { status, body } = await app.send(listen, options);
    // It is counted, what there is is asked for, and the stream noted: the first look comes after a second.
    expect([status, app.embedded.calls().length]).toEqual([200, 3]);
    await body?.cancel();
    await useUp(await user("streams", "users"));
    expect(await app.cost(() => app.send(listen, options))).toBe(1);
  });

  it("a stranger's: what they are without", async () => {
    const options = { path: "/users/mcp" };
    expect(await app.cost(() => app.send(call("add", { label: "x" }), options))).toBe(1);
    expect(await app.cost(() => app.send(call("none"), options))).toBe(0);
    expect(await app.cost(() => app.send(initialize, options))).toBe(0);
  });
});

describe("over time", () => {
  it("there is room again, as the engine's clock goes", async () => {
    const options = await user("tina", "patient");
    const add = async () => {
      const response = await app.send(call("add", { label: "time" }), options);
      const { result } = (await response.json()) as { result: { isError?: boolean } };
      return result.isError ?? false;
    };
    const six = [await add(), await add(), await add(), await add(), await add(), await add()];
    expect(six).toEqual([false, false, false, false, false, true]);
    await app.embedded.advance(10_000);
    expect([await add(), await add()]).toEqual([false, true]);
    await app.embedded.advance(60 * 60_000);
    expect(await rows("time")).toBe(6);
    expect(await add()).toBe(false);
  });
});

describe("at once", () => {
  it("calls never exceed the limit together", async () => {
    const options = await user("rush", "users");
    const all = await Promise.all(
      times(12, () => app.send(call("add", { label: "rush" }), options)),
    );
    expect(all.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(all.filter(({ status }) => status === 429)).toHaveLength(9);
    expect(await rows("rush")).toBe(3);
  });
});

describe("a stranger", () => {
  it("is limited by the address that the connection comes from, and no user with them", async () => {
    const add = (headers = {}) =>
      app.send(call("add", { label: "x" }), { path: "/strangers/mcp", headers });
    const claims = [1, 2, 3].map((n) => ({ "X-Forwarded-For": `198.51.100.${n}` }));
    const seen: number[] = [];
    for (const headers of claims) seen.push((await add(headers)).status);
    expect(seen).toEqual([200, 200, 429]);
    const signedIn = await user("uma", "strangers");
    expect((await app.send(call("add", { label: "x" }), signedIn)).status).toBe(200);
  });
});

describe("a refusal", () => {
  it("comes before any byte of a stream", async () => {
    const options = await user("stan", "users");
    const talk = request("tools/call", {
      name: "talk",
      arguments: {},
      _meta: { progressToken: 1 },
    });
    const streamed = await app.send(talk, options);
    expect(streamed.headers.get("Content-Type")).toBe("text/event-stream");
    await streamed.text();
    await useUp(options);
    const refused = await app.send(talk, { ...options, accept: "text/event-stream" });
    expect([refused.status, refused.headers.get("Content-Type")]).toEqual([
      429,
      "application/json",
    ]);
    expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(0);
  });

  it("can be read by a page", async () => {
    const options = await user("page", "users");
    await useUp(options);
    const headers = { Origin: "http://localhost:6274" };
    const refused = await app.send(call("subject"), { ...options, headers });
    expect(refused.status).toBe(429);
    expect(refused.headers.get("Access-Control-Expose-Headers")).toContain("Retry-After");
  });

  it("leaves no entry", async () => {
    const options = await user("nora", "users");
    await useUp(options);
    for (const message of times(5, () => call("add", { label: "none" }))) {
      expect((await app.send(message, options)).status).toBe(429);
    }
    const log = await app.embedded.run("log:entries", { subject: "nora" });
    expect(JSON.parse(String(log))).toHaveLength(3);
  });
});

describe("the official clients", () => {
  const url = (path: string) => new URL(`/${path}/mcp`, app.embedded.url);
  const headersOf = async (subject: string) => ({
    requestInit: { headers: { Authorization: `Bearer ${await app.token(subject)}` } },
  });
  const subject = { name: "subject", arguments: {} };

  it("of 2025-11-25 reject with the status, and go on in the same session later", async () => {
    const client = new Client({ name: "test", version: "1" });
    await client.connect(
      new StreamableHTTPClientTransport(url("clients"), await headersOf("version one")),
    );
    // `initialize` was the first of two.
    await client.callTool(subject);
    const failure = await client.callTool(subject).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 429 });
    expect(String(failure)).toContain("Retry in 30 seconds");
    await app.embedded.advance(30_000);
    expect(await client.callTool(subject)).toMatchObject({ content: [{ text: "version one" }] });
    await client.close();
  });

  it("of 2026-07-28 do so as well", async () => {
    const client = new ModernClient({ name: "test", version: "1" });
    await client.connect(new ModernTransport(url("users"), await headersOf("version two")));
    const failures: unknown[] = [];
    for (const _ of times(5, () => 0)) {
      await client.callTool(subject).catch((error: unknown) => failures.push(error));
    }
    expect(failures.length).toBeGreaterThan(0);
    expect(String(failures[0])).toContain("Retry in ");
    await client.close();
  });

  it("give the model what a tool's error says", async () => {
    const client = new Client({ name: "test", version: "1" });
    await client.connect(
      new StreamableHTTPClientTransport(url("patient"), await headersOf("version three")),
    );
    for (const _ of times(4, () => 0)) await client.callTool(subject);
    expect(await client.callTool(subject)).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining("Wait 10 seconds") as string }],
    });
    await client.close();
  });
});
