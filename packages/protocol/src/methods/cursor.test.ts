import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCursor, toCursor } from "./cursor.ts";
import { pageOf } from "./page.ts";

const nameOf = (item: { readonly name: string }) => item.name;
const name = fc.string({ unit: "binary", maxLength: 128 });

describe("cursors", () => {
  it("come back as the name they stand for", () => {
    fc.assert(
      fc.property(name, (text) => {
        const cursor = toCursor(text);
        expect(cursor).toMatch(/^[\w.-]+$/);
        expect(parseCursor(cursor)).toBe(text);
      }),
    );
  });

  it("may stand for a name that begins with a byte order mark", () => {
    expect(parseCursor(toCursor("\ufeffa"))).toBe("\ufeffa");
  });

  it("of others are refused, never misread", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String().map((text) => `1.${text}`),
        ),
        (text) => {
          const parsed = parseCursor(text);
          if (parsed !== undefined) expect(toCursor(parsed)).toBe(text);
        },
      ),
    );
  });
});

describe("pages", () => {
  it("hold every item once, in order, whatever their size", () => {
    const names = fc.uniqueArray(name, { maxLength: 30 });
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 10 }), (all, size) => {
        const items = all.map((name) => ({ name }));
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const page = pageOf(items, nameOf, cursor, size);
          if (page === "invalidCursor") throw new Error("a cursor of ours was refused");
          expect(page.items.length).toBeLessThanOrEqual(size);
          seen.push(...page.items.map(({ name }) => name));
          cursor = page.nextCursor;
        } while (cursor !== undefined);
        expect(seen).toEqual(all);
      }),
    );
  });

  it("survive that other items come and go", () => {
    const before = ["a", "b", "c", "d"].map((name) => ({ name }));
    const first = pageOf(before, nameOf, undefined, 2);
    const cursor = first === "invalidCursor" ? undefined : first.nextCursor;
    const after = ["b", "b2", "d"].map((name) => ({ name }));
    expect(pageOf(after, nameOf, cursor, 2)).toEqual({ items: [{ name: "b2" }, { name: "d" }] });
    expect(pageOf([{ name: "z" }], nameOf, cursor, 2)).toBe("invalidCursor");
  });
});
