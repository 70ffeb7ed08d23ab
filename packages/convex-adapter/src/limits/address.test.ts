import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressKey } from "./address.ts";

describe("addressKey", () => {
  it.each([
    ["192.0.2.1", "192.0.2.1"],
    [" 192.0.2.1 ", "192.0.2.1"],
    ["192.000.002.001", "192.0.2.1"],
    ["192.0.2.1:4711", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["::FFFF:c000:201", "192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:0DB8:0001:0002::1", "2001:db8:1:2::/64"],
    ["[2001:db8:1:2::9]:443", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["::", "0:0:0:0::/64"],
    ["64:ff9b::192.0.2.1", "64:ff9b:0:0::/64"],
  ])("%s is %s", (text, key) => {
    expect(addressKey(text)).toBe(key);
  });

  it.each([
    "",
    "unknown",
    "localhost",
    "192.0.2",
    "192.0.2.256",
    "192.0.2.1.1",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::",
    "1::2::3",
    ":::",
    "12345::",
    "::g",
    "192.0.2.1, 198.51.100.2",
    "a".repeat(100_000),
    `${"0:".repeat(50_000)}1`,
  ])("%s is none", (text) => {
    expect(addressKey(text)).toBeUndefined();
  });

  it("is one for the whole of a /64, and never long", () => {
    const group = fc.integer({ min: 0, max: 0xffff }).map((it) => it.toString(16));
    const prefix = fc
      .array(group, { minLength: 4, maxLength: 4 })
      .filter(([first]) => first !== "0");
    fc.assert(
      fc.property(prefix, prefix, prefix, (network, a, b) => {
        const key = addressKey([...network, ...a].join(":"));
        expect(key).toBe(`${network.join(":")}::/64`);
        expect(addressKey([...network, ...b].join(":"))).toBe(key);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(addressKey(text)?.length ?? 0).toBeLessThanOrEqual(24);
      }),
    );
  });
});
