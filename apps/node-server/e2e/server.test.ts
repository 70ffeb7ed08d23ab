/** The server over real sockets: what the bridge to Node's http has to do, and what SQLite is for. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { verifies } from "@convex-mcp/spec";
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as TransportV2,
} from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { memoryStores, sqliteStores, startNodeServer, type NodeServer } from "../src/index.ts";
import { ask, info, open, post, readUntil, send } from "./support/requests.ts";

const answer = { action: "accept" as const, content: { username: "ada", email: "a@b.c" } };
const declared = { capabilities: { elicitation: {} } };

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

describe.each([undefined, "mcp.db"])("streams, with the stores of %s", (file) => {
  it("a broken one is fetched to its end", async () => {
    const { url } = await start(file);
    const headers = await open(url);
    const params = { name: "test_tool_with_progress", _meta: { progressToken: 1 } };
    const broken = await post(url, "tools/call", params, headers);
    const told = await readUntil(broken, '"progress":0');
    const [last] = told.match(/(?<=^id: ).+$/gm)?.slice(-1) ?? [];
    const rest = await fetch(url, {
      headers: { ...headers, accept: "text/event-stream", "last-event-id": last ?? "" },
    });
    const fetched = await readUntil(rest);
    expect(fetched).not.toContain('"progress":0,');
    expect(fetched).toContain('"progress":50');
    expect(fetched).toContain('"result"');
    expect(errors).toEqual([]);
  });

  it("tell a session of what it subscribed to, from a call of somebody else", async () => {
    const { url } = await start(file);
    const headers = await open(url);
    const uri = "test://watched-resource";
    expect((await post(url, "resources/subscribe", { uri }, headers)).status).toBe(200);
    const stream = await fetch(url, { headers: { ...headers, accept: "text/event-stream" } });
    const trigger = { name: "test_trigger_resource_change", arguments: {} };
    expect((await ask(url, "tools/call", trigger)).status).toBe(200);
    expect(await readUntil(stream, uri)).toContain("notifications/resources/updated");
  });

  it("tell those who listen in 2026-07-28", async () => {
    const { url } = await start(file);
    const stream = await ask(url, "subscriptions/listen", {
      notifications: { toolsListChanged: true },
    });
    await ask(url, "tools/call", { name: "test_trigger_prompt_change", arguments: {} });
    await ask(url, "tools/call", { name: "test_trigger_tool_change", arguments: {} });
    const told = await readUntil(stream, "list_changed");
    expect(told).toContain("notifications/subscriptions/acknowledged");
    expect(told).toContain("notifications/tools/list_changed");
    expect(told).not.toContain("prompts");
  });
});

describe("two processes on one SQLite file", () => {
  it("share sessions, and the answers to questions", async () => {
    const [one, two] = [await start("mcp.db"), await start("mcp.db")];
    const headers = await open(one.url, declared.capabilities);
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
      const sent = await send(two.url, { id, result: answer }, headers);
      expect(sent.status).toBe(202);
    }
    expect(told).toContain("action=accept");
  });

  it("a session outlives its process", async () => {
    const before = await start("mcp.db");
    const headers = await open(before.url);
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
    const response = await ask(url, "tools/call", {
      name: "test_tool_with_progress",
      arguments: {},
    });
    const parts: string[] = [];
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) parts.push(part);
    expect(parts.length).toBeGreaterThanOrEqual(3);
    expect(parts[0]).not.toContain('"result"');
    expect(parts.at(-1)).toContain('"result"');
  });

  it("complains to nobody when a client leaves", async () => {
    const { url } = await start();
    const leave = new AbortController();
    const called = ask(
      url,
      "tools/call",
      { name: "slow_compute", arguments: { seconds: 60, label: "x" } },
      leave.signal,
    );
    setTimeout(() => leave.abort(), 50);
    await expect(called).rejects.toThrow("aborted");
    const listening = await ask(url, "tools/call", {
      name: "test_tool_with_progress",
      arguments: {},
    });
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

  it("listens to its own machine alone", async () => {
    verifies("host.loopback");
    const { url } = await start();
    // The whole of 127.0.0.0/8 is this machine: who listens everywhere answers here too.
    const socket = connect(Number(new URL(url).port), "127.0.0.2");
    const met = await new Promise((resolve) => {
      socket.once("connect", () => resolve("connected")).once("error", () => resolve("refused"));
    });
    socket.destroy();
    expect(met).toBe("refused");
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
    expect((await ask(url, "tools/call", { name: "test_simple_text", arguments: {} })).status).toBe(
      200,
    );
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
