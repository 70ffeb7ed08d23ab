import type { Value } from "convex/values";
import { describe, expect, it } from "vitest";
import { image, resourceLink, text } from "../calls/content.ts";
import { toMessages } from "./messages.ts";
import type { McpPromptResult } from "./prompt.ts";

const bytes = new Uint8Array([1, 2, 3]).buffer;

describe("the messages of a prompt", () => {
  it("one of the user, of a text", () => {
    expect(toMessages("Hello")).toEqual([{ role: "user", content: text("Hello") }]);
    expect(toMessages("")).toEqual([{ role: "user", content: text("") }]);
  });

  it.each<[string, McpPromptResult | Value, unknown]>([
    ["texts", [{ role: "assistant", content: "Hi" }], [{ role: "assistant", content: text("Hi") }]],
    [
      "blocks",
      [{ role: "user", content: image(bytes, "image/png") }],
      [{ role: "user", content: { type: "image", data: "AQID", mimeType: "image/png" } }],
    ],
    [
      "bytes as they are stored",
      [{ role: "user", content: { type: "image", data: bytes, mimeType: "image/png" } }],
      [{ role: "user", content: { type: "image", data: "AQID", mimeType: "image/png" } }],
    ],
    [
      "links",
      [{ role: "user", content: resourceLink({ uri: "a:b", name: "b" }) }],
      [{ role: "user", content: { type: "resource_link", uri: "a:b", name: "b" } }],
    ],
    ["no more than is known", [{ role: "user", content: "x", extra: 1 }], toMessages("x")],
    ["none", [], []],
  ])("%s", (_what, result, messages) => {
    expect(toMessages(result)).toEqual(messages);
  });

  it.each<Value>([
    null,
    5,
    {},
    [null],
    ["text"],
    [{ role: "system", content: "x" }],
    [{ role: "user" }],
    [{ role: "user", content: null }],
    [{ role: "user", content: {} }],
    [{ role: "user", content: [text("x") as unknown as Value] }],
  ])("throws for %o", (result) => {
    expect(() => toMessages(result)).toThrow("expected a text, or a list of { role, content }");
  });
});
