import { verifies } from "@convex-mcp/spec";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromBase64, toBase64 } from "./base64.ts";

const bytesOf = (...bytes: number[]) => new Uint8Array(bytes).buffer;

describe("toBase64 and fromBase64", () => {
  // RFC 4648 section 10
  it.each([
    ["", ""],
    ["f", "Zg=="],
    ["fo", "Zm8="],
    ["foo", "Zm9v"],
    ["foob", "Zm9vYg=="],
    ["fooba", "Zm9vYmE="],
    ["foobar", "Zm9vYmFy"],
  ])("spells %j as %j", (text, base64) => {
    verifies("content.base64");
    const buffer = new TextEncoder().encode(text).buffer;
    expect(toBase64(buffer)).toBe(base64);
    expect(fromBase64(base64)).toStrictEqual(buffer);
  });

  it("uses + and /, not the alphabet for URLs", () => {
    expect(toBase64(bytesOf(0xfb, 0xff, 0xfe))).toBe("+//+");
    expect(fromBase64("+//+")).toStrictEqual(bytesOf(0xfb, 0xff, 0xfe));
  });

  it("takes more bytes than a call takes arguments", () => {
    const big = new Uint8Array(300_001).map((_, index) => index % 251).buffer;
    expect(fromBase64(toBase64(big))).toStrictEqual(big);
  });

  it("reads many megabytes, and refuses them", () => {
    const text = "A".repeat(16_000_000);
    expect(fromBase64(text)?.byteLength).toBe(12_000_000);
    expect(fromBase64(`${text}!AAA`)).toBeUndefined();
  });

  it.each([
    ["no padding", "Zg"],
    ["half the padding", "Zg="],
    ["too much padding", "Zm9v===="],
    ["padding alone", "===="],
    ["padding inside", "Zg==Zg=="],
    ["the alphabet for URLs", "-__-"],
    ["white space", "Zm9v YmFy"],
    ["a line feed at the end", "Zm9v\n"],
    ["one character", "Z"],
    ["letters that are not ASCII", "Zm9é"],
    ["a data URL", "data:;base64,Zm9v"],
  ])("refuses %s", (_, text) => {
    expect(fromBase64(text)).toBeUndefined();
  });

  it("gives back every bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const buffer = Uint8Array.from(bytes).buffer;
        expect(fromBase64(toBase64(buffer))).toStrictEqual(buffer);
      }),
    );
  });
});
