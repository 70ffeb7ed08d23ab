import { readForm, type Parameters } from "./body.ts";
import { presentedClient, type PresentedClient } from "./clientauth.ts";
import { isDocumentId } from "./clientdocument.ts";
import { codeKeyOf, endReplayed, openGrant, tokenResponse, type CodeTicket } from "./grant.ts";
import { judgeHolder } from "./holder.ts";
import { isVerifier, sha256 } from "./pkce.ts";
import { refresh } from "./refresh.ts";
import { errorResponse } from "./respond.ts";
import { accept, reject, type Judged } from "./result.ts";
import type { Settings } from "./settings.ts";
import { revokeUpstream } from "./upstream.ts";

/** `POST /token` (RFC 6749 sections 4.1.3 and 6). */
export async function token(request: Request, settings: Settings): Promise<Response> {
  const authorization = request.headers.get("authorization");
  const judged = await answer(request, authorization, settings);
  if (judged.ok) return judged.value;
  const { error, description } = judged;
  settings.report({ endpoint: "token", error, description });
  return errorResponse({ error, description }, authorization !== null);
}

async function answer(
  request: Request,
  authorization: string | null,
  settings: Settings,
): Promise<Judged<Response>> {
  const form = await readForm(request);
  if (!form.ok) return form;
  const client = presentedClient(authorization, form.value);
  if (!client.ok) return client;
  const grantType = form.value.get("grant_type");
  const result =
    grantType === "authorization_code"
      ? await redeem(form.value, client.value, settings)
      : grantType === "refresh_token"
        ? await refresh(form.value, client.value, settings)
        : unsupported(grantType);
  if (result.ok || result.error !== "invalid_grant") return result;
  return (await isForgotten(client.value.id, settings))
    ? reject("invalid_client", "The client is not registered, or its registration has expired.")
    : result;
}

async function redeem(
  form: Parameters,
  client: PresentedClient,
  settings: Settings,
): Promise<Judged<Response>> {
  const { sealer, store } = settings;
  const code = form.get("code");
  const verifier = form.get("code_verifier") ?? "";
  if (code === undefined) return reject("invalid_request", "Expected a code.");
  if (!isVerifier(verifier)) return reject("invalid_request", "Expected a code_verifier.");
  const ticket = (await sealer.open("code", code)) as CodeTicket | undefined;
  if (ticket === undefined) return unknownCode();
  const { id, redirectUri } = ticket;
  // OAuth 2.1 has no redirect_uri here, since the verifier says who asked; where one is sent, it counts.
  if ((form.get("redirect_uri") ?? redirectUri) !== redirectUri) return unknownCode();
  const challenge = await sha256(verifier);
  const codeKey = await codeKeyOf({ code, clientId: client.id, challenge });
  const refreshToken = await sealer.seal("refresh", id);
  const current = await sha256(refreshToken);
  const redemption = await store.redeem(id, codeKey, current, settings.now());
  if (redemption.kind === "unknown") return unknownCode();
  if (redemption.kind === "replayed") {
    await endReplayed(redemption.grant, "code", settings);
    return unknownCode();
  }
  const grant = await openGrant(redemption.grant, settings);
  if (grant === undefined) return unknownCode();
  const refusal = await judgeHolder(grant, client, form.get("resource"));
  if (refusal !== undefined) {
    // A second redemption deletes it.
    await store.redeem(id, codeKey, current, settings.now());
    await revokeUpstream(grant.tokens, settings);
    return refusal;
  }
  const given = grant.tokens.refresh === undefined ? undefined : refreshToken;
  return accept(tokenResponse(grant, given, settings.now()));
}

/**
 * A client whose registration has expired would send its users to an error page for ever: with
 * `invalid_client` it registers anew, with `invalid_grant` it would not.
 */
async function isForgotten(id: string, { store, now }: Settings): Promise<boolean> {
  return !isDocumentId(id) && (await store.findClient(id, now())) === undefined;
}

function unsupported(grantType: string | undefined): Judged<never> {
  return grantType === undefined
    ? reject("invalid_request", "Expected a grant_type.")
    : reject("unsupported_grant_type", "grant_type: expected authorization_code or refresh_token.");
}

function unknownCode(): Judged<never> {
  return reject(
    "invalid_grant",
    "The code is unknown, was used already or has expired, or was given to another client, redirect_uri or code_verifier.",
  );
}
