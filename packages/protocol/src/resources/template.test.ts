import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTemplate } from "./template.ts";

describe("templates", () => {
  it.each([
    ["test://template/{id}/data", "test://template/123/data", { id: "123" }],
    ["test://template/{id}/data", "test://template/a%2Fb%20c/data", { id: "a/b c" }],
    ["test://template/{id}/data", "test://template/a/b/data", undefined],
    ["test://template/{id}/data", "test://template//data", undefined],
    ["test://template/{id}/data", "test://template/1/data/", undefined],
    ["test://template/{id}/data", "test://template/1/data?x=1", undefined],
    ["file://{+path}", "file:///home/a%20b", { path: "/home/a b" }],
    ["a:{+path}.md", "a:x/y.md.md", { path: "x/y.md" }],
    ["a:b{/year,month}", "a:b/2026/11", { year: "2026", month: "11" }],
    ["a:b{/year,month}", "a:b/2026", undefined],
    ["a:b{?q,page}", "a:b?page=2&q=x%26y", { q: "x&y", page: "2" }],
    ["a:b{?q,page}", "a:b?other=1&q=", { q: "" }],
    ["a:b{?q}", "a:b", {}],
    ["a:b{?q}", "a:b#c", undefined],
    ["a:{x}-{y}", "a:1-2", { x: "1", y: "2" }],
    ["a:{__proto__}", "a:1", { ["__proto__"]: "1" }],
    ["a:{x}", "a:%", undefined],
    ["a:{x}", "a:%ff", undefined],
    ["a:(.*)[x]{v}", "a:(.*)[x]1", { v: "1" }],
    ["a:b", "a:b", {}],
  ])("%s meets %s: %j", (template, uri, variables) => {
    const found = parseTemplate(template)(uri);
    expect(found && Object.entries(found)).toEqual(variables && Object.entries(variables));
  });

  it.each([
    ["a:{", "every brace"],
    ["a:}", "every brace"],
    ["a:{}", "expected {var}"],
    ["a:{#x}", "expected {var}"],
    ["a:{x*}", "expected {var}"],
    ["a:{x,y}", "expected one variable"],
    ["a:{x}{x}", "a name of its own"],
    ["a:{?x}b", "must be the end"],
    ["a:{?x}{y}", "must be the end"],
  ])("%s is refused: %s", (template, message) => {
    expect(() => parseTemplate(template)).toThrow(message);
  });

  it("tell the names of their variables", () => {
    expect(parseTemplate("a:{x}/{+y}{/z,u}{?v,w}").variables).toEqual([
      "x",
      "y",
      "z",
      "u",
      "v",
      "w",
    ]);
    expect(parseTemplate("a:b").variables).toEqual([]);
  });

  it("find the values that a URI was made of", () => {
    const value = fc.string({ unit: "grapheme", minLength: 1 });
    const match = parseTemplate("a:{x}/b{/y}{?z}");
    fc.assert(
      fc.property(value, value, value, (x, y, z) => {
        const [ex, ey, ez] = [x, y, z].map(encodeURIComponent);
        expect({ ...match(`a:${ex}/b/${ey}?z=${ez}`) }).toEqual({ x, y, z });
      }),
    );
  });

  it("never throw on a foreign URI", () => {
    const match = parseTemplate("a:{x}/{+y}{?z}");
    fc.assert(fc.property(fc.string(), (text) => void match(`a:${text}`)));
  });
});
