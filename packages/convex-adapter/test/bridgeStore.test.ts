import { register as registerRateLimiter } from "@convex-dev/rate-limiter/test";
import type { BridgeStore, SignedIn, StoredGrant } from "@convex-mcp/auth/bridge";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { describeBridgeStore } from "../../auth/test/support/store.ts";
import { createBridgeRecorder } from "../src/bridge/recorder.ts";
import { createBridgeStore } from "../src/bridge/store.ts";
import { api, internal } from "../src/component/_generated/api.js";
import type { ComponentApi } from "../src/component/_generated/component.js";
import { type Component, component, rows } from "./support/component.ts";

const HOUR = 60 * 60_000;

const metadata = { ip: "192.0.2.1", userAgent: null, requestId: null, authToken: null };
const recorder = createBridgeRecorder({ retentionMs: HOUR }, "https://id.example.com", metadata);
const who: SignedIn = {
  subject: "ann",
  redirectUri: "https://agent.example.net/cb",
  resource: "https://app.example.com/mcp",
  scopes: [],
  consented: false,
};

/** As an HTTP action calls it, and the component alone as if it were an app. */
function storeOver(t: Component): BridgeStore {
  const ctx = { runQuery: t.query.bind(t), runMutation: t.mutation.bind(t) };
  return createBridgeStore(ctx as never, api as unknown as ComponentApi, recorder);
}

function counting(): Component {
  const t = component();
  registerRateLimiter(t, "rateLimiter");
  return t;
}

describeBridgeStore("the store in the component", () => storeOver(counting()));

describe("the tables of the bridge", () => {
  let t: Component;
  let store: BridgeStore;
  beforeEach(() => {
    vi.useFakeTimers();
    vi.setSystemTime(0);
    t = component();
    store = storeOver(t);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  const client = (id: string, owner = "a") => ({
    id,
    owner,
    expiresAt: 100 * HOUR,
    data: "{}",
    used: false,
  });
  const grant = (id: string, owner = "ann", clientId = "c"): StoredGrant => ({
    id,
    owner,
    clientId,
    codeKey: "key",
    expiresAt: HOUR,
    liveUntil: 100 * HOUR,
    data: "sealed",
  });
  const count = (table: "bridgeClients" | "bridgeSignIns" | "bridgeGrants") =>
    t.run(async (ctx) => (await ctx.db.query(table).collect()).length);

  it("hold about their total against many owners, and keep the newest", async () => {
    const total = 512;
    for (let index = 0; index < 1000; index++) {
      const room = { perOwner: 5, total, now: index };
      await store.saveClient(client(`${index}`, `${index}`), room, []);
      const row = { id: `${index}`, owner: `${index}`, expiresAt: HOUR, data: "sealed" };
      await store.begin(row, room);
    }
    for (const table of ["bridgeClients", "bridgeSignIns"] as const) {
      // Five standard deviations of 128 samples.
      expect(await count(table)).toBeGreaterThan(total * 0.6);
      expect(await count(table)).toBeLessThan(total * 1.4);
    }
    expect(await store.findClient("999", 1000)).toBeDefined();
    expect(await store.findClient("0", 1000)).toBeUndefined();
  });

  it("hold no count that every insert writes: one that is no sample reads and writes its owner's rows alone", async () => {
    const room = { perOwner: 5, total: 512, now: 0 };
    vi.spyOn(Math, "random").mockReturnValue(0.99);
    for (let index = 0; index < 600; index++) {
      await store.begin({ id: `${index}`, owner: `${index}`, expiresAt: HOUR, data: "" }, room);
    }
    expect(await count("bridgeSignIns")).toBe(600);
  });

  it("do not write a client's row for each of many users' sign-ins", async () => {
    await store.saveClient(client("c"), { perOwner: 5, total: 5, now: 0 }, []);
    const at = async () =>
      t.run(async (ctx) => (await ctx.db.query("bridgeClients").first())?.at ?? NaN);
    const signIn = (owner: string, now: number) =>
      store.addGrant(
        grant(`${owner} ${now}`, owner),
        { perOwner: 5, clientExpiresAt: 0, now },
        who,
      );
    await signIn("ann", 1);
    // It is nobody's from now on, and that is written.
    await signIn("bob", 2);
    await signIn("ann", 3);
    await signIn("cem", HOUR + 1);
    expect(await at()).toBe(2);
    await signIn("bob", HOUR + 2);
    expect(await at()).toBe(HOUR + 2);
  });

  it("forget what was sealed for a sign-in once it is taken", async () => {
    await store.begin(
      { id: "s", owner: "a", expiresAt: HOUR, data: "sealed" },
      { perOwner: 5, total: 5, now: 0 },
    );
    await store.take("s", 0);
    expect(await t.run((ctx) => ctx.db.query("bridgeSignIns").first())).toMatchObject({
      taken: true,
      data: "",
    });
  });

  it("forget who was erased: of grants that go on the end is told, and nobody named", async () => {
    const bob = { ...who, subject: "bob" };
    for (const [id, by] of Object.entries({ g1: who, g2: bob })) {
      await store.addGrant(grant(id), { perOwner: 9, clientExpiresAt: 0, now: 0 }, by);
    }
    const person = { subject: "ann", issuer: "https://id.example.com" };
    await t.mutation(api.erasure.erase, person);
    expect(await count("bridgeGrants")).toBe(2);
    await t.mutation(api.bridgeGrants.revokeAll, { owners: ["ann"] });
    const ends = (await rows(t, "auditEntries")).filter(({ name }) => name === "revoked");
    expect(ends.map(({ subject }) => subject)).toEqual([undefined, "bob"]);
    expect(ends[0]).toMatchObject({ kind: "auth", outcome: "ok" });
    expect(JSON.stringify(ends[0])).not.toContain(person.issuer);
  });

  it("are drained of what has expired", async () => {
    await store.saveClient(client("c"), { perOwner: 5, total: 5, now: 0 }, []);
    await store.begin(
      { id: "s", owner: "a", expiresAt: HOUR, data: "" },
      { perOwner: 5, total: 5, now: 0 },
    );
    await store.addGrant(grant("g"), { perOwner: 5, clientExpiresAt: 0, now: 0 }, who);
    vi.setSystemTime(HOUR);
    for (const table of ["bridgeClients", "bridgeSignIns", "bridgeGrants"] as const) {
      await t.mutation(internal.expiry.drain, { table });
    }
    expect(await count("bridgeClients")).toBe(1);
    expect(await count("bridgeSignIns")).toBe(0);
    expect(await count("bridgeGrants")).toBe(0);
  });
});

it("bounds what a request says of where it comes from, and takes secrets out of it", () => {
  const userAgent = `x Bearer ${"s3cr3t".repeat(4)} ${"y".repeat(5000)}`;
  const { origin } = createBridgeRecorder({ retentionMs: HOUR }, "https://id.example.com", {
    ...metadata,
    userAgent,
  });
  expect(origin.userAgent?.length).toBeLessThan(600);
  expect(origin.userAgent).not.toContain("s3cr3t");
  expect(Object.keys(origin).toSorted()).toEqual(["ip", "userAgent"]);
});
