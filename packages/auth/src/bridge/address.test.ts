import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { callerNetwork, isPublicAddress, isPublicName } from "./address.ts";

describe("isPublicAddress", () => {
  it.each(["8.8.8.8", "1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.0.1", "223.255.255.255"])(
    "accepts %s",
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each(["2606:4700:4700::1111", "2a00:1450:4001:830::200e", "2001:4860:4860:0:0:0:0:8888"])(
    "accepts %s",
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    "",
    "example.com",
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.255",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "08.8.8.8",
    "8.8.8",
    "8.8.8.256",
    "0x8.8.8.8",
    "134744072",
    "::",
    "::1",
    "::ffff:8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "fc00::1",
    "fd12:3456::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "4000::1",
    "1::2::3",
    "[::1]",
  ])("refuses %j", (address) => expect(isPublicAddress(address)).toBe(false));

  it("never throws", () => {
    const text = fc.oneof(fc.string(), fc.ipV4Extended(), fc.ipV6(), fc.domain());
    fc.assert(fc.property(text, (address) => typeof isPublicAddress(address) === "boolean"));
    fc.assert(fc.property(text, (address) => callerNetwork(address) !== ""));
  });
});

describe("isPublicName", () => {
  it.each(["example.com", "a.b-c.example.co.uk", "xn--exmple-cua.net"])("accepts %s", (name) =>
    expect(isPublicName(name)).toBe(true),
  );

  it.each([
    "localhost",
    "app.localhost",
    "intranet",
    "printer.local",
    "metadata.google.internal",
    "router.home.arpa",
    "x.onion",
    "a.test",
    "example.com.",
    "127.0.0.1",
    "[::1]",
    "1.2.3.4.5",
    "example..com",
    "-a.example.com",
    "a_b.example.com",
  ])("refuses %s", (name) => expect(isPublicName(name)).toBe(false));
});

describe("callerNetwork", () => {
  it("counts an IPv6 subscriber as one, and an IPv4 caller once", () => {
    expect(callerNetwork("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1");
    expect(callerNetwork("2001:db8:1:2::ffff")).toBe("2001:db8:1");
    expect(callerNetwork("::ffff:192.0.2.1")).toBe("192.0.2.1");
    expect(callerNetwork("192.0.2.1")).toBe("192.0.2.1");
    expect(callerNetwork("192.0.2.1:4711")).toBe("192.0.2.1");
    expect(callerNetwork("[2001:db8:1:2::1]:4711")).toBe("2001:db8:1");
  });

  it.each(["", "unknown", "192.0.2.256", "192.0.2.1, 192.0.2.2", "[", "[x]:1", "1.2.3.4:"])(
    "makes up no network for %j",
    (text) => {
      expect(callerNetwork(text)).toBeUndefined();
    },
  );
});
