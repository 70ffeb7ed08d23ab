/** What a running request tells its client, and how it is stopped. */
import { verifies } from "@convex-mcp/spec";
import { describe, expect, it } from "vitest";
import { memoryPrompts, memoryResources, servePrompts, serveResources } from "../src/index.ts";
import { newest, post, read, rpc } from "./support/endpoint.ts";
import { live, messagesOf, open, tool } from "./support/live.ts";
import { ask, parseEvents, parseMessages } from "./support/modern.ts";

const works = tool("works", (channel) => {
  channel.progress(0, 2);
  channel.progress(1, 2, "half");
  channel.progress(1);
  channel.progress(Number.NaN);
  channel.progress(2, 2);
  return "done";
});
const logs = tool("logs", (channel) => {
  channel.log("debug", { n: 1 });
  channel.log("warning", "careful", "engine");
  return "logged";
});
const quiet = tool("quiet", () => "quiet");

const call = (name: string, meta?: object) => rpc("tools/call", { name, _meta: meta });
const sse = (headers: Headers) => headers.get("content-type") === "text/event-stream";

describe("progress", () => {
  it.each(["token", 0, 7])(
    "is sent under the token %j before the response, on one stream",
    async (progressToken) => {
      verifies("progress.token", "progress.increases", "stream.last-frame", "stream.framing");
      const { handler } = live([works]);
      const session = await open(handler);
      const answers = [
        await read(handler(post(call("works", { progressToken }), session), "c")),
        await read(handler(ask("tools/call", { name: "works" }, { meta: { progressToken } }), "c")),
      ];
      for (const { status, headers, text } of answers) {
        expect([status, sse(headers), headers.get("x-accel-buffering")]).toEqual([200, true, "no"]);
        const [first, second, third, response, ...rest] = parseMessages(text);
        expect(first).toEqual({
          jsonrpc: "2.0",
          method: "notifications/progress",
          params: { progressToken, progress: 0, total: 2 },
        });
        expect(second.params).toEqual({ progressToken, progress: 1, total: 2, message: "half" });
        expect(third.params).toEqual({ progressToken, progress: 2, total: 2 });
        expect(response).toMatchObject({ id: 1, result: { content: [{ text: "done" }] } });
        expect(rest).toEqual([]);
      }
    },
  );

  it.each([undefined, null, 1.5, {}])("is not sent under the token %j", async (progressToken) => {
    verifies("progress.token");
    const { handler } = live([works]);
    const { headers, body } = await read(
      handler(post(call("works", { progressToken }), newest), "c"),
    );
    expect([sse(headers), body.result.content[0].text]).toEqual([false, "done"]);
  });

  it("has no total where it is no number that JSON knows", async () => {
    const odd = tool("odd", (channel) => {
      channel.progress(1, Infinity);
      return "done";
    });
    const meta = { progressToken: 1 };
    const { text } = await read(
      live([odd]).handler(ask("tools/call", { name: "odd" }, { meta }), "c"),
    );
    expect(parseMessages(text)[0].params).toEqual({ progressToken: 1, progress: 1 });
  });

  it("is dropped for a client that takes JSON alone, and in a batch", async () => {
    const { handler } = live([works]);
    const meta = { progressToken: 1 };
    const json = { ...newest, accept: "application/json" };
    const { headers, body } = await read(handler(post(call("works", meta), json), "c"));
    expect([sse(headers), body.result.content[0].text]).toEqual([false, "done"]);
    const batch = await read(handler(post([call("works", meta)]), "c"));
    expect(batch.body).toHaveLength(1);
  });

  it("comes while the work goes on, for prompts and resources too", async () => {
    const gate: { open: () => void } = { open: () => undefined };
    const opened = () =>
      new Promise<void>((resolve) => {
        gate.open = resolve;
      });
    const { handler } = live([], {
      features: [
        servePrompts(
          memoryPrompts({
            prompts: [
              {
                definition: { name: "p" },
                get: async (_, { request }) => {
                  request.channel.progress(1);
                  await opened();
                  return { messages: [] };
                },
              },
            ],
          }),
        ),
        serveResources(
          memoryResources({
            resources: [
              {
                definition: { uri: "a:b", name: "b" },
                read: async ({ request }) => {
                  request.channel.progress(1);
                  await opened();
                  return { contents: [] };
                },
              },
            ],
          }),
        ),
      ],
    });
    for (const [method, params] of [
      ["prompts/get", { name: "p" }],
      ["resources/read", { uri: "a:b" }],
    ] as const) {
      const response = await handler(ask(method, params, { meta: { progressToken: 1 } }), "c");
      const messages = messagesOf(response);
      expect((await messages.next()).value.method).toBe("notifications/progress");
      gate.open();
      expect((await messages.next()).value.result.resultType).toBe("complete");
      expect((await messages.next()).done).toBe(true);
    }
  });

  it("does not stop an answer of 4xx as long as nothing was sent", async () => {
    verifies("envelope.capability-missing");
    const asks = tool("asks", async (channel) => {
      await channel.sample({ messages: [], maxTokens: 1 });
      return "";
    });
    const tells = tool("tells", async (channel) => {
      channel.progress(1);
      await channel.sample({ messages: [], maxTokens: 1 });
      return "";
    });
    const { handler } = live([asks, tells]);
    const meta = { progressToken: 1 };
    const open400 = await read(handler(ask("tools/call", { name: "asks" }, { meta }), "c"));
    expect([open400.status, open400.body.error]).toMatchObject([
      400,
      { code: -32021, data: { requiredCapabilities: { sampling: {} } } },
    ]);
    const late = await read(handler(ask("tools/call", { name: "tells" }, { meta }), "c"));
    const [, error] = parseMessages(late.text);
    expect([late.status, error]).toMatchObject([200, { id: 1, error: { code: -32021 } }]);
  });
});

describe("log lines", () => {
  it("follow the level of the session", async () => {
    verifies("logging.level");
    const { handler } = live([logs]);
    const session = await open(handler);
    const lines = async () => {
      const { text, body } = await read(handler(post(call("logs"), session), "c"));
      return body
        ? []
        : parseMessages(text)
            .slice(0, -1)
            .map(({ params }) => params);
    };
    const setLevel = async (level: unknown) =>
      (await read(handler(post(rpc("logging/setLevel", { level }), session), "c"))).body;
    const careful = { level: "warning", logger: "engine", data: "careful" };
    expect(await lines()).toEqual([careful]);
    expect((await setLevel("debug")).result).toEqual({});
    expect(await lines()).toEqual([{ level: "debug", data: { n: 1 } }, careful]);
    expect((await setLevel("error")).result).toEqual({});
    expect(await lines()).toEqual([]);
    expect((await setLevel("loud")).error.code).toBe(-32602);
  });

  it("of a modern request follow its own wish", async () => {
    verifies("logging.opt-in");
    const { handler } = live([logs]);
    const lines = async (meta: Record<string, unknown>) => {
      const { text, body } = await read(
        handler(ask("tools/call", { name: "logs" }, { meta }), "c"),
      );
      return body ? 0 : parseMessages(text).length - 1;
    };
    const level = "io.modelcontextprotocol/logLevel";
    expect(await lines({})).toBe(0);
    expect(await lines({ [level]: "loud" })).toBe(0);
    expect(await lines({ [level]: "warning" })).toBe(1);
    expect(await lines({ [level]: "debug" })).toBe(2);
    expect((await read(handler(ask("logging/setLevel", { level: "debug" }), "c"))).status).toBe(
      404,
    );
  });

  it("get lost, and nothing else, when their level cannot be told", async () => {
    const logLevels = {
      set: async () => undefined,
      get: async () => await Promise.reject(new Error("no database")),
    };
    const { handler, reported } = live([logs], { logs: logLevels });
    const session = await open(handler);
    for (const accept of ["application/json", "application/json, text/event-stream"]) {
      const answer = await read(handler(post(call("logs"), { ...session, accept }), "c"));
      expect(answer.body.result.content[0].text).toBe("logged");
    }
    expect(reported.length).toBeGreaterThan(0);
  });

  it("get lost, and nothing else, when their data is no JSON", async () => {
    const odd = tool("odd", (channel) => {
      channel.log("info", { count: 5n });
      channel.log("info", undefined);
      return "logged";
    });
    const { handler, reported } = live([odd]);
    const { text } = await read(handler(post(call("odd"), await open(handler)), "c"));
    expect(parseMessages(text)).toMatchObject([
      { method: "notifications/message", params: { data: null } },
      { result: { content: [{ text: "logged" }] } },
    ]);
    expect(reported).toMatchObject([{ error: expect.any(TypeError) }]);
  });

  it("are declared only where they can be chosen", async () => {
    const { handler } = live([logs], { logs: undefined });
    const discovered = await read(handler(ask("server/discover"), "c"));
    expect(discovered.body.result.capabilities).toEqual({ tools: {} });
    expect((await read(handler(post(call("logs"), newest), "c"))).body.result).toBeDefined();
  });
});

describe("cancelling", () => {
  const seen: string[] = [];
  const slow = tool("slow", async ({ signal, progress }) => {
    progress(1);
    await new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    seen.push("stopped");
    return "never seen";
  });
  const cancel = (requestId: unknown) => ({
    jsonrpc: "2.0",
    method: "notifications/cancelled",
    params: { requestId },
  });

  it.each([{ progressToken: 1 }, undefined])(
    "by notification ends the stream without a response: %j",
    async (meta) => {
      verifies("cancel.session");
      const { handler } = live([slow]);
      const session = await open(handler);
      const response = handler(post(call("slow", meta), session), "c");
      await new Promise((resolve) => setTimeout(resolve, 5));
      seen.length = 0;
      expect((await handler(post(cancel("1"), session), "c")).status).toBe(202);
      const eve = await open(handler, {}, { person: "eve" });
      expect((await handler(post(cancel(1), eve), "c")).status).toBe(202);
      expect((await handler(post(cancel(1), newest), "c")).status).toBe(202);
      expect(seen).toEqual([]);
      expect((await handler(post(cancel(1), session), "c")).status).toBe(202);
      const messages = parseMessages(await (await response).text());
      expect(messages.filter((message) => "result" in message || "error" in message)).toEqual([]);
      expect(seen).toEqual(["stopped"]);
    },
  );

  it.each([
    [0, []],
    [1000, ["cleaned up"]],
  ])(
    "gives work %i ms to end before its stream does, and answers nothing",
    async (graceMs, log) => {
      const ended: string[] = [];
      const tidy = tool("tidy", async ({ signal, progress }) => {
        progress(1);
        await new Promise<void>((resolve) => {
          signal.addEventListener("abort", () => resolve(), { once: true });
        });
        await new Promise((resolve) => setTimeout(resolve, 30));
        ended.push("cleaned up");
        return "never seen";
      });
      const { handler } = live([tidy], { graceMs });
      const session = await open(handler);
      const response = handler(post(call("tidy"), session), "c");
      await new Promise((resolve) => setTimeout(resolve, 5));
      await handler(post(cancel(1), session), "c");
      expect(parseMessages(await (await response).text())).toEqual([]);
      expect(ended).toEqual(log);
    },
  );

  it("tells a tool whether anybody listens", async () => {
    const said: boolean[] = [];
    const { handler } = live([tool("listens", ({ listens }) => String(said.push(listens)))]);
    const json = { accept: "application/json" };
    await handler(post(call("listens"), await open(handler)), "c");
    await handler(post(call("listens"), { ...(await open(handler)), ...json }), "c");
    await handler(ask("tools/call", { name: "listens" }, {}), "c");
    expect(said).toEqual([true, false, true]);
  });

  it("is not prevented by somebody who knows the session's id", async () => {
    const { handler } = live([slow]);
    const session = await open(handler);
    const response = handler(post(call("slow"), session), "c");
    const thief = { ...session, authorization: "Bearer eve" };
    expect((await handler(post(call("slow"), thief), "c")).status).toBe(404);
    expect((await handler(post(cancel(1), thief), "c")).status).toBe(404);
    seen.length = 0;
    await handler(post(cancel(1), session), "c");
    expect(parseMessages(await (await response).text())).toEqual([]);
    expect(seen).toEqual(["stopped"]);
  });

  it("tells a client that takes no stream", async () => {
    const { handler } = live([slow]);
    const session = { ...(await open(handler)), accept: "application/json" };
    const response = handler(post(call("slow"), session), "c");
    await new Promise((resolve) => setTimeout(resolve, 5));
    await handler(post(cancel(1), session), "c");
    expect((await read(response)).body.error.message).toContain("cancelled");
  });

  it("is hanging up in the modern era: the stream's end, or the request's", async () => {
    verifies("disconnect.modern");
    const { handler } = live([slow]);
    seen.length = 0;
    const meta = { progressToken: 1 };
    const response = await handler(ask("tools/call", { name: "slow" }, { meta }), "c");
    await response.body!.cancel();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(seen).toEqual(["stopped"]);
    const hangUp = new AbortController();
    const request = new Request(ask("tools/call", { name: "slow" }, { meta }), {
      signal: hangUp.signal,
    });
    const streaming = await handler(request, "c");
    hangUp.abort();
    expect(parseMessages(await streaming.text())).toHaveLength(1);
    expect(seen).toEqual(["stopped", "stopped"]);
  });

  it("is not hanging up in a session", async () => {
    verifies("disconnect.session");
    const finished: string[] = [];
    const steady = tool("steady", async ({ signal, progress }) => {
      progress(1);
      await new Promise((resolve) => setTimeout(resolve, 10));
      finished.push(String(signal.aborted));
      return "";
    });
    const { handler, reported } = live([steady]);
    const session = await open(handler);
    const response = await handler(post(call("steady", { progressToken: 1 }), session), "c");
    await response.body!.cancel();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect([finished, reported]).toEqual([["false"], []]);
  });
});

describe("streams", () => {
  it("are kept open with comments", async () => {
    verifies("stream.heartbeat");
    const waits = tool("waits", async (channel) => {
      channel.progress(1);
      await new Promise((resolve) => setTimeout(resolve, 60));
      return "";
    });
    const { handler } = live([waits], { keepAliveMs: 10 });
    const { text } = await read(
      handler(ask("tools/call", { name: "waits" }, { meta: { progressToken: 1 } }), "c"),
    );
    expect(text.split("\n\n").filter((block) => block === ":").length).toBeGreaterThan(1);
    expect(parseMessages(text)).toHaveLength(2);
  });

  it("carry no ids where nothing can be fetched again", async () => {
    verifies("stream.priming");
    const { handler } = live([works]);
    const meta = { progressToken: 1 };
    const june = await open(handler, {}, { version: "2025-06-18" });
    for (const request of [
      ask("tools/call", { name: "works" }, { meta }),
      post(call("works", meta), newest),
      post(call("works", meta), june),
    ]) {
      const { text } = await read(handler(request, "c"));
      expect(parseEvents(text).every(({ id, data }) => id === undefined && data !== "")).toBe(true);
    }
  });

  it("are not opened for what is quiet", async () => {
    const { handler } = live([quiet]);
    const { headers } = await read(handler(post(call("quiet", { progressToken: 1 }), newest), "c"));
    expect(sse(headers)).toBe(false);
  });
});
