import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { BridgeStore, SignedIn } from "../../src/bridge/store.ts";

const HOUR = 60 * 60_000;

const room = { perOwner: 2, total: 3, now: 0 };
const client = (id: string, owner = "a", changes = {}) => ({
  id,
  owner,
  expiresAt: 100,
  data: "{}",
  used: false,
  ...changes,
});
const grant = (id: string, changes = {}) => ({
  id,
  owner: "ann",
  clientId: "c",
  codeKey: "key",
  expiresAt: 60,
  liveUntil: 1000,
  data: "sealed",
  ...changes,
});
const who: SignedIn = {
  subject: "ann",
  redirectUri: "https://agent.example.net/cb",
  resource: "https://app.example.com/mcp",
  scopes: [],
  consented: true,
};
const grantRoom = { perOwner: 2, clientExpiresAt: 500, now: 0 };
const rotation = { kind: "rotate", current: "r2", data: "sealed again", expiresAt: 2000 } as const;

/** What every {@link BridgeStore} does, with the limits of `room` held at once. */
export function describeBridgeStore(name: string, createStore: () => BridgeStore): void {
  describe(name, () => {
    describe("clients", () => {
      it("are gone when they expire, and leave room", async () => {
        const store = createStore();
        await store.saveClient(client("1"), room, []);
        expect(await store.findClient("1", 99)).toEqual(client("1"));
        expect(await store.findClient("1", 100)).toBeUndefined();
      });

      it("evict the owner's oldest first, then the oldest of all, and none that is used", async () => {
        const store = createStore();
        const known = async () => {
          const found = await Promise.all(
            "12345678".split("").map((id) => store.findClient(id, 0)),
          );
          return found.map((row) => row?.id ?? "").join("");
        };
        for (const id of "123") await store.saveClient(client(id), room, []);
        expect(await known()).toBe("23");
        for (const id of "45") await store.saveClient(client(id, "b"), room, []);
        expect(await known()).toBe("345");
        await store.addGrant(grant("g", { clientId: "3" }), grantRoom, who);
        for (const id of "678") await store.saveClient(client(id, id), room, []);
        expect(await known()).toBe("3678");
        expect((await store.findClient("3", 499))?.used).toBe(true);
        expect(await store.findClient("3", 500)).toBeUndefined();
      });

      it("are evicted when used too, beyond what the user who signed in first may have, not lately used first", async () => {
        const store = createStore();
        const wide = { perOwner: 9, total: 9, now: 0 };
        for (const id of "1234") {
          await store.saveClient(client(id, "a", { expiresAt: 100 * HOUR }), wide, []);
        }
        let now = 0;
        const signIn = (id: string, owner: string) => {
          now += HOUR;
          const room = { perOwner: 2, clientExpiresAt: 100 * HOUR, now };
          const changes = { clientId: id, owner, expiresAt: 100 * HOUR };
          return store.addGrant(grant(`${id} ${owner}`, changes), room, who);
        };
        await signIn("1", "ann");
        await signIn("2", "ann");
        await signIn("1", "ann");
        await signIn("3", "ann");
        expect(await store.findClient("2", 0)).toBeUndefined();
        for (const id of "134") expect(await store.findClient(id, 0)).toBeDefined();
        await signIn("4", "bob");
        for (const id of "134") expect(await store.findClient(id, 0)).toBeDefined();
      });

      it("are nobody's once a second user signs in: the first cannot have them evicted", async () => {
        const store = createStore();
        const wide = { perOwner: 9, total: 9, now: 0 };
        for (const id of "1234") {
          await store.saveClient(client(id, "a", { expiresAt: 100 * HOUR }), wide, []);
        }
        const signIn = (id: string, owner: string, now: number) => {
          const room = { perOwner: 2, clientExpiresAt: 100 * HOUR, now };
          const changes = { clientId: id, owner, expiresAt: 100 * HOUR };
          return store.addGrant(grant(`${id} ${owner}`, changes), room, who);
        };
        await signIn("1", "eve", 1);
        await signIn("1", "bob", 2);
        for (const id of "234") await signIn(id, "eve", 3 + Number(id));
        expect(await store.findClient("1", 9)).toMatchObject({ used: true, owner: "" });
        expect(await store.findClient("2", 9)).toBeUndefined();
        for (const id of "34")
          expect(await store.findClient(id, 9)).toMatchObject({ owner: "eve" });
      });

      it("stay used when they are saved again, and keep a later expiry", async () => {
        const store = createStore();
        await store.saveClient(client("1", "a", { expiresAt: 900 }), room, []);
        await store.addGrant(grant("g", { clientId: "1" }), grantRoom, who);
        expect((await store.findClient("1", 800))?.used).toBe(true);
        await store.saveClient(client("1", "stranger"), room, []);
        expect(await store.findClient("1", 0)).toMatchObject({ used: true, owner: "ann" });
      });
    });

    describe("rates", () => {
      const [mine, all] = [
        { key: "mine", perHour: 2 },
        { key: "all", perHour: 3 },
      ];
      const wide = { perOwner: 9, total: 9, now: 0 };
      // A store may have a clock of its own.
      const half = expect.closeTo(HOUR / 2, -4) as number;
      const save = (store: BridgeStore, id: string, rates = [mine, all], now = 0) =>
        store.saveClient(client(id), { ...wide, now }, rates);

      it("refuse what is beyond one, write nothing then, and count nothing", async () => {
        const store = createStore();
        for (const id of "12") expect(await save(store, id)).toEqual({ kind: "saved" });
        expect(await save(store, "3")).toEqual({ kind: "limited", retryAfterMs: half });
        expect(await store.findClient("3", 0)).toBeUndefined();
        // Of the rate of all one is left, as nothing was counted of the third.
        expect((await save(store, "4", [all])).kind).toBe("saved");
        expect((await save(store, "5", [all])).kind).toBe("limited");
        expect((await save(store, "6", [{ key: "other", perHour: 9 }, all])).kind).toBe("limited");
      });

      it("count a document that is absent, and none that is there", async () => {
        const store = createStore();
        const find = (id: string, rates = [mine]) => store.findDocument(id, 0, rates);
        await save(store, "1", []);
        for (let index = 0; index < 5; index++) {
          expect(await find("1")).toEqual({ kind: "found", client: client("1") });
        }
        for (const id of "23") expect(await find(id)).toEqual({ kind: "absent" });
        expect(await find("4")).toEqual({ kind: "limited", retryAfterMs: half });
        expect((await find("1")).kind).toBe("found");
      });
    });

    describe("transactions", () => {
      it("begin once and are taken once", async () => {
        const store = createStore();
        const row = { id: "t", owner: "a", expiresAt: 10, data: "sealed" };
        expect(await store.begin(row, room)).toBe(true);
        expect(await store.begin(row, room)).toBe(false);
        const taken = await Promise.all([store.take("t", 0), store.take("t", 0)]);
        expect(taken.filter((row) => row !== undefined)).toMatchObject([row]);
        expect(await store.begin(row, room)).toBe(false);
        expect(await store.take("t", 0)).toBeUndefined();
        expect(await store.take("other", 0)).toBeUndefined();
      });

      it("are not taken when they have expired", async () => {
        const store = createStore();
        await store.begin({ id: "t", owner: "a", expiresAt: 10, data: "" }, room);
        expect(await store.take("t", 10)).toBeUndefined();
      });
    });

    describe("grants", () => {
      it("are redeemed once with their key, and deleted by the second time", async () => {
        const store = createStore();
        await store.addGrant(grant("g"), grantRoom, who);
        expect(await store.redeem("g", "another key", "r1", 0)).toEqual({ kind: "unknown" });
        expect((await store.redeem("g", "key", "r1", 59)).kind).toBe("redeemed");
        expect((await store.redeem("g", "key", "r1", 999)).kind).toBe("replayed");
        expect((await store.redeem("g", "key", "r1", 0)).kind).toBe("unknown");
      });

      it("have a code for a minute, and live on once it is redeemed", async () => {
        const store = createStore();
        await store.addGrant(grant("g"), grantRoom, who);
        expect((await store.redeem("g", "key", "r1", 60)).kind).toBe("unknown");
        expect((await store.redeem("g", "key", "r1", 59)).kind).toBe("redeemed");
        expect((await store.claim("g", "r1", { id: "l", until: 2000 }, 999)).kind).toBe("claimed");
        expect((await store.claim("g", "r1", { id: "l", until: 2000 }, 1000)).kind).toBe("unknown");
      });

      it("are leased to one, changed by the holder of the lease, and given up when it ends", async () => {
        const store = createStore();
        await store.addGrant(grant("g"), grantRoom, who);
        expect((await store.claim("g", "r1", { id: "l", until: 30 }, 0)).kind).toBe("unknown");
        await store.redeem("g", "key", "r1", 0);
        expect((await store.claim("g", "r1", { id: "l1", until: 30 }, 0)).kind).toBe("claimed");
        expect((await store.claim("g", "r1", { id: "l2", until: 40 }, 29)).kind).toBe("busy");
        expect((await store.claim("g", "r1", { id: "l3", until: 60 }, 30)).kind).toBe("claimed");
        expect(await store.settle("g", "l1", rotation)).toBe(false);
        expect(await store.settle("g", "l3", rotation)).toBe(true);
        expect(await store.settle("g", "l3", rotation)).toBe(false);
        expect(await store.claim("g", "r2", { id: "l4", until: 90 }, 60)).toMatchObject({
          kind: "claimed",
          grant: { data: "sealed again", expiresAt: 2000 },
        });
        expect(await store.settle("g", "l4", { kind: "release" })).toBe(true);
        expect((await store.claim("g", "r2", { id: "l5", until: 90 }, 60)).kind).toBe("claimed");
        expect(await store.settle("g", "l5", { kind: "end", reason: "revoked" })).toBe(true);
        expect((await store.claim("g", "r2", { id: "l6", until: 90 }, 60)).kind).toBe("unknown");
      });

      it("are deleted by a refresh token that is not the current one, leased or not", async () => {
        const store = createStore();
        await store.addGrant(grant("g"), grantRoom, who);
        await store.redeem("g", "key", "r1", 0);
        await store.claim("g", "r1", { id: "l1", until: 30 }, 0);
        expect((await store.claim("g", "r0", { id: "l2", until: 30 }, 0)).kind).toBe("reused");
        expect(await store.settle("g", "l1", rotation)).toBe(false);
        expect((await store.claim("g", "r1", { id: "l3", until: 30 }, 0)).kind).toBe("unknown");
      });

      it("know the refresh token before the current one for as long as they are told to", async () => {
        const store = createStore();
        await store.addGrant(grant("g"), grantRoom, who);
        await store.redeem("g", "key", "r1", 0);
        const rotate = async (from: string, current: string, now: number) => {
          const lease = { id: current, until: now + 30 };
          expect((await store.claim("g", from, lease, now)).kind).toBe("claimed");
          const previous = { current: from, until: now + 60 };
          return store.settle("g", current, { ...rotation, current, previous });
        };
        const claim = (current: string, now: number) =>
          store.claim("g", current, { id: "l", until: now + 30 }, now);
        expect(await rotate("r1", "r2", 0)).toBe(true);
        expect(await claim("r1", 59)).toMatchObject({
          kind: "repeated",
          grant: { data: "sealed again" },
        });
        expect(await rotate("r2", "r3", 59)).toBe(true);
        expect((await claim("r2", 118)).kind).toBe("repeated");
        expect((await claim("r2", 119)).kind).toBe("reused");
        expect((await claim("r3", 119)).kind).toBe("unknown");
      });

      it("are evicted beyond what one user may have", async () => {
        const store = createStore();
        for (const id of ["1", "2", "3"]) await store.addGrant(grant(id), grantRoom, who);
        expect((await store.redeem("1", "key", "r", 0)).kind).toBe("unknown");
        expect((await store.redeem("2", "key", "r", 0)).kind).toBe("redeemed");
      });
    });

    it("never holds more than its room, whoever comes", async () => {
      const visit = fc.tuple(fc.nat(30), fc.nat(6));
      await fc.assert(
        fc.asyncProperty(fc.array(visit, { maxLength: 60 }), async (visits) => {
          const store = createStore();
          for (const [id, owner] of visits)
            await store.saveClient(client(`${id}`, `${owner}`), room, []);
          const rows = await Promise.all(
            Array.from({ length: 31 }, (_, id) => store.findClient(`${id}`, 0)),
          );
          const kept = rows.filter((row) => row !== undefined);
          expect(kept.length).toBeLessThanOrEqual(3);
          for (const { owner } of kept) {
            expect(kept.filter((row) => row.owner === owner).length).toBeLessThanOrEqual(2);
          }
          const last = visits.at(-1);
          if (last !== undefined) expect(kept.map((row) => row.id)).toContain(`${last[0]}`);
        }),
      );
    });
  });
}
