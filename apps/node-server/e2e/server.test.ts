/** The server over real sockets: what the bridge to Node's http has to do, and what SQLite is for. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as TransportV2,
} from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { memoryStores, sqliteStores, startNodeServer, type NodeServer } from "../src/index.ts";

const info = { name: "end-to-end", version: "1.0.0" };
const answer = { action: "accept" as const, content: { username: "ada", email: "a@b.c" } };
const declared = { capabilities: { elicitation: {} } };
const json = { "content-type": "application/json", accept: "application/json, text/event-stream" };

let directory: string;
let running: NodeServer[];
const errors: unknown[] = [];

async function start(file?: string): Promise<NodeServer> {
  const stores = file === undefined ? memoryStores() : sqliteStores(join(directory, file));
  const server = await startNodeServer({ port: 0, stores, onError: (error) => errors.push(error) });
  running.push(server);
  return server;
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "node-server-"));
  running = [];
  errors.length = 0;
});

afterEach(async () => {
  await Promise.all(running.map(({ close }) => close()));
  rmSync(directory, { recursive: true });
});

function post(url: string, method: string, params: object, headers: Record<string, string> = {}) {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  return fetch(url, { method: "POST", headers: { ...json, ...headers }, body });
}

/** Calls a tool in 2026-07-28. */
function callModern(url: string, name: string, args: object, signal?: AbortSignal) {
  const version = "2026-07-28";
  const params = {
    name,
    arguments: args,
    _meta: {
      "io.modelcontextprotocol/protocolVersion": version,
      "io.modelcontextprotocol/clientCapabilities": {},
      progressToken: 1,
    },
  };
  const headers = {
    ...json,
    "mcp-protocol-version": version,
    "mcp-method": "tools/call",
    "mcp-name": name,
  };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params });
  return fetch(url, { method: "POST", headers, body, ...(signal && { signal }) });
}

describe.each([undefined, "mcp.db"])("with the stores of %s", (file) => {
  it("serves the v1 client: list, call, read, be asked, cancel", async () => {
    const { url } = await start(file);
    const client = new ClientV1(info, declared);
    client.setRequestHandler(ElicitRequestSchema, () => answer);
    await client.connect(new TransportV1(new URL(url)));
    expect((await client.listTools()).tools[0]?.name).toBe("test_simple_text");
    const read = await client.readResource({ uri: "test://template/7/data" });
    expect(JSON.stringify(read.contents)).toContain("Data for ID: 7");
    const asked = await client.callTool({ name: "test_elicitation", arguments: { message: "?" } });
    expect(JSON.stringify(asked.content)).toContain("action=accept");
    const cancel = new AbortController();
    const slow = client.callTool(
      { name: "slow_compute", arguments: { seconds: 60, label: "never" } },
      undefined,
      { signal: cancel.signal },
    );
    setTimeout(() => cancel.abort("enough"), 50);
    await expect(slow).rejects.toThrow("enough");
    await client.close();
    expect(errors).toEqual([]);
  });

  it.each(["2025-11-25", "2026-07-28"])("serves the v2 client at %s", async (version) => {
    const { url } = await start(file);
    const modern = version === "2026-07-28";
    const client = new ClientV2(info, {
      ...declared,
      ...(modern ? { versionNegotiation: { mode: { pin: version } } } : {}),
    });
    client.setRequestHandler("elicitation/create", () => answer);
    await client.connect(new TransportV2(new URL(url)));
    expect((await client.listTools()).tools[0]?.name).toBe("test_simple_text");
    const asked = await client.callTool({ name: "test_elicitation", arguments: { message: "?" } });
    expect(JSON.stringify(asked.content)).toContain("action=accept");
    await client.close();
    expect(errors).toEqual([]);
  });
});

describe("two processes on one SQLite file", () => {
  it("share sessions, and the answers to questions", async () => {
    const [one, two] = [await start("mcp.db"), await start("mcp.db")];
    const opened = await post(one.url, "initialize", {
      protocolVersion: "2025-11-25",
      clientInfo: info,
      ...declared,
    });
    const headers = {
      "mcp-session-id": opened.headers.get("mcp-session-id") ?? "",
      "mcp-protocol-version": "2025-11-25",
    };
    const call = { name: "test_elicitation", arguments: { message: "?" } };
    const response = await post(one.url, "tools/call", call, headers);
    const text = response.body!.pipeThrough(new TextDecoderStream());
    let told = "";
    let answered = false;
    for await (const part of text) {
      told += part;
      const [, id] = /"id":"([\w-]+)","method":"elicitation\/create"/.exec(told) ?? [];
      if (id === undefined || answered) continue;
      answered = true;
      const body = JSON.stringify({ jsonrpc: "2.0", id, result: answer });
      const sent = await fetch(two.url, { method: "POST", headers: { ...json, ...headers }, body });
      expect(sent.status).toBe(202);
    }
    expect(told).toContain("action=accept");
  });

  it("a session outlives its process", async () => {
    const before = await start("mcp.db");
    const opened = await post(before.url, "initialize", {
      protocolVersion: "2025-11-25",
      clientInfo: info,
      capabilities: {},
    });
    const headers = { "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" };
    await before.close();
    running.pop();
    const after = await start("mcp.db");
    expect((await post(after.url, "ping", {}, headers)).status).toBe(200);
    expect((await post(after.url, "ping", {}, { "mcp-session-id": "x" })).status).toBe(404);
  });
});

describe("the bridge to Node's http", () => {
  it("sends a stream as it is made", async () => {
    const { url } = await start();
    const response = await callModern(url, "test_tool_with_progress", {});
    const parts: string[] = [];
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) parts.push(part);
    expect(parts.length).toBeGreaterThanOrEqual(3);
    expect(parts[0]).not.toContain('"result"');
    expect(parts.at(-1)).toContain('"result"');
  });

  it("tells a tool that its client left, and complains to nobody", async () => {
    const { url } = await start();
    const leave = new AbortController();
    const called = callModern(url, "slow_compute", { seconds: 60, label: "x" }, leave.signal);
    setTimeout(() => leave.abort(), 50);
    await expect(called).rejects.toThrow("aborted");
    const listening = await callModern(url, "test_tool_with_progress", {});
    await listening.body?.cancel();
    await new Promise((resolve) => {
      setTimeout(resolve, 200);
    });
    expect(errors).toEqual([]);
  });

  it.each([
    ["/mcp", { host: "evil.example.com" }, 403],
    ["/mcp", { host: "a b" }, 400],
    ["/other", {}, 404],
    ["//mcp", {}, 404],
    ["http://evil.example.com/mcp", {}, 403],
  ])("answers %s with the headers %j with %i", async (path, headers, status) => {
    const { url } = await start();
    const { port } = new URL(url);
    const got = await new Promise((resolve, reject) => {
      const sent = httpRequest({ port, path, method: "GET", headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.once("error", reject).end();
    });
    expect(got).toBe(status);
  });

  it("is small", () => {
    const files = ["server.ts", "endpoint.ts", "main.ts"];
    const texts = files.map((name) => readFileSync(new URL(`../src/${name}`, import.meta.url)));
    expect(texts.join("").match(/\n/g)?.length).toBeLessThan(200);
  });
});

describe("main", () => {
  const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));

  it("serves until it is told to stop", async () => {
    const env = { ...process.env, PORT: "0" };
    const args = [main, "--store", "sqlite", "--file", join(directory, "main.db")];
    const child = spawn(process.execPath, args, { env });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const url = await new Promise<string>((resolve) => {
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        resolve(/http:\S+/.exec(text)?.[0] ?? text);
      });
    });
    expect((await callModern(url, "test_simple_text", {})).status).toBe(200);
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  });

  it("says how it is called", async () => {
    const child = spawn(process.execPath, [main, "--store", "paper"]);
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
    expect(await new Promise((resolve) => child.once("close", resolve))).toBe(2);
    expect(said).toContain("--store memory|sqlite");
  });
});
