import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HOSTILE } from "../test/hostile.ts";
import { PART, SECRET, deepFreeze, plantedDeep, plantedExact } from "../test/planted.ts";
import { createPayloadWriter, type PayloadLimits, type Redaction } from "./payload.ts";
import { RedactPathError } from "./path.ts";
import { createRedactor } from "./redact.ts";
import { createRedaction } from "./redaction.ts";
import { SECRET_KEYS } from "./secrets.ts";

const missing = (): never => {
  throw new Error("no");
};
const sizeOf = (text: string): number => new TextEncoder().encode(text).length;

function write(value: unknown, redaction?: Redaction, limits?: PayloadLimits) {
  const payload = createPayloadWriter(redaction, limits)(value);
  return { ...payload, value: JSON.parse(payload.json ?? "null") as unknown };
}

describe("what a payload shows", () => {
  it("censors the well-known names at any depth, and shows the rest", () => {
    const value = {
      q: "x",
      token: "t",
      list: [{ "Set-Cookie": "c", ApiKey: "k", id: 1 }],
      Password: { a: 1 },
    };
    const { value: shown, bytes, cut } = write(value);
    expect(shown).toEqual({
      q: "x",
      token: "[redacted]",
      list: [{ "Set-Cookie": "[redacted]", ApiKey: "[redacted]", id: 1 }],
      Password: "[redacted]",
    });
    expect({ bytes, cut }).toEqual({ bytes: sizeOf(JSON.stringify(value)), cut: false });
  });

  it("adds paths to the well-known names", () => {
    const value = { customer: { email: "a@b.c", name: "Ann" }, pins: [{ pin: 1 }], secret: 2 };
    expect(write(value, createRedaction(["customer.email", "**.pin"])).value).toEqual({
      customer: { email: "[redacted]", name: "Ann" },
      pins: [{ pin: "[redacted]" }],
      secret: "[redacted]",
    });
  });

  it("opts out of redaction only with verbatim", () => {
    expect(write({ token: 1 }, "verbatim").value).toEqual({ token: 1 });
    expect(write({ token: 1 }, createRedaction([])).value).toEqual({ token: "[redacted]" });
  });

  it("drops all but the size", () => {
    const value = { token: "é", list: [1, null, true] };
    expect(createPayloadWriter("drop")(value)).toEqual({
      json: undefined,
      bytes: sizeOf(JSON.stringify(value)),
      cut: false,
    });
  });

  it("writes what JSON has no form for", () => {
    const value = {
      big: 12345678901234567890n,
      nan: Number.NaN,
      inf: -Infinity,
      none: undefined,
      run: () => 1,
      sign: Symbol("s"),
      list: [undefined, () => 1],
      at: new Date(0),
      bytes: new Uint8Array([104, 105]),
      view: new DataView(new Uint8Array([104, 105]).buffer, 1),
      buffer: new Uint8Array([255, 254]).buffer,
      many: new Uint8Array(12345),
    };
    const { value: shown, cut } = write(value);
    expect(shown).toEqual({
      big: "12345678901234567890",
      nan: "NaN",
      inf: "-Infinity",
      list: [null, null],
      at: "1970-01-01T00:00:00.000Z",
      bytes: "aGk=",
      view: "aQ==",
      buffer: "//4=",
      many: "[bytes: 12345]",
    });
    expect(cut).toBe(true);
  });

  it("is JSON for a value that is none", () => {
    for (const value of [undefined, Symbol("s"), () => 1]) expect(write(value).json).toBe("null");
  });

  it("marks a cycle and what cannot be read", () => {
    const loop: Record<string, unknown> = { a: 1 };
    loop["self"] = [loop];
    Object.defineProperty(loop, "boom", { enumerable: true, get: () => missing() });
    expect(write(loop).value).toEqual({ a: 1, self: ["[cycle]"], boom: "[unreadable]" });
  });

  it("reads a million fields for each try to fit, however often it meets the same", () => {
    let reads = 0;
    const get = (): void => void (reads += 1);
    const fields = Array.from({ length: 1000 }, (_, i) => [`k${i}`, { enumerable: true, get }]);
    const wide = Object.defineProperties({}, Object.fromEntries(fields) as PropertyDescriptorMap);
    expect(write(Array.from({ length: 50_000 }, () => wide)).cut).toBe(true);
    expect(reads).toBeGreaterThan(1_000_000);
    expect(reads).toBeLessThan(4_000_000);
  });

  it("reads every property once, so that a getter cannot change its mind", () => {
    let reads = 0;
    const user = {
      get profile() {
        return reads++ === 0 ? { pin: 1 } : { token: SECRET, pin: SECRET };
      },
    };
    expect(write({ user }, createRedaction(["user.profile.pin"])).json).not.toContain(SECRET);
    expect(reads).toBe(1);
  });
});

describe("what is too big is cut down", () => {
  it("cuts long texts and keeps the rest", () => {
    const whole = { id: 7, text: "x".repeat(100_000), tail: [1, 2] };
    const { value, cut, bytes } = write(whole);
    expect(value).toMatchObject({ id: 7, tail: [1, 2] });
    expect((value as { text: string }).text).toMatch(/^x{8000,}…\[\+\d+ chars\]$/);
    expect({ cut, bytes }).toEqual({ cut: true, bytes: JSON.stringify(whole).length });
  });

  it("cuts long arrays and says how many items are gone", () => {
    const rows = Array.from({ length: 10_000 }, (_, id) => ({ id, name: `row ${id}` }));
    const { value, json } = write({ rows, note: "n" });
    const { rows: shown, note } = value as { rows: unknown[]; note: string };
    expect(note).toBe("n");
    expect(shown.slice(0, -1)).toEqual(rows.slice(0, shown.length - 1));
    expect(shown.at(-1)).toBe(`…[+${10_000 - shown.length + 1} items]`);
    expect(sizeOf(json ?? "")).toBeGreaterThan(8192);
  });

  it("cuts big objects and says how many fields are gone", () => {
    const big = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`key${i}`, i]));
    const { value } = write({ big });
    const shown = (value as { big: Record<string, unknown> }).big;
    expect(shown).toMatchObject({
      key0: 0,
      key1: 1,
      "…": `…[+${5001 - Object.keys(shown).length} fields]`,
    });
  });

  it("cuts depth", () => {
    expect(write({ a: { b: { c: 1 } }, d: [[]] }, undefined, { depth: 2 })).toMatchObject({
      value: { a: { b: "[too deep]" }, d: ["[too deep]"] },
      cut: true,
      bytes: '{"a":{"b":{"c":1}},"d":[[]]}'.length,
    });
  });

  it("keeps its limit even where every character is escaped", () => {
    for (const text of ["\0", "\ud800", "\u2028", "😀", "é"]) {
      for (const value of [
        text.repeat(9000),
        { [text.repeat(9000)]: text },
        [[text.repeat(300)], [text.repeat(300)]],
      ]) {
        const { json, cut } = write(value, undefined, { bytes: 128 });
        expect(sizeOf(json ?? "")).toBeLessThanOrEqual(128);
        expect(cut).toBe(true);
      }
    }
  });

  it("redacts by the whole name, also where the name is cut", () => {
    const long = "n".repeat(300);
    const value = { [long]: SECRET, [`pass${"-".repeat(300)}word`]: SECRET, [`${long}x`]: "shown" };
    const { json, cut } = write(value, createRedaction([long]), { bytes: 256 });
    expect(cut).toBe(true);
    expect(json).not.toContain(PART);
    expect(json).toContain("shown");
  });

  it("refuses limits out of range", () => {
    expect(() => createPayloadWriter(undefined, { bytes: 10 })).toThrow(
      /limits\.bytes .* from 128 .* got 10/,
    );
    expect(() => createPayloadWriter(undefined, { depth: 1.5 })).toThrow(TypeError);
    expect(() => createRedaction({ redact: ["a["] })).toThrow(RedactPathError);
  });

  it.each(["none", "Drop", null, { redact: ["password"] }])(
    "refuses the redaction %j, which would show what was to be hidden",
    (redaction) => {
      expect(() => createPayloadWriter(redaction as unknown as Redaction)).toThrow(TypeError);
      expect(() => createPayloadWriter(redaction as unknown as Redaction)).toThrow(
        /expected "verbatim", "drop" or createRedaction/,
      );
    },
  );
});

describe("rules", () => {
  it.each([null, "a", { redact: "password" }, { reduct: ["password"] }])(
    "are not %j, which would show what was to be hidden",
    (rules) => {
      expect(() => createRedaction(rules as never)).toThrow(TypeError);
      expect(() => createRedaction(rules as never)).toThrow(
        /expected paths or \{ redact: \[…\] \}/,
      );
    },
  );

  const hash = (text: string) => `#${text.length}`;

  it("treat each path as they say, and know the whole size", () => {
    const value = { a: "x", b: "it is long enough", c: "ann", d: { e: 1 }, token: "t", n: [1, 2] };
    const rules = {
      redact: ["a"],
      mask: ["b"],
      hash: ["c"],
      drop: ["d", "n[0]"],
      verbatim: ["token"],
    } as const;
    const { json, bytes } = createPayloadWriter(createRedaction(rules, { hash }))(value);
    expect(json).toBe('{"a":"[redacted]","b":"****ough","c":"#3","token":"t","n":[null,2]}');
    expect(bytes).toBe(JSON.stringify(value).length);
  });

  it.each([{ a: 1 }, { a: 1, b: 2 }, { b: 2, a: 1 }, { a: undefined, b: 1 }, { a: undefined }])(
    "know the size when fields of %j are dropped",
    (value) => {
      const { json, bytes } = createPayloadWriter(createRedaction({ drop: ["a"] }))(value);
      expect(json).not.toContain("a");
      expect(bytes).toBe(JSON.stringify(value).length);
    },
  );

  it("refuse a hash without its key when they are made", () => {
    expect(() => createRedaction({ hash: ["a"] })).toThrow(/options\.hash/);
  });

  it("do as createRedactor does, for any path", () => {
    const treatment = fc.constantFrom("redact", "mask", "hash", "drop", "verbatim");
    fc.assert(
      fc.property(plantedExact, treatment, ({ path, build }, how) => {
        const value = build("it is long enough");
        const rules = { [how]: [path] };
        const { json, cut } = createPayloadWriter(createRedaction(rules, { hash }))(value);
        fc.pre(!cut);
        expect(JSON.parse(json ?? "null")).toEqual(
          JSON.parse(JSON.stringify(createRedactor(rules, { hash })(value)) ?? "null"),
        );
      }),
    );
  });
});

describe("for any value", () => {
  const redaction = fc.constantFrom<Redaction | undefined>(
    undefined,
    "verbatim",
    createRedaction(["a.b", "**.x", "*[0]"]),
  );
  const limits = fc.record({
    bytes: fc.integer({ min: 128, max: 1000 }),
    depth: fc.integer({ min: 1, max: 6 }),
  });
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withObjectString: true,
    withSparseArray: true,
    withTypedArray: true,
    maxKeys: 20,
  });

  it("parses, and fits", () => {
    fc.assert(
      fc.property(anything, redaction, limits, (value, how, most) => {
        const { json } = write(value, how, most);
        expect(sizeOf(json ?? "")).toBeLessThanOrEqual(most.bytes);
      }),
      { numRuns: 1000 },
    );
  });

  it("knows the size of the whole, whatever is hidden and cut", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), redaction, limits, (value, how, most) => {
        const whole = JSON.stringify(value);
        expect(write(value, how, most).bytes).toBe(sizeOf(whole));
        expect(write(value, "drop").bytes).toBe(sizeOf(whole));
      }),
      { numRuns: 1000 },
    );
  });

  it("is what JSON.stringify writes, where nothing is hidden or cut", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
        const { json, cut } = write(value, "verbatim");
        if (!cut) expect(json).toBe(JSON.stringify(value));
      }),
    );
  });

  it("shows no planted secret, however it is cut, and leaves the value alone", () => {
    fc.assert(
      fc.property(fc.oneof(plantedExact, plantedDeep), limits, ({ path, build }, most) => {
        const value = deepFreeze(build({ long: SECRET.repeat(50) }));
        const before = JSON.stringify(value);
        expect(write(value, createRedaction([path]), most).json).not.toContain(PART);
        expect(JSON.stringify(value)).toBe(before);
      }),
      { numRuns: 1500 },
    );
  });

  it("redacts the same places as the redactor", () => {
    fc.assert(
      fc.property(fc.oneof(plantedExact, plantedDeep), ({ path, build }) => {
        const { json, cut } = write(build(SECRET), createRedaction([path]));
        if (!cut) expect(json).toBe(JSON.stringify(build("[redacted]")));
      }),
      { numRuns: 1000 },
    );
  });

  it("hides the well-known names however they are spelled", () => {
    const spelled = fc
      .tuple(
        fc.constantFrom(...SECRET_KEYS),
        fc.array(fc.constantFrom("", "-", "_"), { minLength: 24, maxLength: 24 }),
        fc.boolean(),
      )
      .map(([key, between, upper]) => {
        const joined = Array.from(key.replaceAll("_", ""))
          .map((letter, i) => letter + between[i])
          .join("");
        return upper ? joined.toUpperCase() : joined;
      });
    fc.assert(
      fc.property(spelled, fc.nat(20), limits, (key, depth, most) => {
        let value: unknown = { [key]: SECRET };
        for (let i = 0; i < depth; i++) value = i % 2 === 0 ? { more: value } : [value, value];
        expect(write(value, undefined, most).json).not.toContain(PART);
      }),
    );
  });

  it.each(Object.entries(HOSTILE))(
    "survives %s",
    (_name, make) => {
      for (const how of [
        undefined,
        "verbatim",
        "drop",
        createRedaction(["a.*", "[1].x", "**.q"]),
      ] as const) {
        for (const bytes of [128, 16_384]) {
          const { json } = write(make(), how, { bytes });
          expect(sizeOf(json ?? "")).toBeLessThanOrEqual(bytes);
        }
      }
    },
    30_000,
  );
});
