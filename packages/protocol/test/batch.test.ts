import { verifies } from "@convex-mcp/spec";
import { describe, expect, it } from "vitest";
import { endpoint, initialize, post, read, rpc } from "./support/endpoint.ts";

const notification = { jsonrpc: "2.0", method: "notifications/initialized" };
const withId = (id: unknown, method = "ping", params?: unknown) => ({ ...rpc(method, params), id });

async function send(body: unknown, headers: Record<string, string> = {}) {
  const { handler } = endpoint();
  return await read(handler(post(body, headers), "c"));
}

describe("batches of 2025-03-26", () => {
  it("are answered in order, without the notifications", async () => {
    verifies("batch.answers");
    const { status, body } = await send([
      withId("a"),
      notification,
      withId(2, "tools/call", { name: "echo", arguments: { n: 1 } }),
      withId("", "unheard/of"),
    ]);
    expect(status).toBe(200);
    expect(body.map((message: { id: unknown }) => message.id)).toEqual(["a", 2, ""]);
    expect(body[1].result.content[0].text).toBe('{"n":1}');
    expect(body[2].error.code).toBe(-32601);
  });

  it("of one are still a list", async () => {
    expect((await send([withId(1)])).body).toEqual([{ jsonrpc: "2.0", id: 1, result: {} }]);
  });

  it("run one after another", async () => {
    const order: string[] = [];
    const slow = {
      definition: { name: "slow", inputSchema: { type: "object" as const } },
      run: async ({ n }: Readonly<Record<string, unknown>>) => {
        order.push(`start ${String(n)}`);
        await new Promise((resolve) => setTimeout(resolve, n === 1 ? 5 : 0));
        order.push(`end ${String(n)}`);
        return { content: [] };
      },
    };
    const { handler } = endpoint({ catalog: { tools: [slow] } });
    const calls = [1, 2].map((n) => withId(n, "tools/call", { name: "slow", arguments: { n } }));
    await handler(post(calls), "c");
    expect(order).toEqual(["start 1", "end 1", "start 2", "end 2"]);
  });

  it.each([
    [[notification, notification]],
    [[{ jsonrpc: "2.0", id: 1, result: {} }, notification]],
  ])("of nothing to answer are accepted: %j", async (batch) => {
    verifies("batch.nothing-owed");
    const { status, text } = await send(batch);
    expect([status, text]).toEqual([202, ""]);
  });

  it("become one event a message for who accepts only a stream", async () => {
    const { text } = await send([withId(1), withId(2)], { accept: "text/event-stream" });
    const data = [...text.matchAll(/^data: (.*)$/gm)].map(([, json]) => JSON.parse(json ?? "").id);
    expect(data).toEqual([1, 2]);
  });

  it("answer an invalid member where it stands", async () => {
    const { status, body } = await send([5, withId(1), { jsonrpc: "2.0", id: 9 }]);
    expect(status).toBe(200);
    expect(body).toMatchObject([{ error: { code: -32600 } }, { id: 1 }, { id: 9 }]);
    expect(body[0]).not.toHaveProperty("id");
  });

  it("have no answer for a notification that is refused among requests", async () => {
    const { status, body } = await send([{ ...notification, params: [] }, withId(1)]);
    expect([status, body]).toEqual([200, [{ jsonrpc: "2.0", id: 1, result: {} }]]);
  });

  it("make a refused call an in-band error among others, and a refusal when it is all there is", async () => {
    const refusal = { status: 403, code: -32000, message: "no" };
    const { handler } = endpoint({ catalog: { authorize: () => refusal } });
    const call = withId(1, "tools/call", { name: "echo" });
    const mixed = await read(handler(post([call, withId(2)]), "c"));
    expect([mixed.status, mixed.body]).toMatchObject([
      200,
      [
        { id: 1, error: { code: -32000, message: "no" } },
        { id: 2, result: {} },
      ],
    ]);
    const alone = await read(handler(post([call, notification, call]), "c"));
    expect([alone.status, alone.body.id]).toEqual([403, 1]);
  });

  it("of an unknown session are 404", async () => {
    const { status } = await send([withId(1), notification], { "mcp-session-id": "gone" });
    expect(status).toBe(404);
  });

  it.each([
    ["empty", []],
    ["too long", Array.from({ length: 21 }, () => notification)],
    ["with initialize", [withId(1), initialize]],
  ])("are refused as a whole when %s", async (_, batch) => {
    verifies("batch.initialize", "batch.empty", "limits.body");
    const { status, body } = await send(batch);
    expect([status, body.error.code]).toEqual([400, -32600]);
  });

  it("of a million members are refused before these are looked at", async () => {
    const { status, body } = await send(`[${"0,".repeat(1_000_000)}0]`);
    expect([status, body.error.code]).toEqual([400, -32600]);
    expect(body.error.message).toContain("1000001");
  });

  it("may hold 20 messages", async () => {
    const { body } = await send(Array.from({ length: 20 }, (_, id) => withId(id)));
    expect(body).toHaveLength(20);
  });
});

it.each(["2025-06-18", "2025-11-25"])("%s knows no batches, and says so", async (version) => {
  verifies("batch.revision");
  const { status, body } = await send([withId(1)], { "mcp-protocol-version": version });
  expect([status, body.error.code]).toEqual([400, -32600]);
  expect(body.error.message).toContain(version);
});
