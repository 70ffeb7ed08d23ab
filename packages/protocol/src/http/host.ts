import { errorCodes } from "../wire/errors.ts";
import type { Refusal } from "../wire/errors.ts";
import { printable } from "../wire/printable.ts";

/** Under which host names a server answers. */
export interface HostPolicy {
  /** The URL that clients are given, such as `https://example.com/mcp`. Without it any host passes. */
  readonly canonical?: string | undefined;
  /** Further hosts, with their port unless it is the scheme's default: `"127.0.0.1:3211"`. */
  readonly allowed?: readonly string[] | undefined;
}

/**
 * Refuses a request that came to another host than the canonical one: a token's audience and the
 * discovery documents name that one alone. `undefined` when the request may pass.
 */
export function checkHost(request: Request, policy: HostPolicy): Refusal | undefined {
  const { canonical, allowed = [] } = policy;
  // Most requests come to that very URL, and no URL need be taken apart.
  if (canonical === undefined || canonical === request.url) return undefined;
  const { host } = new URL(request.url);
  if (host === new URL(canonical).host) return undefined;
  if (allowed.some((name) => name.toLowerCase() === host)) return undefined;
  const message = `This server is ${canonical}; the request came to ${printable(host)}. Use ${canonical}.`;
  return { status: 403, code: errorCodes.refused, message };
}
