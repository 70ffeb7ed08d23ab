import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import {
  ElicitRequestSchema,
  LoggingMessageNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ListedAuditEntry } from "../src/index.ts";
import { type App, request, startApp } from "./support/app.ts";

const PATH = "/talking/mcp";
const SURVIVING = "/surviving/mcp";

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app.embedded.close());

async function entries(subject: string): Promise<ListedAuditEntry[]> {
  return JSON.parse(
    String(await app.embedded.run("log:entries", { subject })),
  ) as ListedAuditEntry[];
}

/** An official client of one user, who answers questions with a name; and what it was told and asked. */
async function connect(subject: string, path = PATH) {
  const logs: unknown[] = [];
  const asked: unknown[] = [];
  const client = new Client(
    { name: "streaming", version: "1" },
    { capabilities: { elicitation: { form: {} } } },
  );
  client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
    asked.push(params.message);
    return { action: "accept", content: { name: "Ada" } };
  });
  client.setNotificationHandler(LoggingMessageNotificationSchema, async ({ params }) => {
    logs.push(params);
  });
  const token = await app.token(subject);
  const transport = new StreamableHTTPClientTransport(new URL(app.embedded.url + path), {
    requestInit: { headers: { Authorization: `Bearer ${token}` } },
  });
  await client.connect(transport);
  return { client, transport, logs, asked };
}

describe("the official client of a session", () => {
  it("hears of progress while an action runs, and of its log lines", async () => {
    const { client, logs } = await connect("hearer");
    const heard: number[] = [];
    const result = await client.callTool(
      { name: "work", arguments: { label: "heard", ask: false } },
      undefined,
      { onprogress: ({ progress }) => heard.push(progress) },
    );
    expect(result.content).toEqual([{ type: "text", text: "heard: not asked null" }]);
    expect(heard).toEqual([1, 2, 3]);
    expect(logs).toEqual([{ level: "info", logger: "work", data: { $step: 1 } }]);
    await client.close();
  });

  it("hears of progress before the result, and stops hearing of what it cancels", async () => {
    const { client } = await connect("canceller");
    const abort = new AbortController();
    let heard = 0;
    const call = client.callTool({ name: "last", arguments: { label: "cancelled" } }, undefined, {
      signal: abort.signal,
      onprogress: () => {
        heard += 1;
        if (heard === 3) abort.abort();
      },
    });
    await expect(call).rejects.toThrow();
    await expect
      .poll(() => app.embedded.run("things:count", { label: "cancelled" }), { timeout: 8_000 })
      .toBe(1);
    await expect
      .poll(() => entries("canceller"))
      .toMatchObject([{ tool: "last", outcome: "ok", result: '"stopped"' }]);
    await client.close();
  });

  it("of 2026-07-28 that goes away is recorded as no longer wanting it", async () => {
    const token = await app.token("goer");
    const abort = new AbortController();
    const response = await fetch(app.embedded.url + PATH, {
      method: "POST",
      signal: abort.signal,
      headers: {
        Authorization: `Bearer ${token}`,
        "Content-Type": "application/json",
        Accept: "application/json, text/event-stream",
        "MCP-Protocol-Version": "2026-07-28",
        "Mcp-Method": "tools/call",
        "Mcp-Name": "last",
      },
      body: JSON.stringify(
        request("tools/call", {
          name: "last",
          arguments: { label: "gone" },
          _meta: {
            progressToken: "p",
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
          },
        }),
      ),
    });
    await response.body?.getReader().read();
    abort.abort();
    const wishes = async () =>
      JSON.parse(
        String(await app.embedded.run("log:others", { kind: "cancellation" })),
      ) as ListedAuditEntry[];
    await expect
      .poll(async () => (await wishes()).filter(({ subject }) => subject === "goer"), {
        timeout: 8_000,
      })
      .toMatchObject([{ tool: "last", outcome: "ok", requestId: "1" }]);
  });

  it.each(["talk", "work"])("is asked by %s, and its answer counts", async (name) => {
    const { client, asked } = await connect(`asked by ${name}`);
    const args = name === "work" ? { label: "asked", ask: true } : { ask: true };
    const result = await client.callTool({ name, arguments: args });
    expect(JSON.stringify(result.content)).toContain("Ada");
    expect(asked).toEqual(["Your name?"]);
    expect(await entries(`asked by ${name}`)).toMatchObject([{ tool: name, outcome: "ok" }]);
    await client.close();
  });

  it("chooses its log lines", async () => {
    const { client, logs } = await connect("chooser");
    await client.setLoggingLevel("error");
    await client.callTool({ name: "talk", arguments: { ask: false } });
    expect(logs).toEqual([]);
    await client.setLoggingLevel("debug");
    await client.callTool({ name: "talk", arguments: { ask: false } });
    expect(logs).toHaveLength(1);
    await client.close();
  });

  it("fetches what it missed", async () => {
    const { client, transport } = await connect("misser", SURVIVING);
    const { sessionId = "" } = transport;
    const token = await app.token("misser");
    const headers = {
      Authorization: `Bearer ${token}`,
      "MCP-Protocol-Version": "2025-11-25",
      "Mcp-Session-Id": sessionId,
      Accept: "application/json, text/event-stream",
    };
    const abort = new AbortController();
    const response = await fetch(app.embedded.url + SURVIVING, {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json" },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: "missed",
        method: "tools/call",
        params: {
          name: "work",
          arguments: { label: "missed", ask: false },
          _meta: { progressToken: 1 },
        },
      }),
      signal: abort.signal,
    });
    const { value } = (await response.body?.getReader().read()) ?? {};
    const [, id = ""] = /^id: (.+)$/m.exec(new TextDecoder().decode(value)) ?? [];
    abort.abort();
    const rest = await fetch(app.embedded.url + SURVIVING, {
      headers: { ...headers, "Last-Event-ID": id },
    });
    expect(await rest.text()).toContain("missed: not asked null");
    const other = await app.token("another");
    const stolen = { ...headers, Authorization: `Bearer ${other}`, "Last-Event-ID": id };
    expect((await fetch(app.embedded.url + SURVIVING, { headers: stolen })).status).toBe(404);
    await client.close();
  });
});

describe("a client of 2026-07-28", () => {
  const version = "2026-07-28";

  it.each(["talk", "work"])(
    "is asked by %s in a round, sealed by a secret of our own",
    async (name) => {
      const token = await app.token(`rounds of ${name}`);
      const args = name === "work" ? { label: "round", ask: true } : { ask: true };
      const round = async (more: object = {}) => {
        const message = request("tools/call", {
          name,
          arguments: args,
          ...more,
          _meta: {
            "io.modelcontextprotocol/protocolVersion": version,
            "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } },
          },
        });
        const response = await app.send(message, { path: PATH, token, version, name });
        return (await response.json()) as { result: Record<string, object> };
      };
      const { result } = await round();
      expect(result["resultType"]).toBe("input_required");
      const [key = ""] = Object.keys(result["inputRequests"] ?? {});
      const answer = { action: "accept", content: { name: "Ada" } };
      const more = { requestState: result["requestState"], inputResponses: { [key]: answer } };
      expect(JSON.stringify(await round(more))).toContain("Ada");
      expect(await round(more)).toMatchObject({ error: { code: -32602 } });
      expect(await entries(`rounds of ${name}`)).toMatchObject([
        { outcome: "ok" },
        { outcome: "interrupted", errorCode: "InputRequired" },
      ]);
    },
  );
});
