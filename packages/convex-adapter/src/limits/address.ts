/**
 * The network address in a text, as one key for all that one subscriber has: of IPv6 the first 64 bits, since the others
 * are theirs to choose (RFC 4291 section 2.5.4). A port is left out, which some proxies write. `undefined` for what is no
 * address, so that nobody makes up keys.
 */
export function addressKey(text: string): string | undefined {
  const [, inBrackets, dotted] = /^(?:\[([^\]]+)\]|([\d.]+))(?::\d+)?$/.exec(text.trim()) ?? [];
  const [bare = ""] = (inBrackets ?? dotted ?? text.trim()).split("%");
  const v4 = toIpv4(bare);
  if (v4 !== undefined) return v4;
  if (!bare.includes(":") || !/^[\da-f:.]{2,45}$/i.test(bare)) return undefined;
  const groups = toGroups(bare);
  if (groups === undefined) return undefined;
  const [high, low] = groups.slice(6);
  // ::ffff:192.0.2.1 is 192.0.2.1 (RFC 4291 section 2.5.5.2).
  if (isMapped(groups) && high !== undefined && low !== undefined) {
    return [high >> 8, high & 255, low >> 8, low & 255].join(".");
  }
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(":")}::/64`;
}

function toIpv4(text: string): string | undefined {
  const parts = text.split(".");
  const fits = parts.length === 4 && parts.every((it) => /^\d{1,3}$/.test(it) && Number(it) < 256);
  return fits ? parts.map(Number).join(".") : undefined;
}

function toGroups(text: string): readonly number[] | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => (half === "" ? [] : half.split(":").flatMap(parts)));
  if (head === undefined) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => 0), ...(tail ?? [])];
  return groups.every((group) => group <= 0xffff) ? groups : undefined;
}

/** One group, or the two of an IPv4 address at the end; what is neither is too big a number. */
function parts(group: string): readonly number[] {
  const v4 = toIpv4(group)?.split(".").map(Number);
  if (v4 !== undefined) {
    const [a = 0, b = 0, c = 0, d = 0] = v4;
    return [a * 256 + b, c * 256 + d];
  }
  return [/^[\da-f]{1,4}$/i.test(group) ? Number.parseInt(group, 16) : Infinity];
}

function isMapped(groups: readonly number[]): boolean {
  return groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
}
