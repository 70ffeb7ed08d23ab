import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Embedded } from "../src/index.ts";
import { NO_ISSUERS, startFixture } from "./support.ts";

let engine: Embedded;
const lines: string[] = [];

beforeAll(async () => {
  engine = await startFixture(NO_ISSUERS, { log: (line) => lines.push(line), crons: false });
});
afterAll(() => engine.close());

const get = (path: string, init?: RequestInit) => fetch(`${engine.url}${path}`, init);

/** Sends bytes as they are and returns the status line. */
function raw(bytes: string): Promise<string> {
  const port = Number(new URL(engine.url).port);
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes, "latin1"));
    let received = "";
    socket.on("data", (chunk) => (received += chunk.toString("latin1")));
    socket.on("close", () => resolve(received));
    socket.on("error", reject);
  });
}

describe("requests and responses", () => {
  it("passes bytes, status and headers through", async () => {
    const body = Uint8Array.from({ length: 256 }, (_, index) => index);
    const response = await get("/echo?x=%C3%A9", {
      method: "POST",
      body,
      headers: { "content-type": "application/octet-stream" },
    });
    expect(response.status).toBe(201);
    expect(response.headers.get("content-type")).toBe("application/octet-stream");
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(body);
  });

  it("builds request.url from the Host header, and keeps latin-1 header values", async () => {
    const answer = await raw(
      "POST /echo?a=1 HTTP/1.1\r\nHost: example.test:81\r\nX-Latin: caf\xe9\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    );
    expect(answer).toContain("x-url: http://example.test:81/echo?a=1");
    expect(answer).toContain("x-latin: caf\xe9");
  });

  it("can be reached as localhost, 127.0.0.1 and, where there is IPv6, [::1]", async () => {
    const { port } = new URL(engine.url);
    expect((await fetch(`http://localhost:${port}/fresh`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${port}/fresh`)).status).toBe(200);
  });

  it("answers HEAD as GET without the body, and OPTIONS only where it is routed", async () => {
    const head = await get("/get", { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    expect((await get("/preflight", { method: "OPTIONS" })).status).toBe(204);
    expect((await get("/get", { method: "OPTIONS" })).status).toBe(404);
  });

  it("answers 404 with the platform's text for unknown paths and methods", async () => {
    for (const response of [await get("/nope"), await get("/echo")]) {
      expect(response.status).toBe(404);
      expect(await response.text()).toBe("No matching routes found");
    }
  });

  it("answers 500 without the message, but with a ConvexError's data", async () => {
    const plain = await get("/throw");
    expect(plain.status).toBe(500);
    expect(await plain.text()).toMatch(/^\{"code":"\[Request ID: [0-9a-f]{16}\] Server Error"\}$/);
    expect(lines.some((line) => line.includes("secret detail"))).toBe(true);
    const withData = await get("/throw-data");
    expect(await withData.json()).toMatchObject({ data: { reason: "shown" } });
  });

  it.each([
    ["a Host with a slash", "GET /get HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n", 400],
    ["a Host with a user", "GET /get HTTP/1.1\r\nHost: a@b\r\nConnection: close\r\n\r\n", 400],
    ["no Host", "GET /get HTTP/1.0\r\n\r\n", 400],
    [
      "an absolute target",
      "GET http://x/get HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      400,
    ],
    ["a bad port", "GET /get HTTP/1.1\r\nHost: a:99999\r\nConnection: close\r\n\r\n", 400],
    ["a double slash", "GET //get HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404],
    ["a bad escape", "GET /%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404],
    ["TRACE", "TRACE /get HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404],
    ["no HTTP at all", "hello\r\n\r\n", 400],
  ])("survives %s", async (_name, bytes, status) => {
    expect(await raw(bytes)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect((await get("/fresh")).status).toBe(200);
  });
});

describe("clients that leave", () => {
  it.each([
    ["in the middle of a body", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc"],
    [
      "while a body nobody reads is sent",
      "POST /nope HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc",
    ],
    [
      "in the middle of a chunk",
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    ],
    ["in the middle of a stream", "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"],
  ])("%s do no harm", async (_name, bytes) => {
    await new Promise<void>((resolve, reject) => {
      const socket = connect(Number(new URL(engine.url).port), "127.0.0.1");
      socket.on("error", reject);
      socket.on("close", () => resolve());
      socket.write(bytes, () => setTimeout(() => socket.destroy(), 20));
    });
    expect((await get("/fresh")).status).toBe(200);
    expect(lines.filter((line) => line.startsWith("Uncaught exception"))).toEqual([]);
  });
});

describe("streams", () => {
  it("sends pieces as they are produced, with function calls from within pull", async () => {
    const response = await get("/stream");
    const arrivals: number[] = [];
    let text = "";
    for await (const chunk of response.body!) {
      arrivals.push(performance.now());
      text += new TextDecoder().decode(chunk);
    }
    expect(text).toMatch(/^piece 1 of \d+\npiece 2 of \d+\npiece 3 of \d+\n$/);
    const [first = 0, , third = 0] = arrivals;
    expect(arrivals.length).toBe(3);
    expect(third - first).toBeGreaterThan(100);
  });

  it("aborts request.signal when the client leaves, and lets the handler finish", async () => {
    const controller = new AbortController();
    const response = await get("/until-aborted", { signal: controller.signal });
    await response.body!.getReader().read();
    controller.abort();
    await expect
      .poll(async () => await engine.run("notes:texts"), { timeout: 5_000 })
      .toContain("aborted");
  });
});
