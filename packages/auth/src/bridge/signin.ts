import type { AuthorizeRequest } from "./authorization.ts";
import { roomFor, type Caller } from "./client.ts";
import { errorPage } from "./page.ts";
import { randomToken, sha256 } from "./pkce.ts";
import { redirectWith } from "./redirect.ts";
import { redirect } from "./respond.ts";
import type { Settings } from "./settings.ts";
import { upstreamScopes } from "./upstream.ts";

/** A request that a person has agreed to, in a browser. */
export interface Agreed {
  readonly id: string;
  readonly request: AuthorizeRequest;
  /** The value of the browser's cookie. */
  readonly browser: string;
  /** They pressed a button, now; otherwise that is remembered. */
  readonly consented: boolean;
}

/** What waits in the store for the way back, sealed. */
export interface Transaction {
  readonly request: AuthorizeRequest;
  readonly consented: boolean;
  /** Our PKCE verifier at the provider. */
  readonly verifier: string;
  readonly nonce: string;
}

/** What the provider brings back as `state`, sealed for the browser. */
export interface StateTicket {
  readonly id: string;
  readonly expiresAt: number;
}

const SIGN_IN_MS = 10 * 60_000;

/** Stores the transaction, once for each id, and sends the browser to the provider. */
export async function startSignIn(
  { id, request, browser, consented }: Agreed,
  settings: Settings,
  caller: Caller,
  cookies: readonly string[] = [],
): Promise<Response> {
  const { sealer, store } = settings;
  const [verifier, nonce] = [randomToken(), randomToken()];
  const transaction: Transaction = { request, consented, verifier, nonce };
  const expiresAt = settings.now() + SIGN_IN_MS;
  const data = await sealer.seal("transaction", transaction, id);
  const { owner, room } = await roomFor(caller, settings, settings.pending);
  // The consent page lasts no longer than the row, so a second use of it finds the row.
  if (!(await store.begin({ id, owner, expiresAt, data }, room))) {
    const used = {
      error: "invalid_request",
      description: "This page was used already. Connect again from your app.",
    };
    settings.report({ endpoint: "consent", ...used });
    return errorPage(used);
  }
  const ticket: StateTicket = { id, expiresAt };
  const state = await sealer.seal("state", ticket, browser);
  return redirect(await authorizationUrl(transaction, state, settings), cookies);
}

async function authorizationUrl(
  { request, verifier, nonce }: Transaction,
  state: string,
  { issuer, upstream }: Settings,
): Promise<string> {
  const fixed = upstream.parameters;
  const scopes = upstreamScopes(request.scopes, upstream);
  return redirectWith(upstream.authorizationEndpoint, {
    ...fixed,
    response_type: "code",
    client_id: upstream.clientId,
    redirect_uri: callbackUrl(issuer),
    scope: scopes.join(" ") || undefined,
    state,
    code_challenge: await sha256(verifier),
    code_challenge_method: "S256",
    nonce: scopes.includes("openid") ? nonce : undefined,
    resource: upstream.forwardResource === true ? request.resource : fixed?.["resource"],
    prompt: promptOf(fixed?.["prompt"], request.prompt),
  });
}

/** What the app insists on holds, whatever a client adds to it; `none` would take it away. */
function promptOf(insisted: string | undefined, asked: readonly string[]): string | undefined {
  if (insisted === undefined) return asked.join(" ") || undefined;
  const added = asked.filter((value) => value !== "none");
  return [...new Set([...insisted.split(" "), ...added])].join(" ");
}

/** The one redirect URI that is registered at the provider. */
export function callbackUrl(issuer: string): string {
  return `${issuer}/callback`;
}
