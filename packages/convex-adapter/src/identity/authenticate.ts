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
import type { ResolveIdentity } from "./resolve.ts";
import type { RequestScope } from "./scope.ts";

/**
 * Which tokens are for this server, beyond what `auth.config.ts` has the platform check.
 * `"platform"`: nothing more. `"resource"`: those whose `aud` is this server's URL (RFC 8707). A list: those whose `aud` is in it.
 * `clientIds`: those whose `client_id` is in it, for issuers whose access tokens have no `aud`. ID tokens have no `client_id`.
 */
export type Audience =
  | "platform"
  | "resource"
  | readonly string[]
  | { readonly clientIds: readonly string[] };

/** Who may come in at all. */
export interface AuthenticationPolicy {
  /** Whether a request without a token is a stranger's, instead of being refused. */
  readonly anonymous: boolean;
  readonly audience: Audience;
  /** Asked about tokens that the platform refuses. */
  readonly resolveIdentity: ResolveIdentity | undefined;
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
  if (bearer.kind === "bearer") {
    const resolved = await policy.resolveIdentity?.(bearer.token, scope);
    if (resolved !== undefined) return resolved;
  }
  if (bearer.kind === "bearer" || identity === "invalid") {
    return { ok: false, refusal: invalidToken(scope.resource) };
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
  const claims = decodeJwtPayload(authToken ?? "") ?? {};
  const wanted = refusedFor(claims, scope.resource.url, audience);
  if (wanted !== undefined) {
    const description = `The access token is not for this server: its ${wanted}.`;
    return { ok: false, refusal: invalidToken(scope.resource, description) };
  }
  return {
    ok: true,
    principal: { kind: "user", identity, scopes: scopesOf({ ...claims, ...identity }) },
  };
}

/** What a token would have to be for, unless it is. */
function refusedFor(
  claims: Readonly<Record<string, unknown>>,
  url: string,
  audience: Audience,
): string | undefined {
  if (audience === "platform") return undefined;
  if (typeof audience === "object" && "clientIds" in audience) {
    const known = audience.clientIds.some((id) => id === claims["client_id"]);
    return known ? undefined : "client_id must be a known one";
  }
  const allowed = audience === "resource" ? [url] : audience;
  return audienceMatches(audiencesOf(claims), allowed)
    ? undefined
    : `audience must be ${allowed.join(" or ")}`;
}
