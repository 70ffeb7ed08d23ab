import {
  audienceMatches,
  audiencesOf,
  decodeJwtPayload,
  parseBearer,
  scopesOf,
} from "@convex-mcp/auth";
import type { Authentication } from "@convex-mcp/protocol";
import type { GenericActionCtx, GenericDataModel, UserIdentity } from "convex/server";
import type { Principal } from "./principal.ts";
import { invalidRequest, invalidToken, signInRequired } from "./refusals.ts";
import type { RequestScope } from "./scope.ts";

/**
 * Which tokens are for this server, beyond what `auth.config.ts` has the platform check.
 * `"platform"`: nothing more. `"resource"`: those whose `aud` is this server's URL (RFC 8707). A list: those whose `aud` is in it.
 */
export type Audience = "platform" | "resource" | readonly string[];

/** Who may come in at all. */
export interface AuthenticationPolicy {
  /** Whether a request without a token is a stranger's, instead of being refused. */
  readonly anonymous: boolean;
  readonly audience: Audience;
}

type Outcome = Authentication<Principal>;

/**
 * Decides who makes a request. The platform has verified the token before any code runs; it tells a bad one by
 * throwing here, and from a missing one only the header differs. A bad token is never a stranger.
 */
export async function authenticate(
  request: Request,
  scope: RequestScope,
  policy: AuthenticationPolicy,
): Promise<Outcome> {
  const bearer = parseBearer(request.headers.get("Authorization"));
  if (bearer.kind === "invalid") {
    const refuse = bearer.error === "invalid_request" ? invalidRequest : invalidToken;
    return { ok: false, refusal: refuse(scope.resource, bearer.description) };
  }
  const identity = await verifiedIdentity(scope.ctx);
  if (identity !== null && identity !== "invalid") return admit(identity, scope, policy.audience);
  if (bearer.kind === "bearer" || identity === "invalid") {
    const description =
      "The access token is expired, malformed, or not issued for this server by its issuer.";
    return { ok: false, refusal: invalidToken(scope.resource, description) };
  }
  return policy.anonymous
    ? { ok: true, principal: { kind: "anonymous" } }
    : { ok: false, refusal: signInRequired(scope.resource) };
}

async function verifiedIdentity(
  ctx: GenericActionCtx<GenericDataModel>,
): Promise<UserIdentity | null | "invalid"> {
  try {
    return await ctx.auth.getUserIdentity();
  } catch {
    // Documented: in an HTTP action it throws for a token that the platform refuses.
    return "invalid";
  }
}

function admit(identity: UserIdentity, scope: RequestScope, audience: Audience): Outcome {
  const { authToken } = scope.metadata;
  const claims = authToken === null ? undefined : decodeJwtPayload(authToken);
  if (audience !== "platform") {
    const allowed = audience === "resource" ? [scope.resource.url] : audience;
    if (claims === undefined || !audienceMatches(audiencesOf(claims), allowed)) {
      const description = `The access token is not for this server: its audience must be ${allowed.join(" or ")}.`;
      return { ok: false, refusal: invalidToken(scope.resource, description) };
    }
  }
  return {
    ok: true,
    principal: { kind: "user", identity, scopes: scopesOf({ ...claims, ...identity }) },
  };
}
