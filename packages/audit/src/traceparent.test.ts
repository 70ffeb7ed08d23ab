import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTraceparent } from "./traceparent.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

describe("parseTraceparent", () => {
  it("reads trace, span and flag", () => {
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-01`)).toEqual({
      traceId: TRACE,
      spanId: SPAN,
      sampled: true,
      text: `00-${TRACE}-${SPAN}-01`,
    });
  });

  it("drops what it does not know of later versions and flags", () => {
    expect(parseTraceparent(`cc-${TRACE}-${SPAN}-f2-what-the-future-will-be`)).toMatchObject({
      sampled: false,
      text: `00-${TRACE}-${SPAN}-00`,
    });
  });

  it.each([
    undefined,
    null,
    7,
    "",
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01-more`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${"0".repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${"0".repeat(16)}-01`,
    `00-${TRACE}-${SPAN}`,
    ` 00-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01\n`,
    `00-${TRACE}-${SPAN}-01\r\nSet-Cookie: x`,
    `cc-${TRACE}-${SPAN}-01-${"x".repeat(300)}`,
  ])("refuses %j", (header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });

  it("never throws, and shows nothing but digits", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.anything()), (header) => {
        const text = parseTraceparent(header)?.text ?? "";
        expect(text).toMatch(/^(00-[0-9a-f]{32}-[0-9a-f]{16}-0[01])?$/);
      }),
    );
  });
});
