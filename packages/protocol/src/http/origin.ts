import { errorCodes } from "../wire/errors.ts";
import type { Refusal } from "../wire/errors.ts";
import { printable } from "../wire/printable.ts";

/**
 * Which web pages may use a server. A request without an `Origin` header does not come from a page,
 * and always passes.
 *
 * Pages of the canonical URL's own origin and of loopback origins pass as well. The origin of the
 * request's own URL does NOT, unless it is one of these: a page whose host name was rebound to this
 * server's address (DNS rebinding) has just that origin.
 */
export interface OriginPolicy {
  /** The URL that clients are given, such as `https://example.com/mcp`. */
  readonly canonical?: string | undefined;
  /**
   * Further origins, exact (`"https://app.example.com"`), or a judge of them. `"*"` is every origin
   * but the opaque `null`, which sandboxed frames and local files send; `"null"` names that one.
   */
  readonly allowed?: readonly string[] | ((origin: string) => boolean) | undefined;
}

/** Refuses a request from a page that the policy does not allow; `undefined` when it may pass. */
export function checkOrigin(request: Request, policy: OriginPolicy): Refusal | undefined {
  const origin = request.headers.get("origin");
  return origin === null || isAllowedOrigin(origin, policy) ? undefined : foreignOrigin(origin);
}

/** The refusal of a page of this origin. */
export function foreignOrigin(origin: string): Refusal {
  const message = `Origin ${printable(origin)} is not allowed. Add it to the origins this server allows.`;
  return { status: 403, code: errorCodes.refused, message };
}

/** Whether pages of an origin may use the server; `origin` as the header has it. */
export function isAllowedOrigin(
  origin: string,
  { canonical, allowed = [] }: OriginPolicy,
): boolean {
  if (canonical !== undefined && origin === new URL(canonical).origin) return true;
  if (isLoopback(origin)) return true;
  if (typeof allowed === "function") return allowed(origin);
  return allowed.includes(origin) || (origin !== "null" && allowed.includes("*"));
}

function isLoopback(origin: string): boolean {
  return /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/.test(origin);
}
