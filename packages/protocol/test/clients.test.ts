/** The official clients, connected to the handler through their `fetch` option: no socket. */
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as TransportV2,
} from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { describe, expect, it } from "vitest";
import { endpoint } from "./support/endpoint.ts";

const url = new URL("http://localhost:3000/mcp");
const info = { name: "client", version: "0" };

/** `fetch` into a handler, keeping what went over the wire. */
function connectTo(handler: ReturnType<typeof endpoint>["handler"], accept?: string) {
  const statuses: string[] = [];
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init);
    request.headers.set("authorization", "Bearer ada");
    if (accept !== undefined) request.headers.set("accept", accept);
    const response = await handler(request, "c");
    statuses.push(`${request.method} ${response.status}`);
    return response;
  };
  return { fetch, statuses };
}

describe.each(["application/json, text/event-stream", "text/event-stream"])(
  "Accept: %s",
  (accept) => {
    it("serves the v1 client", async () => {
      const { handler, reported } = endpoint({ limits: { pageSize: 2 } });
      const { fetch, statuses } = connectTo(handler, accept);
      const client = new ClientV1(info);
      const transport = new TransportV1(url, { fetch });
      await client.connect(transport);
      expect(client.getServerVersion()).toMatchObject({ name: "test", version: "1.2.3" });
      const first = await client.listTools();
      const second = await client.listTools({ cursor: first.nextCursor });
      const names = [...first.tools, ...second.tools].map(({ name }) => name);
      expect(names).toEqual(["echo", "link", "fails", "secret"]);
      const result = await client.callTool({ name: "echo", arguments: { text: "\u20ac" } });
      expect(result.structuredContent).toMatchObject({
        args: { text: "\u20ac" },
        principal: "ada",
      });
      await client.ping();
      await expect(client.callTool({ name: "none" })).rejects.toMatchObject({ code: -32602 });
      await expect(client.listResources()).rejects.toMatchObject({ code: -32601 });
      await transport.terminateSession();
      await expect(client.ping()).resolves.toEqual({});
      await client.close();
      expect(statuses).toContain("DELETE 204");
      expect(reported).toEqual([]);
    });

    it.each(["2025-03-26", "2025-06-18", "2025-11-25"])(
      "serves the v2 client at %s",
      async (version) => {
        const { handler } = endpoint();
        const { fetch, statuses } = connectTo(handler, accept);
        const client = new ClientV2(info, { supportedProtocolVersions: [version] });
        const transport = new TransportV2(url, { fetch });
        await client.connect(transport);
        expect(transport.protocolVersion).toBe(version);
        const { tools } = await client.listTools();
        expect(tools.map(({ name }) => name)).toContain("echo");
        const result = await client.callTool({ name: "link", arguments: {} });
        const [block] = result.content;
        expect(block?.type).toBe(version === "2025-03-26" ? "text" : "resource_link");
        await transport.terminateSession();
        await client.close();
        expect(statuses).toContain("DELETE 204");
      },
    );
  },
);

it.each(["auto", { pin: "2026-07-28" }] as const)(
  "serves the v2 client in the modern era: %j",
  async (mode) => {
    const { handler, reported } = endpoint({ limits: { pageSize: 3 } });
    const { fetch, statuses } = connectTo(handler);
    const client = new ClientV2(info, { versionNegotiation: { mode } });
    await client.connect(new TransportV2(url, { fetch }));
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain("echo");
    const result = await client.callTool({ name: "echo", arguments: { text: "\u20ac" } });
    expect(result.structuredContent).toMatchObject({ version: "2026-07-28", principal: "ada" });
    await expect(client.callTool({ name: "none" })).rejects.toMatchObject({ code: -32602 });
    await client.close();
    expect(statuses.filter((status) => status !== "POST 200")).toEqual([]);
    expect(reported).toEqual([]);
  },
);

it("tells a client that its session is gone", async () => {
  const { handler } = endpoint();
  const { fetch } = connectTo(handler);
  const client = new ClientV1(info);
  const transport = new TransportV1(url, { fetch });
  await client.connect(transport);
  const headers = { "mcp-session-id": transport.sessionId ?? "" };
  await fetch(url, { method: "DELETE", headers });
  await expect(client.ping()).rejects.toMatchObject({ code: 404 });
  await client.close();
});
