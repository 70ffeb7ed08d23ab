import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hmacSha256 } from "./hmac.ts";
import { createPayloadWriter } from "./payload.ts";
import { createRedaction } from "./redaction.ts";

const KEY = "0123456789abcdef";

describe("hmacSha256", () => {
  it("is what Node's crypto makes, for any text and any key", () => {
    const text = fc.string({ unit: "grapheme" });
    fc.assert(
      fc.property(text, fc.string({ minLength: 16 }), (value, key) => {
        const digest = createHmac("sha256", key).update(value).digest("hex");
        expect(hmacSha256(key)(value)).toBe(`hmac:${digest.slice(0, 32)}`);
      }),
    );
  });

  it("takes bytes for a key", () => {
    expect(hmacSha256(new TextEncoder().encode(KEY))("a")).toBe(hmacSha256(KEY)("a"));
  });

  it.each([undefined, "", "short", new Uint8Array(15)])("refuses the key %j", (key) => {
    expect(() => hmacSha256(key)).toThrow(/at least 16 bytes/);
  });

  it("lets equal values be told in payloads", () => {
    const write = createPayloadWriter(createRedaction({ hash: ["id"] }, { hash: hmacSha256(KEY) }));
    const [one, same, other] = ["ann", "ann", "bob"].map((id) => write({ id }).json);
    expect(one).toBe(same);
    expect(one).not.toBe(other);
    expect(one).not.toContain("ann");
  });
});
