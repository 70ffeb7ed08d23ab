import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";
import { page, pageHeaders } from "../convex/page.ts";
import { createMcpClient } from "../page/mcp.ts";
import { startingArguments, startingValue } from "../page/schema.ts";

const ENDPOINT = "http://localhost:1/mcp";

afterEach(() => vi.unstubAllGlobals());

/** Answers the page's requests by method, and keeps what it was asked. */
function stubServer(answer: (message: Record<string, unknown>, headers: Headers) => Response) {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (_url: string, init: { body: string; headers: HeadersInit }) => {
    const message = JSON.parse(init.body) as Record<string, unknown>;
    asked.push(String(message["method"]));
    return answer(message, new Headers(init.headers));
  });
  return asked;
}

function reply(message: Record<string, unknown>, result: unknown, headers = {}): Response {
  return Response.json({ jsonrpc: "2.0", id: message["id"], result }, { headers });
}

describe("the page's MCP client", () => {
  it("initializes once and lists every page of tools", async () => {
    const asked = stubServer((message) => {
      if (message["method"] !== "tools/list") return reply(message, {});
      const { cursor } = message["params"] as { cursor?: string };
      return cursor === undefined
        ? reply(message, { tools: [{ name: "one", description: "1" }, 7], nextCursor: "next" })
        : reply(message, { tools: [{ name: "two" }] });
    });
    const client = createMcpClient(ENDPOINT, undefined);
    expect((await client.listTools()).map(({ name }) => name)).toEqual(["one", "two"]);
    await client.listTools();
    expect(asked.slice(0, 3)).toEqual(["initialize", "notifications/initialized", "tools/list"]);
    expect(asked.filter((method) => method === "initialize")).toHaveLength(1);
  });

  it("finds its answer in a stream, after other messages", async () => {
    stubServer((message) => {
      if (message["method"] !== "tools/call") return reply(message, {});
      const answer = JSON.stringify({ jsonrpc: "2.0", id: message["id"], result: { content: [] } });
      return new Response(
        `: keep-alive\n\nevent: message\ndata: {"jsonrpc":"2.0","method":"notifications/progress"}\n\nid: 1\r\ndata: ${answer}\r\n\r\n`,
        { headers: { "content-type": "text/event-stream" } },
      );
    });
    const exchange = await createMcpClient(ENDPOINT, "token").callTool("one", {});
    expect(exchange).toMatchObject({ status: 200, answer: { result: { content: [] } } });
  });

  it("starts over when its session is gone", async () => {
    let session = 0;
    const asked = stubServer((message, headers) => {
      if (message["method"] === "initialize") {
        return reply(message, {}, { "mcp-session-id": `s${++session}` });
      }
      const stale = headers.get("mcp-session-id") !== "s2";
      if (message["method"] === "tools/call" && stale) return new Response(null, { status: 404 });
      return reply(message, { content: [] });
    });
    const exchange = await createMcpClient(ENDPOINT, "token").callTool("one", {});
    expect(exchange.status).toBe(200);
    expect(asked.filter((method) => method === "initialize")).toHaveLength(2);
  });

  it("hands refusals back, with their challenge", async () => {
    stubServer((message) =>
      message["method"] === "tools/call"
        ? new Response("no", { status: 401, headers: { "www-authenticate": "Bearer" } })
        : reply(message, {}),
    );
    const exchange = await createMcpClient(ENDPOINT, undefined).callTool("one", {});
    expect(exchange).toMatchObject({ status: 401, challenge: "Bearer", answer: "no" });
  });

  it("says who did not answer, and asks anew the next time", async () => {
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("Failed to fetch");
    });
    const client = createMcpClient(ENDPOINT, undefined);
    await expect(client.listTools()).rejects.toThrow("http://localhost:1 does not answer.");
    stubServer((message) => reply(message, { tools: [] }));
    expect(await client.listTools()).toEqual([]);
  });
});

describe("the arguments to start from", () => {
  it("are what the schema requires", () => {
    const schema = {
      type: "object",
      properties: {
        customer: { type: "string" },
        amountCents: { anyOf: [{ type: "integer" }, { type: "string" }] },
        status: { enum: ["open", "paid"] },
        lines: { type: "array" },
        address: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
        note: { type: "string" },
      },
      required: ["customer", "amountCents", "status", "lines", "address"],
    };
    expect(startingArguments(schema)).toEqual({
      customer: "",
      amountCents: 0,
      status: "open",
      lines: [],
      address: { city: "" },
    });
  });

  it.each([
    [{ default: 7, type: "string" }, 7],
    [{ const: "x" }, "x"],
    [{ type: ["null", "boolean"] }, false],
    [{}, {}],
    [undefined, null],
  ])("of %j is %j", (schema, value) => {
    expect(startingValue(schema)).toEqual(value);
  });
});

describe("the page", () => {
  it("is what page/ makes", async () => {
    const build = fileURLToPath(new URL("../page/build.mjs", import.meta.url));
    const run = promisify(execFile)(process.execPath, [build, "--check"]);
    expect(await run).toEqual({ stdout: "", stderr: "" });
  });

  it("asks for nothing from elsewhere", () => {
    const links = page.matchAll(/(?:src|href)=["']?([^"'\s>]+)/g);
    expect([...links].map(([, link]) => link).filter((link) => !/^(#|data:)/.test(link!))).toEqual(
      [],
    );
    expect(page).not.toMatch(/\.innerHTML|document\.write/);
    expect(pageHeaders["content-security-policy"]).toMatch(
      /^default-src 'none'; script-src 'sha256-/,
    );
  });
});
