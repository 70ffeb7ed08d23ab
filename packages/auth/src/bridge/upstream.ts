import { audiencesOf } from "../audience.ts";
import { inTime } from "../deadline.ts";
import { decodeJwtPayload } from "../payload.ts";
import { readText } from "./body.ts";
import { toObject, toText } from "./result.ts";
import type { Settings, Upstream } from "./settings.ts";

/** What the provider gave. */
export interface UpstreamTokens {
  /** The one that clients get as their access token. */
  readonly token: string;
  readonly expiresAt?: number;
  readonly scope?: string;
  readonly refresh?: string;
  readonly subject?: string;
}

/** How the provider answered. `refused`: nothing that clients could use, and asking again will not help; `broken`: nobody can tell. */
export type UpstreamAnswer =
  | { readonly kind: "tokens"; readonly tokens: UpstreamTokens }
  | { readonly kind: "refused"; readonly cause: unknown }
  | { readonly kind: "broken"; readonly cause: unknown };

/** What an ID token is held against. */
interface Expected {
  readonly nonce?: string;
  readonly subject?: string | undefined;
}

/** What is asked of the provider when a client asks for something. */
export function upstreamScopes(
  asked: readonly string[],
  { extraScopes }: Pick<Upstream, "extraScopes">,
): readonly string[] {
  return [...new Set([...asked, ...extraScopes])];
}

/** RFC 7523 section 2.2. */
const JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const MAX_ANSWER_BYTES = 131_072;
/** Far below the lease of a refresh. */
const TIMEOUT_MS = 10_000;

/** Asks the provider's token endpoint. Resolves always. */
export async function askUpstream(
  grant: Readonly<Record<string, string | undefined>>,
  expected: Expected,
  settings: Settings,
): Promise<UpstreamAnswer> {
  try {
    const [response, text] = await post(settings.upstream.tokenEndpoint, grant, settings);
    const answer = text === undefined ? undefined : toObject(parse(text));
    if (response.status === 200 && answer !== undefined) {
      return judgeAnswer(answer, expected, settings);
    }
    const error = toText(answer?.["error"]);
    const cause = { status: response.status, error };
    return { kind: error === "invalid_grant" ? "refused" : "broken", cause };
  } catch (cause) {
    return { kind: "broken", cause };
  }
}

/** Revokes what the provider gave (RFC 7009), as well as it goes: the grant is gone here already. */
export async function revokeUpstream(tokens: UpstreamTokens, settings: Settings): Promise<void> {
  const { revocationEndpoint, token } = settings.upstream;
  if (revocationEndpoint === undefined) return;
  const given =
    tokens.refresh === undefined
      ? { token: tokens.token, token_type_hint: "access_token" }
      : { token: tokens.refresh, token_type_hint: "refresh_token" };
  // An ID token cannot be revoked.
  if (tokens.refresh === undefined && token === "id_token") return;
  try {
    const [response] = await post(revocationEndpoint, given, settings);
    if (response.ok) return;
    throw new Error(`the provider answered ${response.status}`);
  } catch (cause) {
    const description = "The provider did not revoke a token.";
    settings.report({ endpoint: "revoke", error: "server_error", description, cause });
  }
}

function post(
  url: string,
  parameters: Readonly<Record<string, string | undefined>>,
  { upstream, fetch }: Settings,
): Promise<[response: Response, text: string | undefined]> {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) form.set(name, value);
  }
  const headers = new Headers({
    accept: "application/json",
    "content-type": "application/x-www-form-urlencoded",
  });
  return inTime(TIMEOUT_MS, async (signal) => {
    await prove(upstream, headers, form);
    const init = { method: "POST", headers, body: form.toString(), redirect: "manual" } as const;
    const response = await fetch(url, { ...init, signal });
    return [response, await readText(response.body, MAX_ANSWER_BYTES)];
  });
}

/** Says who we are, and proves it. */
async function prove(upstream: Upstream, headers: Headers, form: URLSearchParams): Promise<void> {
  const { authMethod, clientId, clientSecret = "", clientAssertion, issuer } = upstream;
  if (authMethod === "client_secret_basic") {
    headers.set("authorization", basic(clientId, clientSecret));
    return;
  }
  form.set("client_id", clientId);
  if (clientSecret !== "") form.set("client_secret", clientSecret);
  if (clientAssertion === undefined) return;
  form.set("client_assertion_type", JWT_BEARER);
  form.set("client_assertion", await clientAssertion({ clientId, issuer }));
}

/** RFC 6749 section 2.3.1: both halves are form-encoded first, which also makes them ASCII. */
function basic(clientId: string, clientSecret: string): string {
  const encode = (text: string) => new URLSearchParams({ v: text }).toString().slice(2);
  return `Basic ${btoa(`${encode(clientId)}:${encode(clientSecret)}`)}`;
}

function judgeAnswer(
  answer: Readonly<Record<string, unknown>>,
  expected: Expected,
  { upstream, now }: Settings,
): UpstreamAnswer {
  const idToken = toText(answer["id_token"]);
  const claims = idToken === undefined ? undefined : decodeJwtPayload(idToken);
  const fault = judgeIdToken(idToken, claims, expected, { upstream, now });
  if (fault !== undefined) return { kind: "refused", cause: fault };
  const access = toText(answer["access_token"]);
  const token = upstream.token === "id_token" ? idToken : access;
  const isBearer = toText(answer["token_type"])?.toLowerCase() === "bearer";
  if (token === undefined || access === undefined || !isBearer) {
    return { kind: "refused", cause: `the answer lacks a ${upstream.token} of type Bearer` };
  }
  const isIdToken = upstream.token === "id_token";
  const expiresAt = isIdToken
    ? 1000 * Number(claims?.["exp"])
    : now() + 1000 * Number(answer["expires_in"] ?? NaN);
  // An access token may name the user otherwise than ID tokens do.
  const subject =
    toText(claims?.["sub"]) ?? expected.subject ?? toText(decodeJwtPayload(access)?.["sub"]);
  return { kind: "tokens", tokens: { token, ...present({ expiresAt, subject, answer }) } };
}

/** The members that are there, since a missing expiry is NaN. */
function present({
  expiresAt,
  subject,
  answer,
}: {
  readonly expiresAt: number;
  readonly subject: string | undefined;
  readonly answer: Readonly<Record<string, unknown>>;
}): Omit<UpstreamTokens, "token"> {
  const scope = toText(answer["scope"]);
  const refresh = toText(answer["refresh_token"]);
  return {
    ...(Number.isFinite(expiresAt) ? { expiresAt } : {}),
    ...(scope === undefined ? {} : { scope }),
    ...(refresh === undefined ? {} : { refresh }),
    ...(subject === undefined ? {} : { subject }),
  };
}

/** What is wrong with an ID token, or with there being none. */
function judgeIdToken(
  idToken: string | undefined,
  claims: Readonly<Record<string, unknown>> | undefined,
  expected: Expected,
  settings: Pick<Settings, "upstream" | "now">,
): string | undefined {
  if (idToken !== undefined) {
    const isOurs = isOurIdToken(claims, expected, settings);
    return isOurs ? undefined : "the ID token is not for this sign-in";
  }
  // OpenID Connect Core section 3.1.3.3. Where PKCE is ignored, nothing else ties the code to the sign-in.
  return expected.nonce === undefined ? undefined : "the answer lacks an ID token";
}

/**
 * OpenID Connect Core sections 3.1.3.7 and 12.2. It came from the token endpoint over TLS, which stands for
 * its signature here (item 6); who accepts it as a token verifies that.
 */
function isOurIdToken(
  claims: Readonly<Record<string, unknown>> | undefined,
  { nonce, subject }: Expected,
  { upstream, now }: Pick<Settings, "upstream" | "now">,
): boolean {
  if (claims === undefined || claims["iss"] !== upstream.issuer) return false;
  if (!audiencesOf(claims).includes(upstream.clientId)) return false;
  if (typeof claims["exp"] !== "number" || claims["exp"] * 1000 <= now()) return false;
  if (nonce !== undefined && claims["nonce"] !== nonce) return false;
  return subject === undefined || claims["sub"] === subject;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the caller treats it as no answer.
    return undefined;
  }
}
