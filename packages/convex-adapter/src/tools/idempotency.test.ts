import { makeFunctionReference } from "convex/server";
import { v } from "convex/values";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCatalog, describeTool } from "./catalog.ts";
import { defineMcpMutation } from "./define.ts";
import { type IdempotencyOptions, mcpIdempotency } from "./idempotency.ts";

const fn = makeFunctionReference<"mutation", Record<string, string>>("things:add");
const pay = (options: IdempotencyOptions, args = {}, describe = {}) =>
  defineMcpMutation({
    name: "pay",
    description: "Pays.",
    fn,
    args,
    describe,
    idempotency: mcpIdempotency(options),
  });

const args = { free: v.any() };
const ann = {
  kind: "user",
  identity: { tokenIdentifier: "ann", subject: "a", issuer: "i" },
  scopes: [],
} as const;
const claimOf = async (given: Record<string, unknown>) => {
  const claimed = await mcpIdempotency().decode(args, given, ann);
  return claimed.ok ? claimed.claim : claimed.issues;
};

describe("the key in the schema", () => {
  it("is a required text beside the function's arguments", () => {
    const { inputSchema, annotations } = describeTool(pay({}, { label: v.string() }));
    expect(inputSchema).toEqual({
      type: "object",
      properties: {
        label: { type: "string" },
        idempotencyKey: {
          type: "string",
          minLength: 1,
          maxLength: 255,
          description: expect.stringContaining("for each call"),
        },
      },
      required: ["label", "idempotencyKey"],
      additionalProperties: false,
    });
    expect(annotations).toEqual({ idempotentHint: true });
  });

  it("is optional where the tool says so, which then is no idempotent one", () => {
    const { inputSchema, annotations } = describeTool(pay({ required: false }));
    expect(inputSchema).not.toHaveProperty("required");
    expect(annotations).toBeUndefined();
  });

  it("is the function's own argument where it has one", () => {
    const options = { argument: "reference" };
    const reference = { reference: v.optional(v.string()) };
    const { inputSchema } = describeTool(pay(options, reference, { reference: "Yours." }));
    expect(inputSchema).toMatchObject({
      properties: { reference: { type: "string", maxLength: 255, description: "Yours." } },
      required: ["reference"],
    });
    const twice = describeTool(pay(options, { reference: v.string() })).inputSchema;
    expect(twice["required"]).toEqual(["reference"]);
  });

  it.each<[string, IdempotencyOptions, object, string]>([
    ["no time", { ttlMs: 0 }, {}, "`idempotency.ttlMs` 0"],
    ["for ever", { ttlMs: Infinity }, {}, "`idempotency.ttlMs` Infinity"],
    ["NaN", { ttlMs: Number.NaN }, {}, "`idempotency.ttlMs` NaN"],
    ["no name", { argument: "" }, {}, "`idempotency.argument`"],
    ["no text", { argument: "n" }, { n: v.number() }, 'argument "n" that is no v.string()'],
  ])("fails the catalog: %s", (_what, options, args, message) => {
    expect(() => createCatalog([pay(options, args)])).toThrow(`Tool "pay" has`);
    expect(() => createCatalog([pay(options, args)])).toThrow(message);
  });
});

describe("a claim", () => {
  it("is the owner's, of the key and all other arguments", async () => {
    const claim = await claimOf({ idempotencyKey: "k", free: { b: [1, { d: 2, c: 3 }], a: null } });
    expect(claim).toEqual({
      owner: "ann",
      key: "k",
      call: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const spelled = { free: { a: null, b: [1, { c: 3, d: 2 }] }, idempotencyKey: "k" };
    expect(await claimOf(spelled)).toEqual(claim);
  });

  it("differs where a value differs, whatever it is", async () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    await fc.assert(
      fc.asyncProperty(value, value, async (one, other) => {
        const claims = [];
        for (const free of [one, other]) {
          claims.push(await claimOf({ idempotencyKey: "k", free }));
        }
        const [first, second] = claims;
        if (Array.isArray(first) || Array.isArray(second)) return;
        const same = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
        expect(JSON.stringify(first) === JSON.stringify(second)).toBe(same);
      }),
    );
  });

  it("is not made of what objects inherit", async () => {
    const claimed = await mcpIdempotency({ argument: "constructor" }).decode({}, {}, ann);
    expect(claimed).toMatchObject({ ok: false, issues: [{ received: "nothing" }] });
  });

  it("is not made for nobody, and no issue repeats the key", async () => {
    const issues = await mcpIdempotency().decode(
      args,
      { free: 1, idempotencyKey: "s3cret" },
      { kind: "anonymous" },
    );
    expect(issues).toMatchObject({ ok: false, issues: [{ path: "idempotencyKey" }] });
    expect(JSON.stringify(issues)).not.toContain("s3cret");
  });

  it("is refused with the other arguments' issues, once each", async () => {
    const claimed = await mcpIdempotency({ argument: "a" }).decode(
      { a: v.string(), b: v.string() },
      { a: "\ud800", b: 1 },
      ann,
    );
    expect(claimed.ok ? [] : claimed.issues.map(({ path }) => path)).toEqual(["a", "b"]);
  });
});

/** With keys in one order; -0 is 0 in JSON. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}
