import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type App, startApp } from "./support/app.ts";

let app: App;
let client: Client;

/** The official client checks structured content against the tool's output schema, and throws where they differ. */
beforeAll(async () => {
  app = await startApp();
  const token = await app.token("alice", { scope: "rows:write" });
  client = new Client({ name: "values", version: "1" });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${app.embedded.url}/mcp`), {
      requestInit: { headers: { Authorization: `Bearer ${token}` } },
    }),
  );
  await client.listTools();
});

afterAll(async () => {
  await client.close();
  await app.embedded.close();
});

describe("values survive the trip through the real bundles", () => {
  it.each([
    ["9223372036854775807", "-9223372036854775808"],
    ["9007199254740993", "0"],
  ])("int64 %s and %s, bytes, and everything else", async (whole, other) => {
    const value = {
      text: "é\u0000\u2028😀",
      number: 0.1,
      whole,
      flag: false,
      nothing: null,
      data: btoa(String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte))),
      list: [other, "1"],
      map: { "a key": 1, "": 2 },
      either: "a",
      free: { deep: [[{ x: null }]], n: 1e300 },
      maybe: "yes",
    };
    const result = await client.callTool({ name: "echo", arguments: { value } });
    expect(result.isError).toBeUndefined();
    expect(result.structuredContent).toEqual(value);
  });

  it("numbers that JSON does not have", async () => {
    const result = await client.callTool({ name: "not_a_number", arguments: {} });
    expect(result.structuredContent).toEqual({ result: "NaN" });
  });

  it("images, links and several blocks", async () => {
    const result = await client.callTool({ name: "picture", arguments: {} });
    expect(result.content).toEqual([
      { type: "text", text: "A picture:" },
      { type: "image", data: "AQID", mimeType: "image/png" },
      { type: "resource_link", uri: "https://example.com/picture", name: "page" },
    ]);
  });

  it("a large result", async () => {
    const label = "x".repeat(900_000);
    const result = await client.callTool({ name: "inline", arguments: { label } });
    expect(result.structuredContent).toEqual({ subject: "alice", label });
  });
});
