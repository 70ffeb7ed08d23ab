import { parseBearer } from "./bearer.ts";
import { challenge, type BearerError, type ChallengeParams } from "./challenge.ts";
import { protectedResourceMetadataUrl, requireScopes } from "./metadata.ts";
import { missingScopes, type ScopeHierarchy } from "./scopes.ts";

/** What a verify function says about a token; `createJwtVerifier` of `./jwt` gives this shape. */
export type Verdict =
  | { readonly ok: true; readonly scopes?: readonly string[] }
  | {
      readonly ok: false;
      /** `temporarily_unavailable`: the token could not be judged, which is no fault of the caller. */
      readonly error: "invalid_token" | "temporarily_unavailable";
      /** A sentence that may be sent to the caller. */
      readonly description?: string;
    };

/** Why the guard refused a request; for logs, it does not hold the token. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 503;
  readonly description: string;
  /** What `verify` answered, with its reason, or the error that it threw. */
  readonly cause?: unknown;
}

/** Options of {@link createGuard}. */
export interface GuardOptions<V extends Verdict> {
  /** Judges a token of valid syntax. It must check the audience. A rejection is answered with 503. */
  readonly verify: (token: string, request: Request) => V | Promise<V>;
  /** The URL of this resource; its metadata URL stands in each challenge. */
  readonly resource: string;
  /** Scopes that a request needs, all of them. Default: none. */
  readonly scopes?: readonly string[] | undefined;
  /** Scopes that stand for others. Default: none. */
  readonly implies?: ScopeHierarchy | undefined;
  /** Told of each refusal. What it throws is ignored: a report never alters a response. */
  readonly onRefusal?: ((refusal: Refusal) => void) | undefined;
}

/** What the guard decided: the verdict of `verify` on an accepted token, or the answer to send. */
export type GuardResult<V extends Verdict> =
  | { readonly ok: true; readonly principal: Accepted<V> }
  | { readonly ok: false; readonly response: Response };

const UNAVAILABLE = "The access token could not be checked right now; try again.";

type Accepted<V> = Extract<V, { ok: true }>;

type Judgement<P> =
  | { readonly ok: true; readonly principal: P }
  | { readonly ok: false; readonly refusal: Refusal; readonly error?: BearerError };

/**
 * Guards any fetch handler with bearer tokens (RFC 6750).
 *
 * Answers 401 for no token (without an error code), for another scheme and for a token that `verify`
 * refuses; 400 for a garbled `Authorization` header; 403 `insufficient_scope`, with all the scopes
 * that are needed, for a token with too few; 503 where the token could not be judged. `verify` is not
 * called before the syntax is right. It guards every method: answer CORS preflights before it.
 *
 * @throws TypeError that names the option, when one is wrong
 *
 * @example
 * const guard = createGuard({ verify, resource: "https://api.example.com/notes" });
 * const result = await guard(request);
 * if (!result.ok) return result.response;
 */
export function createGuard<V extends Verdict>(
  options: GuardOptions<V>,
): (request: Request) => Promise<GuardResult<V>> {
  if (typeof options.verify !== "function") throw new TypeError("verify: expected a function");
  const resourceMetadata = protectedResourceMetadataUrl(options.resource);
  const scope = requireScopes(options.scopes ?? [], "scopes");
  return async (request) => {
    const judgement = await judge(request, options);
    if (judgement.ok) return judgement;
    report(judgement.refusal, options.onRefusal);
    return { ok: false, response: toResponse(judgement, { resourceMetadata, scope }) };
  };
}

async function judge<V extends Verdict>(
  request: Request,
  options: GuardOptions<V>,
): Promise<Judgement<Accepted<V>>> {
  const bearer = parseBearer(request.headers.get("authorization"));
  if (bearer.kind === "none") return refuse(401, "This resource needs an access token.");
  if (bearer.kind === "invalid") {
    const status = bearer.error === "invalid_request" ? 400 : 401;
    return refuse(status, bearer.description, bearer.error);
  }
  try {
    return judgeVerdict(await options.verify(bearer.token, request), options);
  } catch (cause) {
    return refuse(503, UNAVAILABLE, undefined, cause);
  }
}

function judgeVerdict<V extends Verdict>(
  verdict: V,
  { scopes = [], implies }: GuardOptions<V>,
): Judgement<Accepted<V>> {
  if (!isAccepted(verdict)) return refuseVerdict(verdict);
  if (missingScopes(verdict.scopes ?? [], scopes, { implies }).length > 0) {
    return refuse(
      403,
      `This needs the scopes: ${scopes.join(" ")}.`,
      "insufficient_scope",
      verdict,
    );
  }
  return { ok: true, principal: verdict };
}

function refuseVerdict(verdict: Verdict): Judgement<never> {
  const { error, description } = verdict.ok ? {} : verdict;
  // Only a clear "invalid" blames the caller; an error code that we do not know must not.
  if (error !== "invalid_token") return refuse(503, description ?? UNAVAILABLE, undefined, verdict);
  return refuse(401, description ?? "The access token is not valid.", error, verdict);
}

function isAccepted<V extends Verdict>(verdict: V): verdict is Accepted<V> {
  return verdict.ok;
}

function refuse(
  status: Refusal["status"],
  description: string,
  error?: BearerError,
  cause?: unknown,
): Judgement<never> {
  return {
    ok: false,
    refusal: { status, description, ...(cause === undefined ? {} : { cause }) },
    ...(error === undefined ? {} : { error }),
  };
}

function report(refusal: Refusal, onRefusal: ((refusal: Refusal) => void) | undefined): void {
  try {
    onRefusal?.(refusal);
  } catch {
    // A report never alters a response, and there is nobody else to tell.
  }
}

function toResponse(
  { refusal, error }: Extract<Judgement<never>, { ok: false }>,
  params: ChallengeParams,
): Response {
  const { status, description } = refusal;
  const headers = new Headers({ "content-type": "application/json", "cache-control": "no-store" });
  if (status === 503) headers.set("retry-after", "5");
  else headers.set("www-authenticate", challenge({ ...params, ...describe(error, description) }));
  const body = JSON.stringify({ error, error_description: description });
  return new Response(body, { status, headers });
}

// RFC 6750 section 3.1: no error information where the request carried no token.
function describe(error: BearerError | undefined, errorDescription: string): ChallengeParams {
  return error === undefined ? {} : { error, errorDescription };
}
