import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseForms, isJsonContentType } from "./media.ts";

describe("chooseForms", () => {
  it.each([
    [null, "json"],
    ["", "json"],
    ["*/*", "json"],
    ["application/*", "json"],
    ["APPLICATION/Json", "json"],
    ["application/json, text/event-stream", "json"],
    ["text/event-stream, application/json;q=0.1", "json"],
    ["application/json;q=0, text/event-stream", "sse"],
    ["application/json;q=0, */*", "sse"],
    ["application/json; Q=0.000, */*;q=0.5", "sse"],
    ["application/*;q=0, */*", "sse"],
    ["text/*", "sse"],
    ["text/event-stream", "sse"],
    ["application/json; charset=utf-8", "json"],
    ['text/html;x="a,application/json"', undefined],
    ['text/html;x="\\",application/json', undefined],
    ['text/html;x="\\\\",application/json', "json"],
    ["application/json;q=2", undefined],
    ["application/json;q=", undefined],
    ["application/json;q=0.0001", undefined],
    ["application/jsonp", undefined],
    ["text/html", undefined],
    ["*/*;q=0", undefined],
    [",,,", undefined],
  ])("%j gives %s", (accept, form) => {
    expect(chooseForms(accept)?.preferred).toBe(form);
  });

  it("never throws, and finds JSON whatever stands beside it", () => {
    const junk = fc.string({ unit: fc.constantFrom(...Array.from("abq/=;,* .01\t")) });
    fc.assert(
      fc.property(junk, junk, (before, after) => {
        // A q=0 in the junk can only exclude JSON by naming it, which its letters cannot.
        expect(chooseForms(`${before},application/json,${after}`)?.preferred).toBe("json");
      }),
    );
    fc.assert(fc.property(fc.string(), (accept) => void chooseForms(accept)));
  });
});

it("isJsonContentType never throws", () => {
  fc.assert(fc.property(fc.string(), (type) => !isJsonContentType(type)));
});
