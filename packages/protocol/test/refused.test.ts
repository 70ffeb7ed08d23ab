import { watchHandler } from "@convex-mcp/spec/watch";
import { describe, expect, it } from "vitest";
import { createMcpHandler, memorySessions, memoryTools, Refused } from "../src/index.ts";

const refusal = {
  status: 429,
  code: -32000,
  message: "Later.",
  data: { retryAfterSeconds: 5 },
  headers: { "Retry-After": "5" },
};
const refuse = () => Promise.reject(new Refused(refusal));

describe("a store or a catalog that throws Refused", () => {
  const reported: unknown[] = [];
  const sessions = memorySessions<undefined, undefined>({ ownerOf: () => undefined });
  const handle = watchHandler(
    createMcpHandler<undefined, undefined>({
      serverInfo: { name: "test", version: "1" },
      authenticate: () => ({ ok: true, principal: undefined }),
      sessions: { ...sessions, create: refuse },
      tools: { ...memoryTools<undefined, undefined>({ tools: [] }), call: refuse },
      onError: (error) => reported.push(error),
    }),
  );
  const ask = (method: string, params: object) =>
    handle(
      new Request("http://localhost/mcp", {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          Accept: "application/json, text/event-stream",
          "MCP-Protocol-Version": "2025-11-25",
        },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
      }),
      undefined,
    );

  it.each([
    ["tools/call", { name: "any" }],
    [
      "initialize",
      {
        protocolVersion: "2025-11-25",
        capabilities: {},
        clientInfo: { name: "test", version: "1" },
      },
    ],
  ])("has %s answered as it says, and nothing reported", async (method, params) => {
    const response = await ask(method, params);
    expect([response.status, response.headers.get("Retry-After")]).toEqual([429, "5"]);
    const { code, message, data } = refusal;
    expect(await response.json()).toEqual({
      jsonrpc: "2.0",
      id: 1,
      error: { code, message, data },
    });
    expect(reported).toEqual([]);
  });
});
