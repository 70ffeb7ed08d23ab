import {
  errorRedirect,
  judgeAuthorization,
  judgeTarget,
  type AuthorizeRequest,
  type Target,
} from "./authorization.ts";
import { toParameters } from "./body.ts";
import type { Caller } from "./client.ts";
import { isRemembered } from "./consented.ts";
import { readCookie, writeCookie } from "./cookies.ts";
import { findClient } from "./lookup.ts";
import { consentPage, errorPage } from "./page.ts";
import { randomToken } from "./pkce.ts";
import { isTrustedRedirect } from "./redirect.ts";
import { redirect } from "./respond.ts";
import { reject, type OAuthError } from "./result.ts";
import type { Settings } from "./settings.ts";
import { startSignIn } from "./signin.ts";

/** What the consent page carries, sealed for one browser. */
export interface ConsentTicket {
  /** Becomes the id of the transaction, so a ticket works once. */
  readonly id: string;
  readonly expiresAt: number;
  readonly request: AuthorizeRequest;
}

/** How long a person may look at the consent page. */
export const CONSENT_MS = 10 * 60_000;

/** `GET /authorize`: shows the consent page. Nothing is stored before a person has agreed. */
export async function authorize(
  request: Request,
  settings: Settings,
  caller: Caller,
): Promise<Response> {
  const search = new URL(request.url).searchParams;
  const resources = search.getAll("resource");
  // The one parameter that may be repeated (RFC 8707 section 2).
  search.delete("resource");
  const parameters = toParameters(search);
  if (!parameters.ok) return refuse(parameters, settings);
  const clientId = parameters.value.get("client_id");
  if (clientId === undefined) {
    return refuse(reject("invalid_request", "The app sent no client_id."), settings);
  }
  const client = await findClient(clientId, settings, caller);
  if (!client.ok) return refuse(client, settings);
  const target = judgeTarget(parameters.value, client.value, settings);
  if (!target.ok) return refuse(target, settings);
  const context = { client: client.value, target: target.value, settings };
  const judged = judgeAuthorization(parameters.value, resources, context);
  if (!judged.ok) return refuse(judged, settings, target.value);
  return askConsent(request, judged.value, settings, caller);
}

async function askConsent(
  request: Request,
  asked: AuthorizeRequest,
  settings: Settings,
  caller: Caller,
): Promise<Response> {
  const { issuer, rememberMs, sealer } = settings;
  const known = readCookie(request, issuer, "mcp-bridge-browser");
  if (known !== undefined && (await isRemembered(request, asked, known, settings))) {
    const id = randomToken();
    return startSignIn({ id, request: asked, browser: known, consented: false }, settings, caller);
  }
  if (asked.prompt.includes("none")) {
    return refuse(reject("consent_required", "A person has to agree first."), settings, asked);
  }
  const browser = known ?? randomToken();
  const expiresAt = settings.now() + CONSENT_MS;
  const ticket: ConsentTicket = { id: randomToken(), expiresAt, request: asked };
  const page = await consentPage(asked, await sealer.seal("consent", ticket, browser), settings);
  // Twice the time of the page: the sign-in at the provider comes after it.
  const maxAge = Math.floor(Math.max(2 * CONSENT_MS, rememberMs) / 1000);
  page.headers.append("set-cookie", writeCookie(issuer, "mcp-bridge-browser", browser, maxAge));
  return page;
}

/**
 * Anybody can register a redirect and send people a link to us that fails at once. So an error goes to a
 * redirect that is not trusted only when the person follows a link (RFC 9700 section 4.11.2).
 */
function refuse(
  refusal: OAuthError,
  settings: Settings,
  target?: Target,
): Response | Promise<Response> {
  const { error, description } = refusal;
  settings.report({ endpoint: "authorize", error, description });
  if (target === undefined) return errorPage(refusal);
  const location = errorRedirect(target, { error, description }, settings.issuer);
  return isTrustedRedirect(target.redirectKind, settings.redirects)
    ? redirect(location)
    : errorPage({ error, description }, { back: location });
}
