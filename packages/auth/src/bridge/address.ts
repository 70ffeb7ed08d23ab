// RFC 6890 and IANA's registries of special-purpose addresses: first address, length of the prefix.
const SPECIAL_IPV4: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
];

// Of 2000::/3, which is all the global unicast space that is handed out: IETF protocols (Teredo among
// them), documentation, 6to4, documentation.
const SPECIAL_IPV6: readonly (readonly [prefix: number, bits: number])[] = [
  [0x2001_0000, 23],
  [0x2001_0db8, 32],
  [0x2002_0000, 16],
  [0x3fff_0000, 20],
];

// RFC 6761, 6762, 7686, 8375, 9476, and what private networks and clouds use.
const PRIVATE_NAME =
  /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|private|corp|lan|home|home\.arpa|onion|alt|test|invalid)$/;

/**
 * Whether an IP address, as a resolver gives it, is one of the public internet: no private, loopback,
 * link-local (metadata services among them), shared, documentation, multicast or reserved one, and no
 * IPv6 address that embeds an IPv4 address. What is no address is not public.
 */
export function isPublicAddress(address: string): boolean {
  const ipv4 = parseIpv4(address);
  if (ipv4 !== undefined) {
    return !SPECIAL_IPV4.some(([first, bits]) => samePrefix(ipv4, parseIpv4(first) ?? 0, bits));
  }
  const groups = parseIpv6(address);
  if (groups === undefined) return false;
  const [first = 0, second = 0] = groups;
  const head = first * 0x1_0000 + second;
  return (
    first >= 0x2000 &&
    first <= 0x3fff &&
    !SPECIAL_IPV6.some(([prefix, bits]) => samePrefix(head, prefix, bits))
  );
}

/**
 * Whether a host of a parsed URL is a name that may belong to the public internet. IP addresses are
 * refused in all spellings, since `URL` writes decimal, octal and hexadecimal ones in the one form.
 */
export function isPublicName(hostname: string): boolean {
  return (
    /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?$/.test(hostname) &&
    !PRIVATE_NAME.test(hostname)
  );
}

/**
 * What callers are counted by: an IPv4 address, or the /48 network of an IPv6 one, which subscribers can have for the asking
 * (RFC 6177). A port is left out, which some proxies write; what is no address is undefined.
 */
export function callerNetwork(text: string): string | undefined {
  const [, ipv6, ipv4] = /^(?:\[(.+)\]|([\d.]+))(?::\d+)?$/.exec(text) ?? [];
  const address = ipv6 ?? ipv4 ?? text;
  const groups = parseIpv6(address);
  if (groups === undefined) return parseIpv4(address) === undefined ? undefined : address;
  // ::ffff:0:0/96, an IPv4 caller on a socket that speaks both.
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  const [high = 0, low = 0] = groups.slice(6);
  if (isMapped) return [high >> 8, high & 255, low >> 8, low & 255].join(".");
  return groups
    .slice(0, 3)
    .map((group) => group.toString(16))
    .join(":");
}

function samePrefix(left: number, right: number, bits: number): boolean {
  const size = 2 ** (32 - bits);
  return Math.floor(left / size) === Math.floor(right / size);
}

function parseIpv4(address: string): number | undefined {
  if (!/^\d{1,3}(?:\.\d{1,3}){3}$/.test(address)) return undefined;
  const parts = address.split(".").map(Number);
  // A leading zero is octal to some and decimal to others.
  if (parts.join(".") !== address || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** Eight groups; `URL` knows the grammar, and writes every address in one form. */
function parseIpv6(address: string): readonly number[] | undefined {
  if (!/^[0-9a-f:.]+$/i.test(address) || !address.includes(":")) return undefined;
  let canonical: string;
  try {
    canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  } catch {
    // Not an address.
    return undefined;
  }
  const [head = "", tail] = canonical.split("::");
  const groupsOf = (text = "") => (text === "" ? [] : text.split(":").map((g) => parseInt(g, 16)));
  const [before, after] = [groupsOf(head), groupsOf(tail)];
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}
