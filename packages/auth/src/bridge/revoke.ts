import { readForm } from "./body.ts";
import { presentedClient } from "./clientauth.ts";
import { judgeHolder } from "./holder.ts";
import { lease } from "./refresh.ts";
import { errorResponse } from "./respond.ts";
import { accept, reject, type Judged } from "./result.ts";
import type { Settings } from "./settings.ts";
import { revokeUpstream } from "./upstream.ts";

/**
 * `POST /revoke` (RFC 7009): a refresh token ends the whole grant, here and at the provider. Access tokens
 * are the provider's, and nothing says to which client they went: they cannot be revoked here.
 */
export async function revoke(request: Request, settings: Settings): Promise<Response> {
  const authorization = request.headers.get("authorization");
  const judged = await endGrant(request, authorization, settings);
  // RFC 7009 section 2.2: a token that is not valid (any more) is what was asked for.
  if (judged.ok || judged.error === "invalid_grant") {
    return new Response(null, { status: 200, headers: { "cache-control": "no-store" } });
  }
  const { error, description } = judged;
  settings.report({ endpoint: "revoke", error, description });
  return errorResponse({ error, description }, authorization !== null);
}

async function endGrant(
  request: Request,
  authorization: string | null,
  settings: Settings,
): Promise<Judged<void>> {
  const form = await readForm(request);
  if (!form.ok) return form;
  const client = presentedClient(authorization, form.value);
  if (!client.ok) return client;
  const token = form.value.get("token");
  if (token === undefined) return reject("invalid_request", "Expected a token.");
  if (typeof (await settings.sealer.open("refresh", token)) !== "string") {
    // RFC 7009 section 2.2: only an access token could be one that is good elsewhere.
    return form.value.get("token_type_hint") === "refresh_token"
      ? accept(undefined)
      : reject("unsupported_token_type", "token: expected a refresh token of this server.");
  }
  const leased = await leaseLatest(token, settings);
  if (!leased.ok) return leased;
  const { grant, settle } = leased.value;
  const refusal = await judgeHolder(grant, client.value, undefined);
  if (refusal !== undefined) {
    await settle?.({ kind: "release" });
    return refusal;
  }
  await settle?.({ kind: "end", reason: "revoked" });
  await revokeUpstream(grant.tokens, settings);
  return accept(undefined);
}

/** A token that was used a moment ago stands for what it became. */
async function leaseLatest(token: string, settings: Settings) {
  const leased = await lease(token, settings);
  const latest =
    leased.ok && leased.value.settle === undefined ? leased.value.grant.refresh : undefined;
  return latest === undefined ? leased : lease(latest, settings);
}
