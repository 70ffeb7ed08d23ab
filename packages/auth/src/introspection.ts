import { isForUs, judgeTime } from "./accesstoken.ts";
import { inTime } from "./deadline.ts";
import { type RecipientOptions, toRecipients } from "./recipients.ts";
import { scopesOf } from "./scopes.ts";
import { requireSecureUrl } from "./url.ts";
import {
  invalidToken,
  unverifiedToken,
  type InvalidToken,
  type UnverifiedToken,
  type VerifiedToken,
  type VerifyResult,
} from "./verdict.ts";
import { createVerdictCache, type CacheOptions } from "./verdictcache.ts";

export type { InvalidToken, UnverifiedToken, VerifiedToken, VerifyResult };
export type { CacheOptions } from "./verdictcache.ts";

/** Options of {@link createIntrospectionVerifier}. */
export interface IntrospectionOptions extends RecipientOptions {
  /** The introspection endpoint: https, or http on localhost. Redirects are not followed. */
  readonly endpoint: string;
  /** As whom to ask; the endpoint must not answer just anybody (RFC 7662 section 2.1). */
  readonly clientId: string;
  readonly clientSecret: string;
  /** How to say so: in a header (`"basic"`, default) or in the form (`"post"`). */
  readonly clientAuthentication?: "basic" | "post" | undefined;
  /** The issuer: what `iss` must be where the answer has it. It becomes `iss` of the claims where it has none. */
  readonly issuer: string;
  /** What `aud` may name. It may only be absent where `clientIds` is given. */
  readonly audience?: string | readonly string[] | undefined;
  /** What `client_id` may be, for servers whose answers name no audience. Default: any. */
  readonly clientIds?: readonly string[] | undefined;
  /** How far the issuer's clock may be off, for `exp` and `nbf`. Default 0, at most 60. */
  readonly clockToleranceSeconds?: number | undefined;
  /** After how long the endpoint counts as unavailable, in milliseconds. Default 5000, at most 30,000. */
  readonly timeoutMs?: number | undefined;
  /**
   * Keeps answers for a while, which delays a revocation by as much. It lives as long as the function, so it does nothing
   * where each request has a context of its own. Default: nothing is kept.
   */
  readonly cache?: CacheOptions | undefined;
  /** Default: the global `fetch`. */
  readonly fetch?: ((request: Request, init: RequestInit) => Promise<Response>) | undefined;
}

/** No answer about one token is longer. */
const MAX_ANSWER = 65_536;
/** What servers say of an access token: its type (RFC 7662 section 2.2), or what kind of token it is. */
const ACCESS_TOKEN = /^(?:bearer|access_token)$/i;
/** No header that servers accept is longer. */
const MAX_TOKEN = 16_384;

/**
 * Creates a function that asks the authorization server about access tokens (RFC 7662), which is how opaque ones are judged.
 *
 * It resolves to a value and never rejects. A token is accepted when the answer says `active: true`, its `exp`, `nbf`, `iss`
 * and `token_type` do not say otherwise, and it is for one of the audiences or clients. When the server cannot be asked, the
 * answer is no JSON object, or the server refuses us, nothing is known about the token: `temporarily_unavailable`, answer 503.
 * The token goes to the endpoint and nowhere else: no result, error or cache holds it.
 *
 * @throws TypeError that names the option, when one is missing or wrong
 *
 * @example
 * const verify = createIntrospectionVerifier({
 *   endpoint: "https://issuer.example.com/introspect",
 *   clientId: "notes-api",
 *   clientSecret: process.env.INTROSPECTION_SECRET,
 *   issuer: "https://issuer.example.com",
 *   audience: "https://api.example.com/notes",
 * });
 */
export function createIntrospectionVerifier(
  options: IntrospectionOptions,
): (token: string) => Promise<VerifyResult> {
  const settings = toSettings(options);
  const ask = (token: string) => introspect(settings, token);
  return options.cache === undefined ? ask : createVerdictCache(options.cache, ask);
}

type Settings = ReturnType<typeof toSettings>;
type Claims = Readonly<Record<string, unknown>>;

async function introspect(settings: Settings, token: string): Promise<VerifyResult> {
  if (token === "" || token.length > MAX_TOKEN) return invalidToken("malformed");
  try {
    return judge(await ask(settings, token), settings);
  } catch (cause) {
    return unverifiedToken(cause);
  }
}

async function ask({ endpoint, authenticate, timeoutMs, fetch }: Settings, token: string) {
  const form = new URLSearchParams({ token, token_type_hint: "access_token" });
  const headers = new Headers({
    "Content-Type": "application/x-www-form-urlencoded",
    Accept: "application/json",
  });
  authenticate(headers, form);
  const redirect = "manual" as const;
  const init = { method: "POST", headers, body: form.toString(), redirect };
  const text = await inTime(timeoutMs, async (signal) => {
    // The fetch of Convex does not look for `redirect` in a request.
    const response = await fetch(new Request(endpoint, { ...init, signal }), { redirect });
    if (response.status === 200) return boundedText(response);
    await response.body?.cancel();
    throw new Error(`The introspection endpoint answered ${response.status}, expected 200.`);
  });
  const answer: unknown = JSON.parse(text);
  if (typeof answer === "object" && answer !== null && !Array.isArray(answer)) {
    return answer as Claims;
  }
  throw new Error("The introspection endpoint answered something else than a JSON object.");
}

async function boundedText(response: Response): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const reader = response.body?.getReader();
  let text = "";
  let size = 0;
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true };
    if (done || value === undefined) return text + decoder.decode();
    size += value.byteLength;
    if (size > MAX_ANSWER) {
      await reader?.cancel();
      throw new Error(`The introspection endpoint answered more than ${MAX_ANSWER} bytes.`);
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** What an answer says (RFC 7662 section 2.2): everything but `active` may be absent, and must not contradict where it is there. */
function judge(answer: Claims, settings: Settings): VerifiedToken | InvalidToken {
  const { active, iss, sub, token_type: type } = answer;
  // Not `expired`: a token that was revoked, that is somebody else's or that never was looks the same.
  if (active !== true) return invalidToken("inactive");
  if (iss !== undefined && iss !== settings.issuer) return invalidToken("issuer");
  // A refresh token is active too, and no access token.
  if (type !== undefined && !(typeof type === "string" && ACCESS_TOKEN.test(type))) {
    return invalidToken("type");
  }
  const late = judgeTime(answer, settings.clockToleranceSeconds, Math.floor(Date.now() / 1000));
  if (late !== undefined) return invalidToken(late);
  if (typeof sub !== "string" || sub === "") return invalidToken("claims");
  if (!isForUs(answer, settings)) return invalidToken("audience");
  const claims = { ...answer, iss: settings.issuer };
  return { ok: true, claims, subject: sub, scopes: scopesOf(claims) };
}

function toSettings(options: IntrospectionOptions) {
  const { issuer, timeoutMs = 5000, clockToleranceSeconds = 0, fetch = globalThis.fetch } = options;
  requireText(issuer, "issuer");
  requireSecureUrl(options.endpoint, "endpoint");
  if (!(timeoutMs >= 1 && timeoutMs <= 30_000)) {
    throw new TypeError("timeoutMs: expected a number from 1 to 30000");
  }
  if (!(clockToleranceSeconds >= 0 && clockToleranceSeconds <= 60)) {
    throw new TypeError("clockToleranceSeconds: expected a number from 0 to 60");
  }
  return {
    ...toRecipients(options),
    endpoint: options.endpoint,
    issuer,
    timeoutMs,
    clockToleranceSeconds,
    authenticate: toAuthentication(options),
    // Called with no `this`, which browsers insist on.
    fetch: (request: Request, init: RequestInit) => fetch(request, init),
  };
}

function toAuthentication(options: IntrospectionOptions) {
  const { clientId, clientSecret, clientAuthentication = "basic" } = options;
  requireText(clientId, "clientId");
  requireText(clientSecret, "clientSecret");
  if (clientAuthentication === "basic") {
    const credentials = `Basic ${btoa(`${formEncode(clientId)}:${formEncode(clientSecret)}`)}`;
    return (headers: Headers) => headers.set("Authorization", credentials);
  }
  if (clientAuthentication === "post") {
    return (_headers: Headers, form: URLSearchParams) => {
      form.set("client_id", clientId);
      form.set("client_secret", clientSecret);
    };
  }
  throw new TypeError('clientAuthentication: expected "basic" or "post"');
}

/** As RFC 6749 section 2.3.1 has it before Base64, which also keeps a colon of the id apart. */
function formEncode(text: string): string {
  return new URLSearchParams({ text }).toString().slice("text=".length);
}

// The value stays out of the message: it may be a secret.
function requireText(value: unknown, option: string): void {
  if (typeof value === "string" && value !== "") return;
  throw new TypeError(`${option}: expected a non-empty string, got ${typeof value}`);
}
