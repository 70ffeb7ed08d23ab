import type { Fetch, ServerKind } from "../servers/tools.ts";

/** Opens sessions in a process of its own and prints how many bytes of heap each of them keeps. */
const SESSIONS = 4000;

/** Each process loads what it measures, and nothing else. */
const LOADERS: Readonly<Record<string, () => Promise<ServerKind>>> = {
  ours: async () => (await import("../servers/ours.ts")).ours,
  sdk1Server: async () => (await import("../servers/sdk1.ts")).sdk1Server,
  sdk1McpServer: async () => (await import("../servers/sdk1.ts")).sdk1McpServer,
  sdk2Server: async () => (await import("../servers/sdk2.ts")).sdk2Server,
  sdk2McpServer: async () => (await import("../servers/sdk2.ts")).sdk2McpServer,
};

const [name = "", tools = "10"] = process.argv.slice(2);
const fetch = (await LOADERS[name]?.())?.sessions?.(Number(tools));
if (fetch === undefined) throw new Error(`There is no server "${name}" with sessions.`);
await open(fetch, 0, 100);
const before = await settledHeap();
await open(fetch, 100, 100 + SESSIONS);
const after = await settledHeap();
await open(fetch, 0, 1);
console.log((after - before) / SESSIONS);

async function open(fetch: Fetch, from: number, to: number): Promise<void> {
  for (let index = from; index < to; index += 1) {
    const body = JSON.stringify({
      jsonrpc: "2.0",
      id: index,
      method: "initialize",
      params: {
        protocolVersion: "2025-11-25",
        capabilities: {},
        clientInfo: { name: `client-${index}`, version: "1.0.0" },
      },
    });
    const headers = {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "x-owner": `user-${index}`,
    };
    const url = "http://localhost:3000/mcp";
    const response = await fetch(new Request(url, { method: "POST", headers, body }));
    await response.text();
    if (!response.headers.has("mcp-session-id")) throw new Error("Expected a session.");
  }
}

async function settledHeap(): Promise<number> {
  for (let round = 0; round < 5; round += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return process.memoryUsage().heapUsed;
}
