import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HOSTILE } from "../test/hostile.ts";
import { PART, SECRET, deepFreeze, plantedDeep, plantedExact } from "../test/planted.ts";
import { createRedactor, redact } from "./redact.ts";

const X = "[redacted]";
const missing = (): number => 1;

describe("redact", () => {
  it.each<[string, unknown, unknown]>([
    ["a.b", { a: { b: 1, c: 2 }, d: 3 }, { a: { b: X, c: 2 }, d: 3 }],
    ["a", { a: { b: 1 } }, { a: X }],
    ["a.b", { a: null }, { a: null }],
    [
      "items.token",
      { items: [{ token: 1, id: 2 }, { id: 3 }] },
      { items: [{ token: X, id: 2 }, { id: 3 }] },
    ],
    ["items.token", { items: [[{ token: 1 }]] }, { items: [[{ token: X }]] }],
    ["token", [{ token: 1 }], [{ token: X }]],
    ["a[1]", { a: [1, 2, 3] }, { a: [1, X, 3] }],
    ["a[1]", { a: { 1: 2 } }, { a: { 1: X } }],
    ["a[0]", { a: [[1], [2]] }, { a: [X, [2]] }],
    ["a[9]", { a: [1] }, { a: [1] }],
    ["a.*.b", { a: { x: { b: 1 }, y: { b: 2, c: 3 } } }, { a: { x: { b: X }, y: { b: X, c: 3 } } }],
    ["a[*].b", { a: [{ b: 1 }, { c: 2 }] }, { a: [{ b: X }, { c: 2 }] }],
    ["a.*", { a: [1, { b: 2 }] }, { a: [X, X] }],
    [
      "**.pin",
      { pin: 1, a: [{ b: { pin: { c: 2 } }, pins: 3 }] },
      { pin: X, a: [{ b: { pin: X }, pins: 3 }] },
    ],
    ["toString", { a: 1 }, { a: 1 }],
  ])("%s", (path, value, expected) => {
    expect(redact(value, [path])).toEqual(expected);
  });

  it("applies paths that overlap", () => {
    const value = {
      a: [
        { b: 1, c: 2, d: 3 },
        { b: 4, c: 5, d: 6 },
      ],
      e: { b: 7 },
    };
    expect(redact(value, ["a[0].b", "a.*.c", "a.d", "**.b"])).toEqual({
      a: [
        { b: X, c: X, d: X },
        { b: X, c: X, d: X },
      ],
      e: { b: X },
    });
  });

  it("takes another censor", () => {
    expect(redact({ a: 1 }, ["a"], { censor: "***" })).toEqual({ a: "***" });
  });

  it("shares what no path touches, and returns a value with nothing to redact as it is", () => {
    const value = { a: { b: 1 }, c: { d: 2 }, at: new Date(0) };
    const out = redact(value, ["a.b"]) as typeof value;
    expect(out.c).toBe(value.c);
    expect(redact<unknown>(value, ["x.y", "a.b.c", "at.x", "**.z"])).toBe(value);
  });

  it("redacts what toJSON shows", () => {
    class Account {
      #token = SECRET;
      toJSON() {
        return { token: this.#token, name: "n" };
      }
    }
    const value = { account: new Account() };
    const expected = { account: { token: X, name: "n" } };
    expect(redact(value, ["account.token"])).toEqual(expected);
    expect(redact(value, ["**.token"])).toEqual(expected);
    expect(redact(value, [])).toEqual(expected);
    expect(redact<unknown>(value, ["account.x"], { secrets: false })).toBe(value);
  });

  it("leaves no toJSON in a copy, which would show what it likes", () => {
    const value: Record<string, unknown> = { token: SECRET };
    value["toJSON"] = () => ({ ...value });
    expect(JSON.stringify(redact<unknown>({ value }, []))).toBe(`{"value":{"token":"${X}"}}`);
  });

  it("redacts what the toJSON of a function shows", () => {
    const value = {
      run: Object.assign(() => 1, { toJSON: () => ({ token: SECRET, pin: SECRET }) }),
    };
    expect(redact<unknown>(value, [])).toEqual({ run: { token: X, pin: SECRET } });
    expect(redact<unknown>(value, ["run.pin"], { secrets: false })).toEqual({
      run: { token: SECRET, pin: X },
    });
    expect(redact<unknown>({ run: missing }, [])).toEqual({ run: missing });
  });

  it.each([Number.NaN, -1, "x", undefined, {}, 1.5])(
    "takes %s for no length of an array, and no end of the walk",
    (length) => {
      let value: unknown = { token: SECRET };
      for (let i = 0; i < 24; i++) {
        const items = [value, value];
        const odd = new Proxy(items, {
          get: (target, key) => (key === "length" ? length : Reflect.get(target, key)),
        });
        value = [items, odd, items];
      }
      expect(JSON.stringify(redact(value, []))).not.toContain(PART);
    },
  );

  it("walks a million fields, however often it meets the same", () => {
    const wide = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k${i}`, i]));
    const rows = Array.from({ length: 5000 }, () => wide);
    for (const options of [{}, { secrets: false }]) {
      const out = redact<unknown>({ rows }, ["rows.k1"], options) as { rows: unknown[] };
      const walked = out.rows.filter((row) => row !== X);
      expect(walked.length).toBeGreaterThan(900);
      expect(walked.length).toBeLessThanOrEqual(1000);
      expect(walked.at(-1)).toMatchObject({ k0: 0, k1: X });
    }
  });

  it("keeps the readable rest beside a getter that throws", () => {
    const value = Object.defineProperty({ token: SECRET, a: 1 }, "boom", {
      enumerable: true,
      get: () => {
        throw new Error("no");
      },
    });
    expect(redact(value, ["token"])).toEqual({ token: X, a: 1, boom: "[unreadable]" });
  });

  it("marks what cannot be read, also beside nothing to redact", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const boom = Object.defineProperty({ a: 1 }, "b", {
      enumerable: true,
      get: () => {
        throw new Error("no");
      },
    });
    const expected = { boom: { a: 1, b: "[unreadable]" }, proxy: "[unreadable]" };
    expect(redact<unknown>({ boom, proxy }, [])).toEqual(expected);
    expect(redact<unknown>({ boom, proxy }, ["*.x"], { secrets: false })).toEqual(expected);
  });

  it("reads the fields of what it copies once, so that a getter cannot change its mind", () => {
    let reads = 0;
    const value = {
      get later() {
        reads += 1;
        return reads === 1 ? {} : { token: SECRET };
      },
      token: SECRET,
    };
    expect(JSON.stringify(redact(value, []))).not.toContain(PART);
    reads = 0;
    const exact = redact<unknown>(value, ["token", "later.token"], { secrets: false });
    expect(JSON.stringify(exact)).not.toContain(PART);
  });

  it("reads the items of what it copies once", () => {
    let reads = 0;
    const items = new Proxy([{}, { token: SECRET }], {
      get: (target, key, receiver) => {
        const read = Reflect.get(target, key, receiver) as unknown;
        if (key !== "0") return read;
        reads += 1;
        return reads === 1 ? read : { token: SECRET };
      },
    });
    expect(JSON.stringify(redact(items, []))).not.toContain(PART);
  });

  it("takes no name for a field that Object.prototype lends to all", () => {
    const lent = { value: SECRET, enumerable: true, configurable: true, writable: true };
    Reflect.defineProperty(Object.prototype, "token", lent);
    try {
      expect(JSON.stringify(redact<unknown>({ a: { password: 1 } }, ["*.*", "token"]))).toBe(
        `{"a":{"password":"${X}"}}`,
      );
    } finally {
      Reflect.deleteProperty(Object.prototype, "token");
    }
  });

  it("marks a cycle, and censors what it cannot reach", () => {
    const loop: Record<string, unknown> = { token: 1 };
    loop["self"] = loop;
    expect(redact(loop, ["**.token"])).toEqual({ token: X, self: "[cycle]" });
    let deep: unknown = { token: SECRET };
    for (let i = 0; i < 1000; i++) deep = { deep };
    expect(JSON.stringify(redact(deep, ["**.token"]))).not.toContain(SECRET);
  });

  it.each(Object.entries(HOSTILE))(
    "survives %s",
    (_name, make) => {
      const paths = ["**.token", "a.b", "*.token", "[0].token", "*", "a.*", "x[*][*].y", "token"];
      for (const path of paths) {
        expect(() => redact(make(), [path])).not.toThrow();
      }
      expect(() => redact(make(), paths)).not.toThrow();
    },
    30_000,
  );
});

describe("treatments", () => {
  const hash = (text: string) => `#${text.length}`;

  it("each does its own", () => {
    const value = { a: 1, b: "it is long enough", c: "ann", d: "secret", e: [1, 2] };
    const rules = { redact: ["a"], mask: ["b"], hash: ["c"], drop: ["d", "e[0]"] } as const;
    const out = redact(value, rules, { hash });
    expect(out).toEqual({ a: X, b: "****ough", c: "#3", e: [null, 2] });
    expect(out).not.toHaveProperty("d");
  });

  it("the strongest wins", () => {
    const value = { a: "aaaaaaaaaaaaaaaa", b: "bbbbbbbbbbbbbbbb", c: "cccccccccccccccc" };
    const rules = { mask: ["a", "b", "c"], hash: ["a", "b"], redact: ["a"] } as const;
    expect(redact(value, rules, { hash })).toEqual({ a: X, b: "#16", c: "****cccc" });
    expect(redact(value, { drop: ["**.a"], mask: ["a"] })).not.toHaveProperty("a");
  });

  it("the strongest wins, whichever path it stands at, and sees the value itself", () => {
    const long = "it is long enough";
    const ways = [["a"], ["*"], ["**.a"]] as const;
    for (const [weak, strong] of [
      ["mask", "hash"],
      ["mask", "redact"],
      ["hash", "redact"],
      ["redact", "drop"],
    ] as const) {
      for (const one of ways) {
        for (const other of ways) {
          const alone = redact({ a: long }, { [strong]: one }, { hash });
          const both = redact({ a: long }, { [weak]: other, [strong]: one }, { hash });
          expect(both).toEqual(alone);
        }
      }
    }
    expect(redact<unknown>([long], { drop: ["*"], mask: ["[0]"] })).toEqual([null]);
    const named = { hash: ["[0]"], mask: ['["0"]'] };
    for (const secrets of [true, false]) {
      expect(redact<unknown>({ 0: long }, named, { hash, secrets })).toEqual({ 0: "#17" });
    }
  });

  it("what is shown hides nothing less by another rule, at any depth or not", () => {
    const value = { token: "it is long enough", iban: "it is long enough" };
    const shown = ["token", "iban"] as const;
    expect(redact(value, { verbatim: shown, redact: ["**.iban"] })).toEqual({ ...value, iban: X });
    expect(redact(value, { mask: ["token"] })).toEqual({ ...value, token: X });
    expect(redact(value, { mask: ["**.token"] })).toEqual({ ...value, token: X });
    for (const verbatim of [["token"], ["**.token"]] as const) {
      for (const mask of [["token"], ["**.token"], ["*"]] as const) {
        expect(redact(value, { verbatim, mask })).toMatchObject({ token: "****ough" });
      }
    }
  });

  it("well-known names are redacted unless a path shows them", () => {
    const value = { token: "t", page: { token: "next" }, list: [{ apiKey: "k" }] };
    expect(redact(value, [])).toEqual({ token: X, page: { token: X }, list: [{ apiKey: X }] });
    const shown = { verbatim: ["page.token", "**.apiKey"] } as const;
    expect(redact(value, shown)).toEqual({
      token: X,
      page: { token: "next" },
      list: [{ apiKey: "k" }],
    });
    expect(redact(value, [], { secrets: false })).toBe(value);
  });

  it("what is shown by one path and hidden by another is hidden", () => {
    const value = { token: "t", a: { token: "u" } };
    const rules = { verbatim: ["token", "a.token"], redact: ["token", "a"] } as const;
    expect(redact(value, rules)).toEqual({ token: X, a: X });
  });

  it("shows below a path of verbatim no other secret", () => {
    const value = { credentials: { id: "i", password: "p" } };
    expect(redact(value, { verbatim: ["credentials"] })).toEqual({
      credentials: { id: "i", password: X },
    });
  });

  it("masks short texts whole, and what is no text not at all", () => {
    const value = {
      a: "12345678901",
      b: 123456789012,
      c: { d: "123456789012" },
      e: "123456789😀😀😀",
    };
    expect(redact(value, { mask: ["a", "b", "c", "e"] })).toEqual({
      a: "****",
      b: "****9012",
      c: X,
      e: "****😀😀",
    });
  });

  it("cuts no pair of surrogates in two", () => {
    expect(redact({ a: "123456789😀abc" }, { mask: ["a"] })).toEqual({ a: "****abc" });
  });

  it("censors where the hash throws, and refuses hash rules without one", () => {
    const broken = () => {
      throw new Error("no key");
    };
    expect(redact({ a: "x" }, { hash: ["a"] }, { hash: broken })).toEqual({ a: X });
    expect(() => createRedactor({ hash: ["a"] })).toThrow(TypeError);
  });

  it("drops the whole value", () => {
    expect(redact([1], { drop: ["*"] })).toEqual([null]);
    expect(redact({ a: 1, b: 2 }, { drop: ["*"] })).toEqual({});
  });
});

describe("no planted secret survives, and nothing else changes", () => {
  const leaf = fc.constantFrom<unknown>(SECRET, { deep: [SECRET] }, [[SECRET]], 7);

  it.each([
    ["exact paths", plantedExact],
    ["names at any depth", plantedDeep],
  ])("%s", (_name, planted) => {
    fc.assert(
      fc.property(planted, leaf, ({ path, build }, secret) => {
        const value = deepFreeze(build(secret));
        const before = JSON.stringify(value);
        const out = redact(value, [path]);
        expect(JSON.stringify(out)).toBe(JSON.stringify(build(X)));
        expect(JSON.stringify(value)).toBe(before);
        expect(redact(out, [path])).toEqual(out);
      }),
      { numRuns: 1500 },
    );
  });

  it("several paths at once", () => {
    const several = fc.array(fc.oneof(plantedExact, plantedDeep), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(several, fc.integer({ min: 0 }), (all, pick) => {
        const build = all[pick % all.length]?.build ?? String;
        const redactor = createRedactor(all.map(({ path }) => path));
        const out = redactor(deepFreeze(build(SECRET)));
        expect(JSON.stringify(out)).not.toContain(PART);
        expect(redactor(out)).toEqual(out);
      }),
      { numRuns: 1000 },
    );
  });

  it("does not throw on anything", () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSparseArray: true,
      withTypedArray: true,
    });
    fc.assert(
      fc.property(anything, plantedExact, (value, { path }) => {
        redact(value, [path, "**.a", "*.*"]);
      }),
    );
  });
});
