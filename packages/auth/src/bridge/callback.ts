import { errorRedirect } from "./authorization.ts";
import { toParameters, type Parameters } from "./body.ts";
import type { Caller } from "./client.ts";
import { isDocumentId } from "./clientdocument.ts";
import { readCookie } from "./cookies.ts";
import { codeKeyOf, ownerOf, sealGrant, type CodeTicket, type Grant } from "./grant.ts";
import type { BridgeEvent } from "./options.ts";
import { errorPage } from "./page.ts";
import { randomToken } from "./pkce.ts";
import { redirectWith } from "./redirect.ts";
import { redirect } from "./respond.ts";
import { accept, reject, type Judged, type OAuthError } from "./result.ts";
import type { Settings } from "./settings.ts";
import { callbackUrl, type StateTicket, type Transaction } from "./signin.ts";
import { askUpstream, revokeUpstream, upstreamScopes, type UpstreamTokens } from "./upstream.ts";

/** RFC 6749 section 4.1.2 recommends at most ten minutes; clients redeem at once. */
const CODE_MS = 60_000;

/** Errors of the provider that mean the same to the client; all others are a `server_error` of ours. */
const PASSED_ON = [
  "access_denied",
  "login_required",
  "interaction_required",
  "consent_required",
  "account_selection_required",
  "temporarily_unavailable",
];

/** `GET /callback`: the way back from the provider, in the browser that the sign-in was started in. */
export async function callback(
  request: Request,
  settings: Settings,
  caller: Caller,
): Promise<Response> {
  const judged = await judgeCallback(request, settings);
  if (!judged.ok) {
    const { error, description } = judged;
    settings.report({ endpoint: "callback", error, description });
    return errorPage({ error, description });
  }
  const { transaction, parameters } = judged.value;
  const tokens = await exchange(transaction, parameters, settings);
  if (!tokens.ok) {
    return redirect(errorRedirect(transaction.request, tokens, settings.issuer));
  }
  const code = await issueCode(transaction, tokens.value, settings, caller);
  const { redirectUri, state } = transaction.request;
  return redirect(redirectWith(redirectUri, { code, state, iss: settings.issuer }));
}

interface Returned {
  readonly transaction: Transaction;
  readonly parameters: Parameters;
}

/** Nothing is taken from the store before state, browser and issuer are right. */
async function judgeCallback(request: Request, settings: Settings): Promise<Judged<Returned>> {
  const { sealer, store, upstream, issuer } = settings;
  const parameters = toParameters(new URL(request.url).searchParams);
  if (!parameters.ok) return parameters;
  const state = parameters.value.get("state");
  const browser = readCookie(request, issuer, "mcp-bridge-browser");
  const ticket =
    state === undefined || browser === undefined
      ? undefined
      : ((await sealer.open("state", state, browser)) as StateTicket | undefined);
  if (ticket === undefined || ticket.expiresAt <= settings.now()) return lost();
  // RFC 9207 section 2.4, against mix-up.
  const iss = parameters.value.get("iss");
  if (iss === undefined ? upstream.requireIss === true : iss !== upstream.issuer) {
    return reject("invalid_request", "The answer came from another identity provider.");
  }
  const row = await store.take(ticket.id, settings.now());
  const transaction =
    row === undefined
      ? undefined
      : ((await sealer.open("transaction", row.data, row.id)) as Transaction | undefined);
  if (transaction === undefined) return lost();
  return accept({ transaction, parameters: parameters.value });
}

async function exchange(
  { verifier, nonce, request }: Transaction,
  parameters: Parameters,
  settings: Settings,
): Promise<Judged<UpstreamTokens>> {
  const code = parameters.get("code");
  const error = parameters.get("error");
  if (code === undefined || error !== undefined) {
    const description = "The identity provider did not sign the user in.";
    const isPassed = error !== undefined && PASSED_ON.includes(error);
    if (isPassed) return fail({ error, description }, settings);
    // Whoever signs in can write there what they like, and causes are logged.
    const cause = error === undefined || /^\w{1,64}$/.test(error) ? error : "another error";
    return fail({ error: "server_error", description, cause }, settings);
  }
  const { upstream, issuer } = settings;
  const hasNonce = upstreamScopes(request.scopes, upstream).includes("openid");
  const answer = await askUpstream(
    {
      grant_type: "authorization_code",
      code,
      redirect_uri: callbackUrl(issuer),
      code_verifier: verifier,
      resource: upstream.forwardResource === true ? request.resource : undefined,
    },
    hasNonce ? { nonce } : {},
    settings,
  );
  if (answer.kind === "tokens") return accept(answer.tokens);
  const description = "The identity provider gave no token.";
  return fail({ error: "server_error", description, cause: answer.cause }, settings);
}

async function issueCode(
  { request, consented }: Transaction,
  tokens: UpstreamTokens,
  settings: Settings,
  { address }: Caller,
): Promise<string> {
  const { registration, refreshMs, sealer, store, pepper } = settings;
  const { clientId, auth, resource, scopes, redirectUri, challenge } = request;
  const now = settings.now();
  const id = randomToken();
  const ticket: CodeTicket = { id, redirectUri };
  const code = await sealer.seal("code", ticket);
  const grant: Grant = { clientId, auth, resource, scopes, tokens };
  const row = {
    id,
    owner: await ownerOf(pepper, tokens.subject, address ?? id),
    clientId,
    codeKey: await codeKeyOf({ code, clientId, challenge }),
    expiresAt: now + CODE_MS,
    liveUntil: now + refreshMs,
    data: await sealGrant(grant, id, settings),
  };
  try {
    // A document's row expires as HTTP says, whoever signs in with it.
    const clientExpiresAt = isDocumentId(clientId) ? 0 : now + registration.usedMs;
    const room = { perOwner: settings.grantsPerUser, clientExpiresAt, now };
    const { subject } = tokens;
    const { clientName } = request;
    const who = { subject, clientName, redirectUri, resource, scopes, consented };
    await store.addGrant(row, room, who);
  } catch (error) {
    await revokeUpstream(tokens, settings);
    throw error;
  }
  return code;
}

function fail(event: Omit<BridgeEvent, "endpoint">, { report }: Settings): Judged<never> {
  report({ endpoint: "callback", ...event });
  return reject(event.error, event.description);
}

function lost(): { readonly ok: false } & OAuthError {
  return reject(
    "invalid_request",
    "This sign-in has expired, was finished already, or was started in another browser. Connect again from your app.",
  );
}
