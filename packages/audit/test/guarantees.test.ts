import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hmacSha256 } from "../src/hmac.ts";
import {
  createPayloadWriter,
  createRedaction,
  createRedactor,
  type RedactionRules,
  redactHeaders,
  redactJson,
  redactText,
  SECRET_KEYS,
} from "../src/index.ts";
import { deepFreeze, PART, plantedDeep, plantedExact, SECRET, withoutPart } from "./planted.ts";

const hash = hmacSha256("a key of sixteen bytes or more");
const json = withoutPart(fc.jsonValue({ stringUnit: "binary", maxDepth: 4 }));

/** A well-known name as people write it: accessToken, access_token, Access-Token, ACCESSTOKEN. */
const secretName = fc
  .tuple(fc.constantFrom(...SECRET_KEYS), fc.constantFrom("", "-", "_"), fc.nat(3))
  .map(([name, separator, style]) => {
    const words = name.split("_").map((word, at) => {
      if (style === 1) return word.toUpperCase();
      if (style === 2 || (style === 3 && at > 0)) return word[0]?.toUpperCase() + word.slice(1);
      return word;
    });
    return words.join(separator);
  });

/** Any JSON with a secret in it, below a well-known name at any depth. */
const withSecret = fc
  .tuple(
    secretName,
    json,
    fc.array(fc.oneof(withoutPart(fc.string()), fc.constant(0)), { maxLength: 8 }),
  )
  .map(([name, other, way]) =>
    way.reduce<unknown>((inner, step) => (step === 0 ? [other, inner] : { other, [step]: inner }), {
      other,
      [name]: `${SECRET}"\\é`,
    }),
  );

const treatment = fc.constantFrom("redact", "mask", "hash", "drop");
const ruled = fc
  .tuple(fc.oneof(plantedExact, plantedDeep), treatment)
  .map(([planted, how]): [RedactionRules, unknown] => [
    { [how]: [planted.path] },
    planted.build(SECRET),
  ]);

/** What wraps a value so that reading it is hostile, and says the same. */
const DISGUISES: readonly ((value: object) => unknown)[] = [
  (value) => new Proxy(value, {}),
  (value) => ({ toJSON: () => value }),
  (value) => ({ ...value, [Symbol("s")]: value }),
  (value) => Object.assign(Object.create({ inherited: 1 }) as object, value),
  (value) =>
    Object.defineProperties(
      {},
      Object.fromEntries(
        Object.keys(value).map((key) => [
          key,
          { enumerable: true, get: () => (value as Record<string, unknown>)[key] },
        ]),
      ),
    ),
];

describe("of any JSON", () => {
  it("no value of a well-known name is shown, in whatever style the name is written", () => {
    const redact = createRedactor([]);
    const write = createPayloadWriter(undefined, { bytes: 100_000 });
    fc.assert(
      fc.property(withSecret, (value) => {
        const before = JSON.stringify(deepFreeze(value));
        const redacted = redact(value);
        for (const text of [
          JSON.stringify(redacted),
          write(value).json,
          redactJson(before, redact),
        ]) {
          expect(text).not.toContain(PART);
        }
        expect(redact(redacted)).toEqual(redacted);
        expect(JSON.stringify(value)).toBe(before);
      }),
      { numRuns: 1000 },
    );
  });

  it("nothing that a rule names is shown, by any treatment", () => {
    fc.assert(
      fc.property(ruled, ([rules, value]) => {
        const before = JSON.stringify(deepFreeze(value));
        const redacted = createRedactor(rules, { hash })(value);
        const { json: written } = createPayloadWriter(createRedaction(rules, { hash }))(value);
        // A mask shows four characters.
        for (const text of [JSON.stringify(redacted) ?? "", written]) {
          expect(text).not.toContain("S3CR3T-S3C");
        }
        expect(JSON.stringify(value)).toBe(before);
      }),
      { numRuns: 1000 },
    );
  });

  it("a secret is hidden also where the value is in disguise", () => {
    const redact = createRedactor([]);
    const write = createPayloadWriter(undefined, { bytes: 100_000 });
    fc.assert(
      fc.property(withSecret, fc.constantFrom(...DISGUISES), (value, disguise) => {
        for (const odd of [disguise(value as object), [disguise(value as object)]]) {
          expect(JSON.stringify(redact(odd))).not.toContain(PART);
          expect(write(odd).json).not.toContain(PART);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("of any text", () => {
  const word = withoutPart(
    fc.string({ unit: "grapheme", maxLength: 20 }).map((text) => text.replace(/[\\"']/g, "")),
  );
  const secretly = fc.constantFrom<(name: string) => string>(
    (name) => JSON.stringify({ a: 1, [name]: SECRET, b: [2] }),
    (name) => JSON.stringify({ body: JSON.stringify({ [name]: SECRET }) }),
    (name) =>
      JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ [name]: `${SECRET}"` }) }) }),
    (name) => `https://api.example/v1?page=2&${name}=${SECRET}&x=1`,
    (name) => `https://app.example/cb#${name}=${SECRET}`,
    () => `postgres://admin:${SECRET}@db.example/app`,
    () => `https://${SECRET}@github.example/x.git`,
    (name) => `${name}: ${SECRET}`,
    (name) => new Error(`${name}=${SECRET}`).stack ?? "",
    (name) => String(new Error(`Could not send {"${name}":"${SECRET}"}.`)),
    () => `Authorization: Bearer ${SECRET}`,
  );

  it("a secret of a known form is hidden, wherever it stands", () => {
    fc.assert(
      fc.property(word, secretly, secretName, word, (before, form, name, after) => {
        const shown = redactText(`${before} ${form(name)} ${after}`);
        expect(shown).not.toContain(PART);
        expect(redactText(shown)).toBe(shown);
      }),
      { numRuns: 1500 },
    );
  });

  it("the values of headers with secret names are hidden", () => {
    fc.assert(
      fc.property(secretName, fc.string(), (name, other) => {
        const shown = redactHeaders({ "x-other": other, [name]: SECRET });
        expect(shown[name.toLowerCase()]).toBe("[redacted]");
      }),
    );
  });
});
