import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createShares } from "./shares.ts";

const dropped: string[] = [];
function shares(limits: { maxPerOwner?: number; max?: number; now?: () => number } = {}) {
  dropped.length = 0;
  const onDrop = (value: string) => dropped.push(value);
  return createShares<string>({ maxPerOwner: 3, max: 5, now: () => 0, onDrop, ...limits });
}

describe("shares", () => {
  it("are each owner's own", () => {
    const store = shares();
    store.set("ada", "x", "1");
    expect([store.get("ada", "x"), store.get("eve", "x"), store.get(undefined, "x")]).toEqual([
      "1",
      undefined,
      undefined,
    ]);
    expect([store.delete("eve", "x"), store.delete("ada", "x"), store.delete("ada", "x")]).toEqual([
      false,
      true,
      false,
    ]);
    expect(dropped).toEqual([]);
  });

  it("make room for an owner's next at the cost of its oldest", () => {
    const store = shares();
    for (const key of ["a", "b", "c", "a", "d"]) store.set("ada", key, key);
    expect(dropped).toEqual(["b"]);
  });

  it("make room for all at the cost of who keeps most", () => {
    const store = shares();
    for (const key of ["a", "b", "c"]) store.set("eve", key, key);
    for (const owner of ["ada", "bob", "cyd"]) store.set(owner, "x", owner);
    expect(dropped).toEqual(["a"]);
    expect(store.set("eve", "d", "d", { size: 2 })).toBe(true);
    // Now it would keep more than anyone, with b or c.
    expect(dropped).toEqual(["a", "b", "c"]);
  });

  it("refuse what would cost those who keep less", () => {
    const store = shares({ max: 3 });
    for (const owner of ["ada", "bob"]) store.set(owner, "x", owner);
    expect(store.set("eve", "big", "big", { size: 2 })).toBe(false);
    expect(store.set("eve", "huge", "huge", { size: 4 })).toBe(false);
    expect([dropped, store.get("ada", "x"), store.get("bob", "x")]).toEqual([[], "ada", "bob"]);
  });

  it("forget what expired, and tell of it", () => {
    let time = 0;
    const store = shares({ now: () => time });
    store.set("ada", "x", "1", { expiresAt: 10 });
    time = 9;
    expect(store.get("ada", "x")).toBe("1");
    time = 10;
    expect([store.get("ada", "x"), dropped]).toEqual([undefined, ["1"]]);
    store.set("ada", "y", "2", { expiresAt: 20 });
    time = 20;
    store.set("eve", "z", "3");
    expect(dropped).toEqual(["1", "2"]);
  });

  it("never cost an owner anything who keeps no more than an equal part", () => {
    const step = fc.record({
      owner: fc.constantFrom("ada", "bob", "eve"),
      key: fc.constantFrom("a", "b", "c", "d", "e"),
      size: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const store = createShares<number>({ maxPerOwner: 6, max: 9, now: () => 0 });
        // A fourth owner takes part with one entry of an equal part of nine.
        store.set("me", "mine", 2, { size: 2 });
        for (const { owner, key, size } of steps) {
          store.set(owner, key, size, { size });
          const kept = (name: string) =>
            ["a", "b", "c", "d", "e"].reduce((sum, at) => sum + (store.get(name, at) ?? 0), 0);
          const each = ["ada", "bob", "eve"].map(kept);
          expect(Math.max(...each)).toBeLessThanOrEqual(6);
          expect(each.reduce((sum, one) => sum + one, 2)).toBeLessThanOrEqual(9);
          expect(store.get("me", "mine")).toBe(2);
        }
      }),
    );
  });
});
