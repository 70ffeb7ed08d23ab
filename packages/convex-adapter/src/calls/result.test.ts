import { v, type Value } from "convex/values";
import { afterEach, describe, expect, it, vi } from "vitest";
import { tool, wrongTool } from "../../test/support/tools.ts";
import { text } from "./content.ts";
import { toErrorResult } from "./failure.ts";
import { toResult } from "./result.ts";

const sent = (of: Parameters<typeof toResult>[0], value: Value | undefined): unknown =>
  JSON.parse(toResult(of, value).json);
const block = (content: string) => [{ type: "text", text: content }];

describe("toResult", () => {
  it.each<[string, Value | undefined, string]>([
    ["a string verbatim", 'say "hi"\n', 'say "hi"\n'],
    ["no text as no text", "", ""],
    ["an int64 without quotes", 5n, "5"],
    ["bytes as base64", new Uint8Array([0, 255]).buffer, "AP8="],
    ["nothing as null", undefined, "null"],
    ["null", null, "null"],
    ["a number", 1.5, "1.5"],
    ["an object as JSON", { a: 1n, b: ["x"] }, '{"a":"1","b":["x"]}'],
    ["a list as JSON", [], "[]"],
  ])("sends %s", (_, value, content) => {
    expect(sent(tool(), value)).toEqual({ content: block(content) });
  });

  it("sends a declared object as structured content, and the same as text", () => {
    const returns = v.object({ n: v.int64(), note: v.optional(v.string()) });
    expect(sent(tool({ returns }), { n: 5n })).toEqual({
      content: block('{"n":"5"}'),
      structuredContent: { n: "5" },
    });
  });

  it("wraps a declared value that is no object", () => {
    expect(sent(tool({ returns: v.array(v.int64()) }), [1n])).toEqual({
      content: block('{"result":["1"]}'),
      structuredContent: { result: ["1"] },
    });
    expect(sent(tool({ returns: v.string() }), "done")).toEqual({
      content: block("done"),
      structuredContent: { result: "done" },
    });
    expect(sent(tool({ returns: v.null() }), undefined)).toEqual({
      content: block('{"result":null}'),
      structuredContent: { result: null },
    });
  });

  it("keeps the value as JSON for the audit log", () => {
    expect(toResult(tool({ returns: v.array(v.int64()) }), [1n]).value).toEqual(["1"]);
  });

  it("says NaN and infinities, which JSON has not", () => {
    expect(sent(tool({ returns: v.object({ n: v.number() }) }), { n: Number.NaN })).toMatchObject({
      structuredContent: { n: "NaN" },
    });
  });
});

describe("a tool's own content", () => {
  afterEach(() => vi.restoreAllMocks());

  it("is sent, beside the structured content", () => {
    const content = (result: Value) => [text(`n is ${(result as { n: bigint }).n}`)];
    const returns = v.object({ n: v.int64() });
    expect(sent(tool({ returns, content }), { n: 5n })).toEqual({
      content: block("n is 5"),
      structuredContent: { n: "5" },
    });
  });

  it("may be empty", () => {
    expect(sent(tool({ content: () => [] }), "x")).toEqual({ content: [] });
  });

  it("is told null where the function gave nothing", () => {
    const content = (result: Value) => [text(JSON.stringify(result))];
    expect(sent(tool({ content }), undefined)).toEqual({ content: block("null") });
  });

  const circle: unknown[] = [];
  circle.push(circle);
  it.each<[string, () => unknown]>([
    [
      "throws",
      () => {
        throw new Error("hunter2");
      },
    ],
    ["gives no list", () => "text"],
    ["gives nothing", () => undefined],
    ["gives a promise", () => Promise.resolve([])],
    ["gives an int64 within a block", () => [{ type: "text", text: 5n }]],
    ["gives a circle", () => circle],
    ["gives a list of no blocks", () => ["text", undefined]],
  ])("falls back to the text when it %s, and says so in the log", (_, content) => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    expect(sent(wrongTool({ content }), { n: 5n })).toEqual({ content: block('{"n":"5"}') });
    expect(log).toHaveBeenCalledOnce();
    expect(log.mock.calls[0]?.[0]).toContain('"list_things"');
  });
});

describe("toErrorResult", () => {
  it("is an error that the model reads", () => {
    expect(JSON.parse(toErrorResult('no "x"\n\ud800'))).toEqual({
      content: block('no "x"\n\ud800'),
      isError: true,
    });
  });
});
