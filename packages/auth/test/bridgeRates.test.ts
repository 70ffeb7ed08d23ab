import { verifies } from "@convex-mcp/spec";
import { describe, expect, it } from "vitest";

import { memoryBridgeStore } from "../src/bridge/memory.ts";
import { authorizeUrl, createWorld, ISSUER, registerClient } from "./support/bridge.ts";

const HOUR = 60 * 60_000;

function register(world: ReturnType<typeof createWorld>, address?: string) {
  const body = JSON.stringify({ redirect_uris: ["https://agent.example.net/cb"] });
  const headers = { "content-type": "application/json" };
  const request = new Request(`${ISSUER}/register`, { method: "POST", headers, body });
  return address === undefined ? world.bridge.handle(request) : world.send(request, address);
}

describe("the rate of registrations", () => {
  it("refuses a network that has too many in an hour, writes nothing, and says when to come back", async () => {
    verifies("bridge.registration-limits");
    const written: unknown[] = [];
    const store = memoryBridgeStore();
    const saveClient: typeof store.saveClient = async (...args) => {
      const saved = await store.saveClient(...args);
      if (saved.kind === "saved") written.push(args);
      return saved;
    };
    const world = createWorld({
      registration: { perAddressHourly: 2, totalHourly: 100 },
      store: { ...store, saveClient },
    });
    for (let count = 0; count < 2; count++) {
      expect((await register(world, "192.0.2.1"))?.status).toBe(201);
    }
    const refused = await register(world, "192.0.2.1");
    expect(refused?.status).toBe(429);
    expect(refused?.headers.get("retry-after")).toBe("1800");
    expect(refused?.headers.get("cache-control")).toBe("no-store");
    expect(await refused?.json()).toEqual({
      error: "too_many_requests",
      error_description: "Too many new apps in an hour. Try again in 1800 seconds.",
    });
    expect(written).toHaveLength(2);
    expect(world.events).toMatchObject([{ endpoint: "register", error: "too_many_requests" }]);
    expect((await register(world, "192.0.2.2"))?.status).toBe(201);
    world.clock.now += HOUR / 2;
    expect((await register(world, "192.0.2.1"))?.status).toBe(201);
    expect((await register(world, "192.0.2.1"))?.status).toBe(429);
  });

  it("counts all that one network can choose as one, so that it does not use up what is for all", async () => {
    verifies("bridge.registration-limits");
    const world = createWorld({ registration: { perAddressHourly: 5, totalHourly: 10 } });
    const statuses = new Set<number | undefined>();
    for (let count = 0; count < 60; count++) {
      const address = `2001:db8:1:${count.toString(16)}::${count.toString(16)}`;
      statuses.add((await register(world, address))?.status);
    }
    expect([...statuses]).toEqual([201, 429]);
    expect((await register(world, "2001:db8:2::1"))?.status).toBe(201);
    expect((await register(world, "192.0.2.1"))?.status).toBe(201);
  });

  it("holds for all together, and for callers whose address is not known", async () => {
    verifies("bridge.registration-limits");
    const world = createWorld({ registration: { perAddressHourly: 2, totalHourly: 4 } });
    for (const address of [undefined, undefined, undefined, "192.0.2.1"]) {
      expect((await register(world, address))?.status).toBe(201);
    }
    expect((await register(world, "192.0.2.2"))?.status).toBe(429);
    expect((await register(world))?.status).toBe(429);
    world.clock.now += HOUR;
    expect((await register(world, "192.0.2.2"))?.status).toBe(201);
  });

  it("is used up by what is registered, and not by what is malformed", async () => {
    const world = createWorld({ registration: { perAddressHourly: 1 } });
    for (let count = 0; count < 5; count++) {
      expect((await registerClient(world, { redirect_uris: [] })).status).toBe(400);
    }
    expect((await registerClient(world)).status).toBe(201);
  });
});

describe("the rate of documents that are read", () => {
  it("is that of registrations: nobody has us ask others without end", async () => {
    verifies("bridge.cimd-fetch", "bridge.registration-limits");
    const asked: string[] = [];
    const fetch = async (url: string) => {
      asked.push(url);
      return new Response(null, { status: 404 });
    };
    const world = createWorld({ documents: { fetch }, registration: { perAddressHourly: 3 } });
    const visit = async (path: string, address = "192.0.2.1") =>
      world.send(new Request(await authorizeUrl(`https://victim.example.net/${path}`)), address);
    for (const path of ["1", "1", "2"]) expect((await visit(path)).status).toBe(400);
    const refused = await visit("3");
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("1200");
    expect(refused.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect((await registerClient(world)).status).toBe(429);
    expect(asked).toHaveLength(3);
    expect((await visit("3", "192.0.2.2")).status).toBe(400);
    // What could never be one is not counted.
    await visit("?query", "192.0.2.3");
    expect((await registerClient(world, {}, "192.0.2.3")).status).toBe(201);
  });
});
