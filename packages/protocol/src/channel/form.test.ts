import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readElicitation } from "./form.ts";

const schema = {
  type: "object",
  properties: {
    name: { type: "string" },
    age: { type: "integer" },
    score: { type: "number" },
    ok: { type: "boolean" },
    one: { type: "string", enum: ["a", "b"] },
    titled: { type: "string", oneOf: [{ const: "a", title: "A" }] },
    some: { type: "array", items: { type: "string", enum: ["a", "b"] } },
    titles: { type: "array", items: { anyOf: [{ const: "a", title: "A" }] } },
  },
  required: ["name"],
};
const accept = (content: unknown) => readElicitation(schema, { action: "accept", content });

describe("the answer to a form", () => {
  it.each([
    { name: "" },
    { name: "x", age: 3, score: 1.5, ok: false },
    { name: "x", one: "b", titled: "a", some: ["a", "b"], titles: [] },
  ])("%j is taken", (content) => {
    expect(accept(content)).toEqual({ action: "accept", content });
  });

  it("loses what was not asked for", () => {
    expect(accept({ name: "x", other: 1 })?.content).toEqual({ name: "x" });
  });

  it.each([
    undefined,
    null,
    [],
    {},
    { name: 1 },
    { name: null },
    { name: "x", age: 1.5 },
    { name: "x", age: "3" },
    { name: "x", score: "1" },
    { name: "x", ok: "true" },
    { name: "x", one: "c" },
    { name: "x", titled: "A" },
    { name: "x", some: "a" },
    { name: "x", some: ["c"] },
    { name: "x", some: [1] },
    { name: "x", titles: ["A"] },
    { name: { a: 1 } },
  ])("%j is none", (content) => {
    expect(accept(content)).toBeUndefined();
  });

  it("has no content where nothing was accepted, or no form was shown", () => {
    const content = { name: "x" };
    expect(readElicitation(schema, { action: "decline", content })).toEqual({ action: "decline" });
    expect(readElicitation(schema, { action: "cancel", content })).toEqual({ action: "cancel" });
    expect(readElicitation(undefined, { action: "accept", content })).toEqual({ action: "accept" });
  });

  it("may be anything at all", () => {
    fc.assert(
      fc.property(fc.object(), fc.jsonValue(), (answer, content) => {
        readElicitation(schema, answer);
        const read = accept(content);
        if (read) expect(typeof read.content?.name).toBe("string");
      }),
    );
  });
});
