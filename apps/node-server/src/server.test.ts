import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { answer } from "./server.ts";

let server: Server;
let ended: Promise<void>;

afterEach(() => server.close());

/** Serves one request with a handler; its URL. */
async function serve(handle: (request: Request) => Promise<Response>): Promise<string> {
  ended = new Promise((resolve, reject) => {
    server = createServer((incoming, outgoing) => {
      answer(incoming, outgoing, handle).then(resolve, reject);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://localhost:${(server.address() as AddressInfo).port}/mcp`;
}

describe("answer", () => {
  it("hands over method, headers, URL and body, and hands back what comes", async () => {
    const url = await serve(async (request) => {
      const { method, url } = request;
      const told = { method, url, own: request.headers.get("x-own"), body: await request.text() };
      return Response.json(told, { status: 201, headers: { "x-back": "yes" } });
    });
    const headers = { "x-own": "1" };
    const response = await fetch(url, { method: "POST", headers, body: "äöü" });
    expect([response.status, response.headers.get("x-back")]).toEqual([201, "yes"]);
    expect(await response.json()).toEqual({ method: "POST", url, own: "1", body: "äöü" });
    expect(await (await fetch(url)).json()).toMatchObject({ method: "GET", body: "" });
  });

  it("sends the head of a stream that is silent", async () => {
    const url = await serve(async () => new Response(new ReadableStream()));
    const response = await fetch(url);
    expect(response.status).toBe(200);
    await response.body?.cancel();
    await ended;
  });

  it("tells the request's signal that the client left before there was an answer", async () => {
    let began: () => void = () => undefined;
    const started = new Promise<void>((resolve) => (began = resolve));
    const url = await serve(async ({ signal }) => {
      began();
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      return new Response("too late");
    });
    const leave = new AbortController();
    const left = fetch(url, { signal: leave.signal });
    await started;
    leave.abort();
    await expect(left).rejects.toThrow("aborted");
    await ended;
  });

  it("cancels the stream that the client left", async () => {
    let cancelled: () => void = () => undefined;
    const done = new Promise<void>((resolve) => (cancelled = resolve));
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array([1])),
      cancel: () => cancelled(),
    });
    const response = await fetch(await serve(async () => new Response(body)));
    await response.body?.cancel();
    await done;
    await ended;
  });

  it("rejects with what breaks a stream, and ends the connection", async () => {
    const body = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new Uint8Array([1]));
      },
      pull: () => {
        throw new Error("out of paper");
      },
    });
    const url = await serve(async () => new Response(body));
    const failed = expect(ended).rejects.toThrow("out of paper");
    await expect(fetch(url).then((response) => response.text())).rejects.toThrow();
    await failed;
  });
});
