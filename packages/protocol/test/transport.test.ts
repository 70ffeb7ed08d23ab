import { verifies } from "@convex-mcp/spec";
import { describe, expect, it } from "vitest";
import { preflight } from "../src/index.ts";
import { challenge, endpoint, initialize, newest, post, read, rpc } from "./support/endpoint.ts";

const url = "http://localhost:3000/mcp";
const ping = rpc("ping");

describe("verbs", () => {
  it.each(["GET", "PUT", "PATCH", "HEAD"])(
    "%s is 405 and names what is allowed",
    async (method) => {
      const { handler } = endpoint();
      const response = await handler(new Request(url, { method }), "c");
      expect(response.status).toBe(405);
      expect(response.headers.get("allow")).toBe("POST, DELETE, OPTIONS");
    },
  );

  it("answers a preflight without asking who calls", async () => {
    verifies("cors.preflight");
    const { handler } = endpoint({
      authenticate: () => {
        throw new Error("asked");
      },
    });
    const headers = { origin: "http://localhost:6274", authorization: "Bearer bad" };
    const response = await handler(new Request(url, { method: "OPTIONS", headers }), "c");
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-origin")).toBe("http://localhost:6274");
    const allowed = response.headers.get("access-control-allow-headers")?.toLowerCase().split(", ");
    expect(allowed).toEqual(
      expect.arrayContaining(["authorization", "mcp-protocol-version", "mcp-session-id"]),
    );
  });

  it("names the methods of another URL in its preflight", () => {
    const request = new Request(url, {
      method: "OPTIONS",
      headers: { Origin: "http://localhost" },
    });
    const { headers } = preflight(request, {}, "GET, OPTIONS");
    expect(headers.get("allow")).toBe("GET, OPTIONS");
    expect(headers.get("access-control-allow-methods")).toBe("GET, OPTIONS");
  });

  it("refuses the preflight of a foreign page", async () => {
    const { handler } = endpoint();
    const headers = { origin: "https://evil.example" };
    const response = await handler(new Request(url, { method: "OPTIONS", headers }), "c");
    expect(response.status).toBe(403);
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("Origin and Host", () => {
  const origins = {
    canonical: "https://mcp.example.com/mcp",
    allowed: ["https://app.example.com"],
  };

  it.each([
    ["https://mcp.example.com", 200],
    ["https://app.example.com", 200],
    ["http://localhost:1234", 200],
    ["https://127.0.0.1", 200],
    ["http://[::1]:8080", 200],
    ["https://evil.example", 403],
    ["https://mcp.example.com.evil.example", 403],
    ["http://localhost.evil.example", 403],
    ["null", 403],
    ["", 403],
  ])("Origin %j gives %i", async (origin, status) => {
    verifies("origin.checked");
    const { handler } = endpoint({ origins });
    const response = await handler(post(ping, { origin }), "c");
    expect(response.status).toBe(status);
    const cors = response.headers.get("access-control-allow-origin");
    expect(cors).toBe(status === 200 ? origin : null);
    expect(response.headers.get("vary")).toBe("Origin");
  });

  it("refuses the request's own origin unless it is canonical: DNS rebinding", async () => {
    verifies("host.rebinding");
    const rebound = new Request("http://evil.example:3000/mcp", post(ping));
    rebound.headers.set("origin", "http://evil.example:3000");
    const { handler } = endpoint();
    expect((await handler(rebound, "c")).status).toBe(403);
  });

  it("takes * for every origin but the opaque one, which has to be named", async () => {
    const any = endpoint({ origins: { allowed: ["*"] } }).handler;
    expect((await any(post(ping, { origin: "https://x.example" }), "c")).status).toBe(200);
    expect((await any(post(ping, { origin: "null" }), "c")).status).toBe(403);
    const opaque = endpoint({ origins: { allowed: ["null"] } }).handler;
    expect((await opaque(post(ping, { origin: "null" }), "c")).status).toBe(200);
  });

  it("asks a function about foreign origins", async () => {
    const { handler } = endpoint({ origins: { allowed: (origin) => origin.endsWith(".example") } });
    expect((await handler(post(ping, { origin: "https://a.example" }), "c")).status).toBe(200);
    expect((await handler(post(ping, { origin: "https://a.test" }), "c")).status).toBe(403);
  });

  it("names the right URL to a request that came to another host", async () => {
    verifies("host.rebinding");
    const { handler } = endpoint({ hosts: { canonical: "http://localhost:3211/mcp" } });
    const { status, body } = await read(
      handler(new Request("http://127.0.0.1:3211/mcp", post(ping)), "c"),
    );
    expect(status).toBe(403);
    expect(body.error.message).toBe(
      "This server is http://localhost:3211/mcp; the request came to 127.0.0.1:3211. Use http://localhost:3211/mcp.",
    );
  });

  it("admits the canonical host, and a default port spelled out", async () => {
    const { handler } = endpoint({ hosts: { canonical: "http://localhost:3000/mcp" } });
    expect((await handler(post(ping), "c")).status).toBe(200);
    const spelled = endpoint({ hosts: { canonical: "https://a.example:443/mcp" } }).handler;
    expect((await spelled(new Request("https://a.example/mcp", post(ping)), "c")).status).toBe(200);
  });

  it("admits further hosts when they are allowed", async () => {
    const hosts = { canonical: "https://a.example/mcp", allowed: ["Localhost:3000"] };
    const { handler } = endpoint({ hosts });
    expect((await handler(post(ping), "c")).status).toBe(200);
  });

  it("shows a hostile origin cut and printable", async () => {
    const { handler } = endpoint();
    const { body } = await read(handler(post(ping, { origin: `\u00e9${"x".repeat(500)}` }), "c"));
    expect(body.error.message.length).toBeLessThan(200);
    expect(body.error.message).toMatch(/^[\x20-\x7e]+$/);
  });
});

describe("authentication", () => {
  it("comes before the body, with the refusal's headers and CORS", async () => {
    verifies("token.before-body", "cors.exposed", "id.refusal");
    const { handler } = endpoint();
    const request = post("not json", {
      authorization: "Bearer bad",
      origin: "http://localhost:1",
      "content-type": "text/plain",
    });
    const { status, headers, body } = await read(handler(request, "c"));
    expect(status).toBe(401);
    expect(headers.get("www-authenticate")).toBe(challenge);
    expect(headers.get("access-control-expose-headers")).toContain("WWW-Authenticate");
    expect(headers.get("access-control-allow-origin")).toBe("http://localhost:1");
    expect(body).toEqual({ jsonrpc: "2.0", error: { code: -32000, message: "Sign in." } });
    expect(request.bodyUsed).toBe(false);
  });

  it("comes after Origin and before the method, so that a GET starts a sign-in too", async () => {
    verifies("origin.before-auth");
    const { handler } = endpoint();
    const headers = { authorization: "Bearer bad" };
    for (const method of ["GET", "PUT"]) {
      expect((await handler(new Request(url, { method, headers }), "c")).status).toBe(401);
    }
    const foreign = post(ping, { ...headers, origin: "https://evil.example" });
    expect((await handler(foreign, "c")).status).toBe(403);
  });

  it("that throws is our failure, reported and never anonymous", async () => {
    const boom = new Error("identity provider is down");
    const { handler, reported } = endpoint({ authenticate: () => Promise.reject(boom) });
    const { status, headers, text } = await read(
      handler(post(ping, { origin: "http://localhost:1" }), "c"),
    );
    expect(status).toBe(500);
    expect(text).not.toContain("identity");
    expect(headers.get("access-control-allow-origin")).toBe("http://localhost:1");
    expect(reported).toEqual([{ error: boom, request: {} }]);
  });

  it("may set any header of a refusal but the body's type", async () => {
    verifies("limits.refusal");
    const headers = { "content-type": "text/html", "retry-after": "3" };
    const refusal = { status: 429, code: -32000, message: "Slow down.", headers };
    const { handler } = endpoint({ authenticate: () => ({ ok: false, refusal }) });
    const answer = await read(handler(post(ping), "c"));
    expect(answer.status).toBe(429);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.headers.get("retry-after")).toBe("3");
  });
});

describe("media types", () => {
  it.each([
    ["application/json", 200],
    ["application/json; charset=utf-8", 200],
    ['Application/JSON;Charset="UTF-8"', 200],
    ["application/json; charset=latin1", 415],
    ["application/jsonp", 415],
    ["text/plain", 415],
    ["application/json, application/json", 415],
  ])("Content-Type %s gives %i", async (type, status) => {
    verifies("content-type.parameters");
    const { handler } = endpoint();
    expect((await handler(post(ping, { "content-type": type }), "c")).status).toBe(status);
  });

  it("refuses a body of no type", async () => {
    const { handler } = endpoint();
    const body = new TextEncoder().encode(JSON.stringify(ping));
    expect((await handler(new Request(url, { method: "POST", body }), "c")).status).toBe(415);
  });

  it("answers as an event stream to who accepts nothing else", async () => {
    verifies("stream.framing");
    const { handler } = endpoint();
    const { status, headers, text } = await read(
      handler(post(initialize, { accept: "text/event-stream", authorization: "Bearer ada" }), "c"),
    );
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("text/event-stream");
    expect(headers.get("cache-control")).toBe("no-cache, no-transform");
    expect(headers.get("x-accel-buffering")).toBe("no");
    expect(headers.get("mcp-session-id")).toMatch(/^[\x21-\x7e]+$/);
    const [, data] = /^event: message\ndata: (.*)\n\n$/.exec(text) ?? [];
    expect(JSON.parse(data ?? "").result.protocolVersion).toBe("2025-11-25");
  });

  it("refuses who accepts neither, and accepts who says nothing", async () => {
    verifies("accept.variants");
    const { handler } = endpoint();
    expect((await handler(post(ping, { accept: "text/html" }), "c")).status).toBe(406);
    const silent = post(ping, { accept: undefined });
    expect((await handler(silent, "c")).headers.get("content-type")).toBe("application/json");
  });

  it("lets nobody cache or sniff an answer", async () => {
    const { headers } = await endpoint().handler(post(ping), "c");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });
});

describe("bodies", () => {
  const limits = { bodyBytes: 200, depth: 8 };

  it("refuses a declared length over the limit without reading", async () => {
    const { handler } = endpoint({ limits });
    const request = post(ping, { "content-length": "201" });
    expect((await handler(request, "c")).status).toBe(413);
    expect(request.bodyUsed).toBe(false);
  });

  it("counts the stream, whatever the declared length", async () => {
    verifies("limits.body");
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(100).fill(32));
      },
    });
    const init = { method: "POST", body, duplex: "half", headers: post(ping).headers };
    const request = new Request(url, init);
    request.headers.set("content-length", "5");
    const { handler } = endpoint({ limits });
    expect((await handler(request, "c")).status).toBe(413);
    expect(pulled).toBeLessThan(6);
  });

  it("accepts a body of exactly the limit", async () => {
    const { handler } = endpoint({ limits });
    expect((await handler(post(JSON.stringify(ping).padEnd(200)), "c")).status).toBe(200);
    expect((await handler(post(JSON.stringify(ping).padEnd(201)), "c")).status).toBe(413);
  });

  it("puts characters together that were cut between chunks", async () => {
    verifies("stream.large");
    const bytes = new TextEncoder().encode(JSON.stringify({ ...ping, id: "\u20ac" }));
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const init = { method: "POST", body, duplex: "half", headers: post(ping).headers };
    const answer = await read(endpoint().handler(new Request(url, init), "c"));
    expect(answer.body).toEqual({ jsonrpc: "2.0", id: "\u20ac", result: {} });
  });

  it("calls a body that breaks off unreadable", async () => {
    const body = new ReadableStream({ start: (controller) => controller.error(new Error("gone")) });
    const init = { method: "POST", body, duplex: "half", headers: post(ping).headers };
    const answer = await read(endpoint().handler(new Request(url, init), "c"));
    expect([answer.status, answer.body.error.code]).toEqual([400, -32700]);
  });

  it.each(["", "{", "nonsense", '{"a":1}{"b":2}'])("%j is a parse error", async (body) => {
    const answer = await read(endpoint().handler(post(body), "c"));
    expect([answer.status, answer.body.error.code]).toEqual([400, -32700]);
    expect(answer.body).not.toHaveProperty("id");
  });

  it("refuses bytes that are no UTF-8", async () => {
    const bytes = new Uint8Array([...new TextEncoder().encode('{"a":"'), 0xff, 0x22, 0x7d]);
    const request = new Request(url, { method: "POST", headers: post(ping).headers, body: bytes });
    const answer = await read(endpoint().handler(request, "c"));
    expect([answer.status, answer.body.error.code]).toEqual([400, -32700]);
  });

  it("bounds nesting", async () => {
    verifies("limits.body");
    const { handler } = endpoint({ limits: { depth: 4 } });
    const nested = (depth: number) =>
      rpc("ping", JSON.parse(`${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`));
    expect((await handler(post(nested(3)), "c")).status).toBe(200);
    const answer = await read(handler(post(nested(4)), "c"));
    expect([answer.status, answer.body.error.code]).toEqual([400, -32600]);
  });

  it("echoes the id of a message that nests too deep, and none of a batch", async () => {
    const { handler } = endpoint({ limits: { depth: 4 } });
    const message = '{"jsonrpc":"2.0","id":"deep","method":"ping","params":{"a":[[[]]]}}';
    expect((await read(handler(post(message), "c"))).body).toMatchObject({ id: "deep" });
    const batch = await read(handler(post(`[${message}]`), "c"));
    expect([batch.status, batch.body.error.code]).toEqual([400, -32600]);
    expect(batch.body).not.toHaveProperty("id");
  });

  it.each([
    ["[", "]"],
    ['{"a":', "}"],
  ])("survives 100,000 levels of %s", async (open, close) => {
    const middle = open === "[" ? "" : "1";
    const body = open.repeat(100_000) + middle + close.repeat(100_000);
    const answer = await read(endpoint().handler(post(body), "c"));
    expect([answer.status, answer.body.error.code]).toEqual([400, -32600]);
  });
});

describe("JSON-RPC", () => {
  it.each([
    [{ jsonrpc: "2.0", id: null, method: "ping" }, undefined],
    [{ jsonrpc: "2.0", id: 1.5, method: "ping" }, undefined],
    [{ jsonrpc: "2.0", id: true, method: "ping" }, undefined],
    [{ jsonrpc: "2.0", id: {}, method: "ping" }, undefined],
    ['{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}', undefined],
    ['{"jsonrpc":"2.0","id":1e400,"method":"ping"}', undefined],
    [{ jsonrpc: "1.0", id: 7, method: "ping" }, 7],
    [{ id: 7, method: "ping" }, 7],
    [{ jsonrpc: "2.0", id: "x", method: 5 }, "x"],
    [{ jsonrpc: "2.0", id: 7 }, 7],
    [{ jsonrpc: "2.0", id: 7, method: "ping", result: {} }, 7],
    [{ jsonrpc: "2.0", id: 7, result: {}, error: { code: 1, message: "" } }, 7],
    [{ jsonrpc: "2.0", result: {} }, undefined],
    ["5", undefined],
    ["null", undefined],
    ['"ping"', undefined],
  ])("%j is an invalid request", async (message, id) => {
    verifies("id.null", "id.refusal");
    const answer = await read(endpoint().handler(post(message), "c"));
    expect([answer.status, answer.body.error.code]).toEqual([400, -32600]);
    expect(answer.body.id).toEqual(id);
  });

  it.each([0, -1, "", "1", "\ud800", Number.MAX_SAFE_INTEGER])("echoes the id %j", async (id) => {
    verifies("id.kept");
    const answer = await read(endpoint().handler(post({ ...ping, id }), "c"));
    expect(answer.body).toEqual({ jsonrpc: "2.0", id, result: {} });
  });

  it.each([
    { jsonrpc: "2.0", method: "notifications/initialized" },
    { jsonrpc: "2.0", method: "notifications/unheard_of", params: { a: 1 } },
    { jsonrpc: "2.0", method: "tools/call", params: { name: "fails" } },
    { jsonrpc: "2.0", id: 4, result: {} },
    { jsonrpc: "2.0", id: 4, error: { code: -1, message: "no" } },
    { jsonrpc: "2.0", error: { code: -1, message: "no" } },
  ])("accepts %j with an empty 202", async (message) => {
    verifies("accepted.empty-body");
    const { handler, reported } = endpoint();
    const answer = await read(handler(post(message, newest), "c"));
    expect([answer.status, answer.text]).toEqual([202, ""]);
    expect(reported).toEqual([]);
  });

  it("refuses a notification whose params are no object", async () => {
    const message = { jsonrpc: "2.0", method: "notifications/initialized", params: [] };
    const answer = await read(endpoint().handler(post(message), "c"));
    expect([answer.status, answer.body.error.code]).toEqual([400, -32602]);
  });

  it.each([[[]], [null], ["x"], [5]])("params %j are invalid params, in-band", async (params) => {
    verifies("list.no-null");
    const answer = await read(endpoint().handler(post(rpc("tools/list", params)), "c"));
    expect([answer.status, answer.body.error.code]).toEqual([200, -32602]);
  });

  it.each(["toString", "__proto__", "constructor", "resources/list", "", "\u0000"])(
    "%j is an unknown method, in-band",
    async (method) => {
      verifies("method.unknown-session");
      const answer = await read(endpoint().handler(post(rpc(method)), "c"));
      expect([answer.status, answer.body.error.code]).toEqual([200, -32601]);
    },
  );

  it("takes hostile keys for data, and of doubled ones the last", async () => {
    const body =
      '{"jsonrpc":"2.0","id":1,"id":2,"method":"tools/call","params":{"name":"echo","arguments":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}}';
    const answer = await read(endpoint().handler(post(body, newest), "c"));
    expect(answer.body.id).toBe(2);
    expect(answer.body.result.content[0].text).toBe(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
