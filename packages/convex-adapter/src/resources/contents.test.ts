import { makeFunctionReference } from "convex/server";
import type { Value } from "convex/values";
import { describe, expect, it } from "vitest";
import { toContents } from "./contents.ts";
import { defineMcpResource } from "./define.ts";
import type { McpResource } from "./resource.ts";

const fn = makeFunctionReference<"query", Record<string, never>, string>("things:read");
const define = defineMcpResource as unknown as (options: object) => McpResource;
const resource = (options: object = {}) => define({ uri: "a://b", name: "thing", fn, ...options });
const bytes = (...values: number[]) => new Uint8Array(values).buffer;
/** As it is sent. */
const sent = (of: McpResource, value: Value) =>
  JSON.parse(JSON.stringify(toContents(of, "a://b", value) ?? null)) as unknown;

describe("what a resource holds", () => {
  it.each<[Value, object]>([
    ["hi", { text: "hi" }],
    ["", { text: "" }],
    [bytes(0, 255), { blob: "AP8=" }],
    [
      { n: 1n, d: bytes(1) },
      { mimeType: "application/json", text: '{"n":"1","d":"AQ=="}' },
    ],
    [[1, null], { mimeType: "application/json", text: "[1,null]" }],
    [0, { mimeType: "application/json", text: "0" }],
    [false, { mimeType: "application/json", text: "false" }],
  ])("%o", (value, content) => {
    expect(sent(resource(), value)).toEqual([{ uri: "a://b", ...content }]);
    expect(sent(resource({ mimeType: "x/y" }), value)).toEqual([
      { uri: "a://b", ...content, mimeType: "x/y" },
    ]);
  });

  it("nothing, of null", () => {
    const never = () => {
      throw new Error("asked");
    };
    expect(toContents(resource(), "a://b", null)).toBeUndefined();
    expect(toContents(resource({ content: never }), "a://b", null)).toBeUndefined();
  });

  it("several parts", () => {
    const content = (names: string[]) => [
      ...names.map((text) => ({ text })),
      { uri: "a://c", mimeType: "c/d", blob: bytes(1), _meta: { "a/b": 1 } },
    ];
    expect(sent(resource({ content, mimeType: "x/y" }), ["1", "2"])).toEqual([
      { uri: "a://b", mimeType: "x/y", text: "1" },
      { uri: "a://b", mimeType: "x/y", text: "2" },
      { uri: "a://c", mimeType: "c/d", blob: "AQ==", _meta: { "a/b": 1 } },
    ]);
    expect(toContents(resource({ content: () => [] }), "a://b", 1)).toBeUndefined();
  });

  it.each([undefined, "text", [null], [{}], [{ text: 1 }], [{ blob: "AQ==" }], [["text"]]])(
    "throws when `content` gives %o",
    (parts) => {
      const read = () => toContents(resource({ content: () => parts }), "a://b", 1);
      expect(read).toThrow("`content` gave no list of { text } or { blob }");
    },
  );
});
