import * as fc from "fast-check";
import { expect, it } from "vitest";
import { exceedsDepth } from "./json.ts";
import { classifyMessage, errorMessage } from "./jsonrpc.ts";
import { printable } from "./printable.ts";

const parts = fc.record(
  {
    jsonrpc: fc.constantFrom("2.0", "1.0", 2, null),
    id: fc.oneof(fc.string(), fc.double(), fc.constantFrom(null, true, {}, [])),
    method: fc.oneof(fc.string(), fc.constantFrom(null, 5, {})),
    params: fc.jsonValue(),
    result: fc.jsonValue(),
    error: fc.jsonValue(),
  },
  { requiredKeys: [] },
);

it("classifyMessage never throws, and what it accepts is JSON-RPC", () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), parts), (value) => {
      const message = classifyMessage(value);
      if (message.kind === "invalid") return;
      expect(value).toHaveProperty("jsonrpc", "2.0");
      if (message.kind !== "request") return;
      expect(typeof message.id === "string" || Number.isSafeInteger(message.id)).toBe(true);
      expect(value).toHaveProperty("id", message.id);
    }),
    { numRuns: 1000 },
  );
});

it("an error without a readable id has no id at all", () => {
  expect(errorMessage(undefined, { code: -32700, message: "m" })).toBe(
    '{"jsonrpc":"2.0","error":{"code":-32700,"message":"m"}}',
  );
});

it("exceedsDepth counts levels", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 0, max: 40 }),
      (depth, limit) => {
        let value: unknown = 0;
        for (let level = 0; level < depth; level += 1)
          value = level % 2 ? [1, "[{".repeat(30), value] : { a: "]}", value };
        expect(exceedsDepth(JSON.stringify(value), value, limit)).toBe(depth > limit);
      },
    ),
  );
});

it("printable shows any text as short printable ASCII", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(printable(text, 10)).toMatch(/^[\x20-\x7e]{0,13}$/);
    }),
  );
});
