import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createSealer } from "./seal.ts";

const sealer = createSealer(["s".repeat(32)]);

describe("a sealed text", () => {
  it("opens for the same purpose and context only", async () => {
    const sealed = await sealer.seal("state", { id: "x" }, "browser");
    expect(await sealer.open("state", sealed, "browser")).toEqual({ id: "x" });
    expect(await sealer.open("state", sealed, "another")).toBeUndefined();
    expect(await sealer.open("state", sealed)).toBeUndefined();
    expect(await sealer.open("consent", sealed, "browser")).toBeUndefined();
  });

  it("is different each time, and says nothing of what is in it", async () => {
    const [first, second] = [await sealer.seal("code", "id"), await sealer.seal("code", "id")];
    expect(first).not.toBe(second);
    expect(atob(first.replaceAll("-", "+").replaceAll("_", "/"))).not.toContain("id");
  });

  it("opens with any of the secrets, and is sealed with the first", async () => {
    const rotated = createSealer(["t".repeat(32), "s".repeat(32)]);
    expect(await rotated.open("code", await sealer.seal("code", 1))).toBe(1);
    expect(await sealer.open("code", await rotated.seal("code", 1))).toBeUndefined();
  });

  it("does not open when anything of it is changed", async () => {
    const sealed = await sealer.seal("code", "id");
    await fc.assert(
      fc.asyncProperty(
        fc.nat(sealed.length - 1),
        fc.constantFrom("A", "Q", "g", "w", "_", "-"),
        async (at, by) => {
          const changed = sealed.slice(0, at) + by + sealed.slice(at + 1);
          if (changed !== sealed) expect(await sealer.open("code", changed)).toBeUndefined();
        },
      ),
    );
    for (const text of ["", "A", "AAAA", `${sealed}=`, `${sealed} `, "A".repeat(40_000), "é"]) {
      expect(await sealer.open("code", text)).toBeUndefined();
    }
  });
});
