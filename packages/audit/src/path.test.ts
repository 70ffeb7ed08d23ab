import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RedactPathError, parsePath, type PathSegment } from "./path.ts";

const name = (text: string): PathSegment => ({ kind: "name", name: text });
const index = (at: number): PathSegment => ({ kind: "index", index: at });
const each: PathSegment = { kind: "each" };

describe("parsePath", () => {
  it.each<[string, PathSegment[]]>([
    ["a.b.c", [name("a"), name("b"), name("c")]],
    ["a[0]", [name("a"), index(0)]],
    ["a.0.b", [name("a"), index(0), name("b")]],
    ["[12].b", [index(12), name("b")]],
    ['a["x-y"]', [name("a"), name("x-y")]],
    ["a['it\\'s'].b", [name("a"), name("it's"), name("b")]],
    ['["a.b"]["[0]"]', [name("a.b"), name("[0]")]],
    ["a['\\u00e9\\n\"']", [name("a"), name('é\n"')]],
    ['a["\\u00e9\\""]', [name("a"), name('é"')]],
    ['a["0"]', [name("a"), name("0")]],
    ["a.*.b", [name("a"), each, name("b")]],
    ["a[*].b", [name("a"), each, name("b")]],
    ["*", [each]],
    ["01", [name("01")]],
    ["x-y.$z", [name("x-y"), name("$z")]],
    ["**.name", [{ kind: "deep" }, name("name")]],
    ['**["x y"]', [{ kind: "deep" }, name("x y")]],
  ])("reads %s", (path, segments) => {
    expect(parsePath(path)).toEqual(segments);
  });

  it.each<[string, number, string]>([
    ["", 0, 'a name, "*" or "["'],
    [".a", 0, 'a name, "*" or "["'],
    ["a.", 2, 'a name, "*" or "["'],
    ["a..b", 2, 'a name, "*" or "["'],
    ["a[", 1, '[0], [*] or ["a name"]'],
    ["a[01]", 1, '[0], [*] or ["a name"]'],
    ["a[-1]", 1, '[0], [*] or ["a name"]'],
    ["a[x]", 1, '[0], [*] or ["a name"]'],
    ['a["\\q"]', 2, "a name in quotes"],
    ["a['\\q']", 2, "a name in quotes"],
    ["a]", 1, '"." or "["'],
    ["a b", 1, '"." or "["'],
    ["a*", 1, '"." or "["'],
    ["a.**.b", 2, "a name (** stands only first)"],
    ["**", 2, "exactly one name after **"],
    ["**.a.b", 2, "exactly one name after **"],
    ["**.*", 2, "exactly one name after **"],
    ["***", 2, '"." or "["'],
  ])("refuses %j at %i", (path, at, expected) => {
    const error = refusal(path);
    expect(error).toMatchObject({ code: "ERR_REDACT_PATH", name: "RedactPathError", path, at });
    expect(error.message).toContain(`expected ${expected}`);
    expect(error.message).toContain(JSON.stringify(path));
  });

  it("refuses what is no string", () => {
    expect(refusal(7 as unknown as string).message).toContain("a string");
  });

  it("says what came, and where", () => {
    expect(refusal("user.[x]").message).toContain('at character 6, got "[x]"');
    expect(refusal("user.").message).toContain("at character 6, got the end");
  });

  it("reads every name in quotes, and gives up on nothing else than RedactPathError", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const double = JSON.stringify(text);
        const single = `'${double.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
        expect(parsePath(`a[${double}]`)).toEqual([name("a"), name(text)]);
        expect(parsePath(`a[${single}]`)).toEqual([name("a"), name(text)]);
      }),
    );
    const alphabet = fc.constantFrom("a", "0", ".", "*", "[", "]", '"', "'", "\\", " ", "\n");
    fc.assert(
      fc.property(fc.string({ unit: alphabet }), (path) => {
        try {
          expect(parsePath(path).length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(RedactPathError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

function refusal(path: string): RedactPathError {
  try {
    parsePath(path);
  } catch (error) {
    if (error instanceof RedactPathError) return error;
  }
  throw new Error(`${path} was not refused`);
}
