import { v } from "convex/values";
import { describe, expect, it } from "vitest";
import { expectation, formatIssues, indexPath, type Issue, keyPath, received } from "./issue.ts";

describe("formatIssues", () => {
  const issue: Issue = { path: "items[0].price", expected: "a number", received: "null" };
  const issues = (length: number) => Array.from({ length }, () => issue);

  it("names the tool, the argument, what was expected and what came", () => {
    expect(formatIssues("add", [issue])).toBe(
      "Wrong arguments for add. Correct them and call again:\n" +
        "- items[0].price: expected a number, got null",
    );
  });

  it("calls the whole of them arguments", () => {
    const text = formatIssues("add", [{ path: "", expected: "an object", received: "null" }]);
    expect(text).toContain("- arguments: expected an object, got null");
  });

  it("shows ten issues and says that there are more", () => {
    expect(formatIssues("add", issues(10)).split("\n")).toHaveLength(11);
    expect(formatIssues("add", issues(10))).not.toContain("more");
    const lines = formatIssues("add", issues(11)).split("\n");
    expect(lines).toHaveLength(12);
    expect(lines.at(-1)).toBe("- and more");
  });
});

describe("paths", () => {
  it.each([
    ["", "name", "name"],
    ["a", "name", "a.name"],
    ["a", "with-dash_1", "a.with-dash_1"],
    ["", "a.b", '["a.b"]'],
    ["a", "", 'a[""]'],
    ["a", "0", 'a["0"]'],
    ["a", "x]", 'a["x]"]'],
    ["a", 'quo"te', 'a["quo\\"te"]'],
    ["a", "line\nfeed", 'a["line\\nfeed"]'],
    ["", "$ref", '["$ref"]'],
    ["", "\ud800", '["\\ud800"]'],
  ])("appends to %j the key %j", (path, key, expected) => {
    expect(keyPath(path, key)).toBe(expected);
  });

  it("keeps a long key short", () => {
    expect(keyPath("", "x".repeat(5000))).toBe(`["${"x".repeat(64)}"]`);
  });

  it("appends an index", () => {
    expect(indexPath("", 3)).toBe("[3]");
    expect(indexPath("a.b", 0)).toBe("a.b[0]");
  });
});

describe("received", () => {
  it.each([
    [undefined, "nothing"],
    [null, "null"],
    [[], "an array"],
    [{}, "an object"],
    [1, "an integer"],
    [1.5, "a number"],
    [Infinity, "a number"],
    ["secret", "a string"],
    [true, "a boolean"],
  ])("names the kind of %j", (value, kind) => {
    expect(received(value)).toBe(kind);
  });
});

describe("expectation", () => {
  it.each([
    [v.string(), "a string"],
    [v.float64(), "a number"],
    [v.int64(), "a 64-bit integer, as a JSON integer or a decimal string"],
    [v.boolean(), "true or false"],
    [v.null(), "null"],
    [v.any(), "any JSON value"],
    [v.bytes(), "bytes as a base64 string (RFC 4648 section 4, padded)"],
    [v.array(v.string()), "an array"],
    [v.object({}), "an object"],
    [v.record(v.string(), v.string()), "an object"],
    [v.id("users"), 'the id of a document in "users"'],
    [v.literal("open"), '"open"'],
    [v.literal(5), "5"],
    [v.literal(5n), '"5"'],
    [
      v.union(v.literal("a"), v.null(), v.id("users")),
      'one of: "a" | null | the id of a document in "users"',
    ],
  ])("puts validator %# in words", (validator, words) => {
    expect(expectation(validator)).toBe(words);
  });
});
