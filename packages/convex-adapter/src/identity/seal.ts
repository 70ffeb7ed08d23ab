import type { McpCaller } from "./principal.ts";

const DAY = 24 * 60 * 60_000;
const HMAC = { name: "HMAC", hash: "SHA-256" } as const;
/** So that the component's secret seals nothing else that could be taken for a caller. */
const CONTEXT = "mcp-caller:";

/** Who calls, sealed for a day: HMAC-SHA-256 in hexadecimal, a dot, and JSON (RFC 2104). Signed, not encrypted. */
export async function sealCaller(
  secret: string,
  { tokenIdentifier, subject, issuer }: McpCaller,
): Promise<string> {
  const json = JSON.stringify([tokenIdentifier, subject, issuer, Date.now() + DAY]);
  const mac = await crypto.subtle.sign(HMAC, await toKey(secret), toBytes(CONTEXT + json));
  return `${toHex(new Uint8Array(mac))}.${json}`;
}

/** The caller of a seal; `undefined` of one that is not ours, was changed or has expired. */
export async function unsealCaller(secret: string, sealed: string): Promise<McpCaller | undefined> {
  const [, mac, json] = /^([0-9a-f]{64})\.(.*)$/s.exec(sealed) ?? [];
  if (mac === undefined || json === undefined) return undefined;
  const key = await toKey(secret);
  // Takes the same time whatever differs.
  if (!(await crypto.subtle.verify(HMAC, key, fromHex(mac), toBytes(CONTEXT + json))))
    return undefined;
  const [tokenIdentifier, subject, issuer, until] = JSON.parse(json) as [
    string,
    string,
    string,
    number,
  ];
  return until > Date.now() ? { tokenIdentifier, subject, issuer } : undefined;
}

function toKey(secret: string): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", toBytes(secret), HMAC, false, ["sign", "verify"]);
}

function toBytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromHex(text: string): Uint8Array<ArrayBuffer> {
  const pairs = text.match(/../g) ?? [];
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}
