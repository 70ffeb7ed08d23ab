import { verifies } from "@convex-mcp/spec";
import { describe, expect, it } from "vitest";
import type { NewSession } from "../src/index.ts";
import { memorySessions } from "../src/index.ts";
import { endpoint, initialize, newest, post, read, rpc, type Person } from "./support/endpoint.ts";

const ada = { authorization: "Bearer ada", ...newest };
const eve = { authorization: "Bearer eve", ...newest };

type Endpoint = ReturnType<typeof endpoint>;

async function open({ handler }: Endpoint, headers: Record<string, string> = ada) {
  const response = await handler(post(initialize, headers), "c");
  return response.headers.get("mcp-session-id") ?? "";
}

function remove(headers: Record<string, string>): Request {
  return new Request("http://localhost:3000/mcp", { method: "DELETE", headers });
}

function asking(version: unknown) {
  const params = { ...(initialize.params as object), protocolVersion: version };
  return post(rpc("initialize", params));
}

describe("initialize", () => {
  it.each([
    ["2025-03-26", "2025-03-26", ["name", "version"]],
    ["2025-06-18", "2025-06-18", ["name", "title", "version"]],
    ["2025-11-25", "2025-11-25", ["description", "name", "title", "version", "websiteUrl"]],
    ["2024-11-05", "2025-11-25", undefined],
    ["2026-07-28", "2025-11-25", undefined],
    ["", "2025-11-25", undefined],
    ["constructor", "2025-11-25", undefined],
  ])("asked for %j agrees on %s", async (asked, agreed, fields) => {
    verifies("version.downgrade", "meta.server-info");
    const { handler } = endpoint({ instructions: "Be kind." });
    const { status, body } = await read(handler(asking(asked), "c"));
    expect(status).toBe(200);
    expect(body.result).toMatchObject({
      protocolVersion: agreed,
      capabilities: { tools: {} },
      serverInfo: { name: "test", version: "1.2.3" },
      instructions: "Be kind.",
    });
    if (fields) expect(Object.keys(body.result.serverInfo).sort()).toEqual(fields);
  });

  it.each([
    undefined,
    {},
    { protocolVersion: 5, capabilities: {}, clientInfo: { name: "a", version: "1" } },
    { protocolVersion: "2025-11-25", capabilities: [], clientInfo: { name: "a", version: "1" } },
    { protocolVersion: "2025-11-25", clientInfo: { name: "a", version: "1" } },
    { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "a" } },
    { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: null },
  ])("with params %j is -32602 and opens nothing", async (params) => {
    const { handler } = endpoint();
    const answer = await read(handler(post(rpc("initialize", params), ada), "c"));
    expect([answer.status, answer.body.error.code]).toEqual([200, -32602]);
    expect(answer.headers.get("mcp-session-id")).toBeNull();
  });

  it("tells the store what was agreed, and never an old session id", async () => {
    const seen: unknown[] = [];
    const sessions = {
      ...memorySessions<string, Person>({ ownerOf: (person) => person }),
      create: async (caller: { protocolVersion: string }, session: NewSession) => {
        seen.push({ ...caller, signal: undefined }, session);
        return undefined;
      },
    };
    const { handler } = endpoint({ sessions });
    const params = { ...(initialize.params as object), protocolVersion: "2025-06-18" };
    const headers = { "mcp-session-id": "old", "mcp-protocol-version": "1999-01-01" };
    const response = await handler(post(rpc("initialize", params), headers), "ctx");
    expect(response.status).toBe(200);
    expect(response.headers.has("mcp-session-id")).toBe(false);
    expect(seen).toEqual([
      { context: "ctx", principal: undefined, protocolVersion: "2025-06-18", sessionId: undefined },
      {
        protocolVersion: "2025-06-18",
        clientInfo: { name: "client", version: "0" },
        capabilities: {},
      },
    ]);
  });

  it.each(["", "with space", "line\nbreak", "x".repeat(129)])(
    "treats %j from the store as a failure of ours",
    async (id) => {
      const sessions = { create: async () => id, check: async () => true, end: async () => true };
      const { handler, reported } = endpoint({ sessions });
      const answer = await read(handler(post(initialize), "c"));
      expect([answer.status, answer.body.error.code]).toEqual([200, -32603]);
      expect(reported[0]?.error).toBeInstanceOf(TypeError);
      expect(reported[0]?.request).toEqual({ method: "initialize", requestId: 1 });
    },
  );
});

describe("protocol versions", () => {
  it.each(["2024-11-05", "2026-13", "", "2025-11-25, 2025-11-25", "__proto__"])(
    "header %j is 400 and lists what there is",
    async (version) => {
      verifies("version.unsupported", "version.absent");
      const { handler } = endpoint();
      const message = post(rpc("ping"), { "mcp-protocol-version": version });
      const { status, body } = await read(handler(message, "c"));
      expect(status).toBe(400);
      expect(body.id).toBe(1);
      expect(body.error.code).toBe(-32000);
      expect(body.error.message).toContain("2025-11-25, 2025-06-18, 2025-03-26");
      expect(body.error.data.supported).toEqual(["2025-11-25", "2025-06-18", "2025-03-26"]);
    },
  );

  it("takes a request that names none for 2025-03-26", async () => {
    verifies("version.absent");
    const { handler } = endpoint();
    const { body } = await read(handler(post(rpc("tools/call", { name: "link" })), "c"));
    expect(body.result.content[0].type).toBe("text");
  });
});

describe("sessions", () => {
  it("are not given to strangers, who can work without", async () => {
    const { handler } = endpoint();
    const response = await handler(post(initialize), "c");
    expect(response.headers.has("mcp-session-id")).toBe(false);
    expect((await handler(post(rpc("tools/list"), newest), "c")).status).toBe(200);
  });

  const everyMessage = [
    rpc("ping"),
    rpc("tools/list"),
    rpc("tools/call", { name: "echo" }),
    rpc("tools/call", { name: 5 }),
    rpc("tools/call", "x"),
    rpc("tools/call", { name: "no such tool" }),
    rpc("unheard/of"),
    { jsonrpc: "2.0", method: "notifications/initialized" },
    { jsonrpc: "2.0", id: 1, result: {} },
  ];

  it.each(everyMessage)(
    "%j is 404 in somebody else's session, and fine in one's own",
    async (message) => {
      verifies("session.foreign", "session.user-bound", "session.id");
      const server = endpoint();
      const id = await open(server);
      expect(id).toMatch(/^[\x21-\x7e]{16,}$/);
      const own = await server.handler(post(message, { ...ada, "mcp-session-id": id }), "c");
      expect([200, 202]).toContain(own.status);
      const foreign = await read(
        server.handler(post(message, { ...eve, "mcp-session-id": id }), "c"),
      );
      expect([foreign.status, foreign.body.error.code]).toEqual([404, -32001]);
      const stranger = post(message, { ...newest, "mcp-session-id": id });
      expect((await server.handler(stranger, "c")).status).toBe(404);
    },
  );

  it.each(everyMessage)(
    "%j is 404 with an id that cannot be, and no store is asked",
    async (message) => {
      const asked = async () => {
        throw new Error("asked");
      };
      const { handler, reported } = endpoint({
        sessions: { create: asked, check: asked, end: asked },
      });
      for (const id of ["", "a b", "x".repeat(129), "\u00e9"]) {
        const answer = await handler(post(message, { ...ada, "mcp-session-id": id }), "c");
        expect(answer.status).toBe(404);
        expect((await handler(remove({ ...ada, "mcp-session-id": id }), "c")).status).toBe(404);
      }
      expect(reported).toEqual([]);
    },
  );

  it("end with DELETE, once and for their owner alone", async () => {
    verifies("session.deleted", "session.foreign");
    const server = endpoint();
    const id = await open(server);
    const status = async (headers: Record<string, string>) =>
      (await server.handler(remove(headers), "c")).status;
    expect(await status(ada)).toBe(400);
    expect(await status({ ...eve, "mcp-session-id": id })).toBe(404);
    expect(await status({ ...ada, "mcp-session-id": id, "mcp-protocol-version": "1" })).toBe(400);
    expect(await status({ ...ada, "mcp-session-id": id, authorization: "Bearer bad" })).toBe(401);
    expect(await status({ ...ada, "mcp-session-id": id })).toBe(204);
    expect(await status({ ...ada, "mcp-session-id": id })).toBe(404);
    const after = post(rpc("ping"), { ...ada, "mcp-session-id": id });
    expect((await server.handler(after, "c")).status).toBe(404);
  });

  it("are minted anew by each initialize", async () => {
    verifies("session.minted-anew");
    const server = endpoint();
    const first = await open(server);
    const second = await open(server, { ...ada, "mcp-session-id": first });
    expect(second).not.toBe(first);
    expect(await open(server, { ...ada, "mcp-session-id": "a b" })).not.toBe("");
  });

  it("whose store fails are our failure: in-band for a request, 500 for what has no answer", async () => {
    const boom = new Error("disk full");
    const fail = async () => {
      throw boom;
    };
    const { handler, reported } = endpoint({ sessions: { create: fail, check: fail, end: fail } });
    const headers = { ...ada, "mcp-session-id": "s" };
    const request = await read(handler(post(rpc("ping"), headers), "c"));
    expect([request.status, request.body.error.message]).toEqual([200, "Internal error"]);
    const notification = { jsonrpc: "2.0", method: "notifications/initialized" };
    expect((await handler(post(notification, headers), "c")).status).toBe(500);
    expect((await handler(remove(headers), "c")).status).toBe(500);
    expect((await read(handler(post(initialize), "c"))).body.error.code).toBe(-32603);
    expect(reported.map(({ error }) => error)).toEqual([boom, boom, boom, boom]);
  });

  it("are asked about once for a batch", async () => {
    let asked = 0;
    const check = async () => {
      asked += 1;
      return true;
    };
    const { handler } = endpoint({ sessions: { create: check as never, check, end: check } });
    const batch = [rpc("ping"), rpc("ping"), rpc("tools/list")];
    await handler(post(batch, { "mcp-session-id": "s" }), "c");
    expect(asked).toBe(1);
  });
});

it("does not let a reporter alter a response", async () => {
  const { handler } = endpoint({
    authenticate: () => Promise.reject(new Error("a")),
    onError: () => {
      throw new Error("b");
    },
  });
  expect((await handler(post(rpc("ping")), "c")).status).toBe(500);
});

it.each([
  [{ serverInfo: { name: "x" } as never }, "serverInfo"],
  [{ limits: { depth: 0 } }, "limits.depth"],
  [{ limits: { bodyBytes: Number.NaN } }, "limits.bodyBytes"],
  [{ limits: { batch: 1.5 } }, "limits.batch"],
  [{ limits: { pageSize: -1 } }, "limits.pageSize"],
  [{ hosts: { canonical: "/mcp" } }, "hosts.canonical"],
  [{ origins: { canonical: "localhost" } }, "origins.canonical"],
  [{ origins: { allowed: ["https://app.example.com/"] } }, "origins.allowed"],
  [{ origins: { allowed: ["app.example.com"] } }, "origins.allowed"],
  [{ hosts: { allowed: ["http://localhost:3000"] } }, "hosts.allowed"],
])("names the option that is wrong: %j", (options, name) => {
  expect(() => endpoint(options)).toThrow(TypeError);
  expect(() => endpoint(options)).toThrow(name);
});
