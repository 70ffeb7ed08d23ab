import { decodeJwtPayload } from "@convex-mcp/auth";
import type { Principal } from "./principal.ts";
import type { RequestScope } from "./scope.ts";

/** When a token ends, which was verified when the request came, in milliseconds since 1970; without one, or where nobody says when, never. */
export function expiryOf(
  principal: Principal,
  { metadata: { authToken } }: RequestScope,
): number | undefined {
  if (principal.kind === "user" && principal.expiresAt !== undefined) return principal.expiresAt;
  // The platform keeps `exp` out of the identity.
  const exp = authToken === null ? undefined : decodeJwtPayload(authToken)?.["exp"];
  return typeof exp === "number" ? exp * 1_000 : undefined;
}
