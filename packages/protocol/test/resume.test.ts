/** Streams that a client of 2025-11-25 can fetch the rest of. */
import { verifies } from "@convex-mcp/spec";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { CallToolResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { describe, expect, it } from "vitest";
import { memoryEvents, resumption } from "../src/index.ts";
import { post, read, rpc, type Person } from "./support/endpoint.ts";
import { live, open, tool } from "./support/live.ts";
import { parseEvents, parseMessages } from "./support/modern.ts";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const works = tool("works", async (channel) => {
  channel.progress(1);
  await pause(10);
  channel.progress(2);
  return "done";
});
const leaves = tool("leaves", async (channel) => {
  channel.closeStream();
  await pause(20);
  return "done";
});
const call = (name: string) => rpc("tools/call", { name, _meta: { progressToken: 1 } });

function get(headers: Record<string, string>, lastEventId?: string): Request {
  const more = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
  return new Request("http://localhost:3000/mcp", {
    headers: { accept: "text/event-stream", ...headers, ...more },
  });
}

describe("a stream of a session", () => {
  it("begins with an id, a wait, and no data", async () => {
    verifies("stream.priming", "stream.event-ids");
    const { handler } = live([works]);
    const session = await open(handler);
    const { text } = await read(handler(post(call("works"), session), "c"));
    const [first, ...events] = parseEvents(text);
    expect(first).toEqual({
      id: expect.stringMatching(/^[\da-f-]{36}\.0$/),
      retry: "10",
      data: "",
    });
    expect(new Set(events.map(({ id }) => id?.split(".")[0]))).toEqual(
      new Set([first?.id?.split(".")[0]]),
    );
    expect(events.map(({ id }) => id?.split(".")[1])).toEqual(["1", "2", "3"]);
  });

  it("is fetched from any of its events on, and ends with the response", async () => {
    verifies("stream.resume-own", "stream.last-frame");
    const { handler } = live([works]);
    const session = await open(handler);
    const { text } = await read(handler(post(call("works"), session), "c"));
    const events = parseEvents(text);
    for (const [at, { id }] of events.entries()) {
      const rest = await read(handler(get(session, id), "c"));
      expect([rest.status, rest.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
      expect(parseEvents(rest.text)).toEqual(events.slice(at + 1));
    }
  });

  it("goes on after the client went away, and is followed until it ends", async () => {
    const { handler } = live([works]);
    const session = await open(handler);
    const response = await handler(post(call("works"), session), "c");
    const reader = response.body!.getReader();
    const { value } = await reader.read();
    await reader.cancel();
    const [{ id } = {}] = parseEvents(new TextDecoder().decode(value));
    const rest = await read(handler(get(session, id), "c"));
    expect(parseMessages(rest.text)).toMatchObject([
      { params: { progress: 1 } },
      { params: { progress: 2 } },
      { id: 1, result: {} },
    ]);
  });

  it("may be left by the tool before anything was sent", async () => {
    const { handler } = live([leaves]);
    const session = await open(handler);
    const left = await read(handler(post(call("leaves"), session), "c"));
    const [{ id } = {}, ...more] = parseEvents(left.text);
    expect(more).toEqual([]);
    const rest = await read(handler(get(session, id), "c"));
    expect(parseMessages(rest.text)).toMatchObject([{ id: 1, result: {} }]);
  });

  it("that is followed has an id from the beginning, and a wait, as long as it goes on", async () => {
    const { handler } = live([leaves]);
    const session = await open(handler);
    const left = await read(handler(post(call("leaves"), session), "c"));
    const [priming] = parseEvents(left.text);
    const rest = await read(handler(get(session, priming?.id), "c"));
    expect(parseEvents(rest.text)[0]).toEqual(priming);
    const again = await read(handler(get(session, priming?.id), "c"));
    expect(parseEvents(again.text)).toMatchObject([{ data: expect.stringContaining("result") }]);
  });

  it("is nobody else's", async () => {
    verifies("stream.resume-own", "handle.user-bound");
    const { handler } = live([works]);
    const session = await open(handler);
    const { text } = await read(handler(post(call("works"), session), "c"));
    const [{ id } = {}] = parseEvents(text);
    const other = await open(handler);
    const eve = await open(handler, {}, { person: "eve" });
    const stolen = { ...session, authorization: "Bearer eve" };
    const anonymous = { "mcp-protocol-version": "2025-11-25" };
    expect((await handler(get(other, id), "c")).status).toBe(400);
    expect((await handler(get(eve, id), "c")).status).toBe(400);
    expect((await handler(get(anonymous, id), "c")).status).toBe(400);
    expect((await handler(get(stolen, id), "c")).status).toBe(404);
  });

  it("is not kept for ever", async () => {
    let time = 0;
    const { handler } = live([works], { now: () => time });
    const session = await open(handler);
    const { text } = await read(handler(post(call("works"), session), "c"));
    time = 300_001;
    expect((await handler(get(session, parseEvents(text)[0]?.id), "c")).status).toBe(400);
  });
});

describe("GET", () => {
  it.each(["", "x", `${"0".repeat(36)}.0`, `${"0".repeat(36)}.99999999999`])(
    "refuses the event id %j",
    async (id) => {
      const { handler } = live([works]);
      expect((await handler(get(await open(handler), id), "c")).status).toBe(400);
    },
  );

  it("is 405 without an event id, in the modern era, and where nothing is kept", async () => {
    const { handler } = live([works]);
    const session = await open(handler);
    expect((await handler(get(session), "c")).status).toBe(405);
    const modern = { "mcp-protocol-version": "2026-07-28" };
    expect((await handler(get(modern, "x"), "c")).status).toBe(405);
    const bare = live([works], { resume: undefined }).handler;
    expect((await bare(get({ authorization: "Bearer ada" }, "x"), "c")).status).toBe(405);
    expect((await bare(get({ authorization: "Bearer bad" }, "x"), "c")).status).toBe(401);
  });

  it("asks who it is, and for a stream", async () => {
    const { handler } = live([works]);
    expect((await handler(get({ authorization: "Bearer bad" }), "c")).status).toBe(401);
    expect((await handler(get({ accept: "application/json" }), "c")).status).toBe(406);
  });
});

it.each([
  ["once", 500],
  ["again and again", 5],
])("lets the v1 client come back by itself, %s", async (_, maxMs) => {
  const events = memoryEvents<string, Person>();
  const resume = resumption({ events, retryMs: 1, pollMs: 1, maxMs });
  const { handler } = live([leaves], { resume });
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init);
    request.headers.set("authorization", "Bearer ada");
    return await handler(request, "c");
  };
  const client = new ClientV1({ name: "client", version: "0" });
  await client.connect(new TransportV1(new URL("http://localhost:3000/mcp"), { fetch }));
  const result = await client.request(
    { method: "tools/call", params: { name: "leaves" } },
    CallToolResultSchema,
    { timeout: 2000 },
  );
  expect(result.content).toEqual([{ type: "text", text: "done" }]);
  await client.close();
});
