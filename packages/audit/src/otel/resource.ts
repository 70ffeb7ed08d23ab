import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { type Attributes, type OtlpAttribute, toAttributes } from "./attributes.ts";

/** What is sent beside the entries. */
export interface OtlpOptions {
  /** `service.name`. Default `"mcp-server"`. */
  readonly serviceName?: string;
  /** More attributes of the resource, such as `deployment.environment.name`. */
  readonly resource?: Attributes;
  /** Sends arguments and results too, as they were recorded. Default false. */
  readonly payloads?: boolean;
}

/** Who makes the records. */
export const SCOPE = { name: "@convex-mcp/audit" } as const;

/** The service whose records these are. */
export function resourceOf({ serviceName = "mcp-server", resource = {} }: OtlpOptions): {
  attributes: OtlpAttribute[];
} {
  return { attributes: toAttributes({ "service.name": serviceName, ...resource }) };
}

/** A time as OTLP writes it: nanoseconds since 1970, as a text. Never negative, never a fraction. */
export function nanos(ms: number): string {
  if (!Number.isFinite(ms) || ms <= 0) return "0";
  // Two numbers: milliseconds times a million are no safe integer.
  const whole = Math.floor(ms);
  return String(BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1_000_000)));
}

/** Hexadecimal digits made of an entry's id: the same each time, so that what is sent twice is seen to be the same. */
export function idDigits(purpose: "trace" | "span", id: string): string {
  const digest = bytesToHex(sha256(utf8ToBytes(`${purpose}:${id}`)));
  return digest.slice(0, purpose === "trace" ? 32 : 16);
}
