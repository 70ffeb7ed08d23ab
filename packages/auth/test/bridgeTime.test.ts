import { verifies } from "@convex-mcp/spec";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { authorizeUrl, connected, createWorld, ISSUER, refreshWith } from "./support/bridge.ts";

/** A body that begins and never ends. */
const endless = () => new ReadableStream({ start: (body) => body.enqueue(new Uint8Array([123])) });

beforeEach(() => {
  // A thousand times as fast.
  vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new DOMException("timed out", "TimeoutError")), ms / 1000);
    return controller.signal;
  });
});
afterEach(() => void vi.restoreAllMocks());

// As that of Convex, whose fetch knows no signal: a stranger's host would hold the action for half an hour.
describe("where fetch does not listen to its signal", () => {
  it.each([
    ["its answer", () => new Promise<Response>(() => {})],
    [
      "the end of its answer",
      async () => new Response(endless(), { headers: { "content-type": "application/json" } }),
    ],
  ])("a document is not waited for without end: %s", async (_what, fetch) => {
    verifies("bridge.cimd-fetch");
    const world = createWorld({ documents: { fetch } });
    const url = await authorizeUrl("https://agent.example.net/client.json");
    const response = await world.send(new Request(url));
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("could not be fetched");
  });

  it("nor are the addresses of its host", async () => {
    const resolve = () => new Promise<never>(() => {});
    const world = createWorld({ documents: { resolve } });
    const url = await authorizeUrl("https://agent.example.net/client.json");
    expect((await world.send(new Request(url))).status).toBe(400);
  });

  it.each([
    ["answers nothing", () => new Promise<Response>(() => {})],
    ["does not end its answer", async () => new Response(endless())],
  ])("nor is a provider that %s: its lease would pass to another", async (_what, fetch) => {
    const world = createWorld();
    const { id, refresh } = await connected(world);
    world.upstream.interventions.push(() => fetch() as never);
    const { status, body } = await refreshWith(world, id, refresh);
    expect([status, body["error"]]).toEqual([503, "temporarily_unavailable"]);
    expect((await refreshWith(world, id, refresh)).status).toBe(200);
  });
});

it.each([
  ["/token", "application/x-www-form-urlencoded"],
  ["/consent", "application/x-www-form-urlencoded"],
  ["/register", "application/json"],
])("a body that does not end holds nobody: %s", async (path, type) => {
  const headers = { "content-type": type };
  const init = { method: "POST", headers, body: endless(), duplex: "half" };
  const response = await createWorld().send(new Request(ISSUER + path, init));
  expect(response.status).toBe(400);
  expect(await response.text()).toContain("within 10 seconds");
});
