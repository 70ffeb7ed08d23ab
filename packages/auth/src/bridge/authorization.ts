import { audienceMatches } from "../audience.ts";
import type { Parameters } from "./body.ts";
import type { Client, ClientAuth } from "./client.ts";
import { isChallenge } from "./pkce.ts";
import { judgeRedirect, redirectMatches, redirectWith, type RedirectKind } from "./redirect.ts";
import { accept, reject, type Judged, type OAuthError } from "./result.ts";
import type { Settings } from "./settings.ts";

/** An authorization request that was found right; what the client said when it was made. */
export interface AuthorizeRequest extends Target {
  readonly clientId: string;
  readonly clientName?: string;
  readonly auth: ClientAuth;
  readonly challenge: string;
  readonly scopes: readonly string[];
  readonly resource: string;
  readonly prompt: readonly string[];
}

/** Where the answer goes. */
export interface Target {
  readonly redirectUri: string;
  readonly redirectKind: RedirectKind;
  readonly state?: string;
}

const MAX_STATE_LENGTH = 4096;
const PROMPTS = ["none", "login", "consent", "select_account"];

/** Judges where the answer goes, before anything is sent there. */
export function judgeTarget(
  parameters: Parameters,
  client: Client,
  settings: Settings,
): Judged<Target> {
  const uri = parameters.get("redirect_uri");
  if (uri === undefined) return reject("invalid_request", "The app sent no redirect_uri.");
  const kind = judgeRedirect(uri, settings.redirects);
  if (!kind.ok) {
    const where = "The app asked for an answer at an address where none may go.";
    return reject("invalid_request", `${where} ${kind.description}`);
  }
  if (!redirectMatches(uri, client.redirectUris)) {
    return reject(
      "invalid_request",
      "The app asked for an answer at an address that it has not registered.",
    );
  }
  const state = parameters.get("state");
  // RFC 6749 appendix A.5 has printable ASCII alone; what else is printable comes back as it was.
  if (state !== undefined && (state.length > MAX_STATE_LENGTH || /\p{Cc}/u.test(state))) {
    return reject(
      "invalid_request",
      `Expected a state of at most ${MAX_STATE_LENGTH} characters, none of them a control character.`,
    );
  }
  return accept({
    redirectUri: uri,
    redirectKind: kind.value,
    ...(state === undefined ? {} : { state }),
  });
}

/** Judges the rest of the request (RFC 6749 section 4.1.1, RFC 7636, RFC 8707, OpenID Connect `prompt`). */
export function judgeAuthorization(
  parameters: Parameters,
  resources: readonly string[],
  { client, target, settings }: { client: Client; target: Target; settings: Settings },
): Judged<AuthorizeRequest> {
  const refusal = judgeProtocol(parameters);
  if (refusal !== undefined) return refusal;
  const scopes = judgeScopes(parameters.get("scope"), settings);
  if (!scopes.ok) return scopes;
  const resource = judgeResource(resources, settings.resources);
  if (!resource.ok) return resource;
  const prompt = (parameters.get("prompt") ?? "").split(" ").filter((value) => value !== "");
  if (!prompt.every((value) => PROMPTS.includes(value))) {
    return reject("invalid_request", `prompt: expected ${PROMPTS.join(", ")}.`);
  }
  if (prompt.includes("none") && prompt.length > 1) {
    return reject("invalid_request", "prompt: expected nothing beside none.");
  }
  return accept({
    ...target,
    clientId: client.id,
    ...(client.name === undefined ? {} : { clientName: client.name }),
    auth: client.auth,
    challenge: parameters.get("code_challenge") ?? "",
    scopes: scopes.value,
    resource: resource.value,
    prompt,
  });
}

/** The one resource that is asked for, spelled as asked; the first of ours when none is. */
export function judgeResource(
  asked: readonly string[],
  resources: readonly [string, ...string[]],
): Judged<string> {
  const [resource = resources[0], ...others] = new Set(asked);
  if (others.length === 0 && audienceMatches([resource], resources) && !resource.includes("#")) {
    return accept(resource);
  }
  return reject("invalid_target", `resource: expected one of ${resources.join(", ")}.`);
}

/** The answer of RFC 6749 section 4.1.2.1, with `iss` (RFC 9207). */
export function errorRedirect(target: Target, error: OAuthError, issuer: string): string {
  return redirectWith(target.redirectUri, {
    error: error.error,
    error_description: error.description,
    state: target.state,
    iss: issuer,
  });
}

function judgeProtocol(parameters: Parameters): Judged<never> | undefined {
  if (parameters.has("request")) {
    return reject("request_not_supported", "Expected the parameters themselves, and no request.");
  }
  if (parameters.has("request_uri")) {
    return reject("request_uri_not_supported", "Expected the parameters themselves.");
  }
  if (parameters.get("response_type") !== "code") {
    return reject("unsupported_response_type", "response_type: expected code.");
  }
  if ((parameters.get("response_mode") ?? "query") !== "query") {
    return reject("invalid_request", "response_mode: expected query.");
  }
  if (parameters.get("code_challenge_method") !== "S256") {
    return reject("invalid_request", "code_challenge_method: expected S256.");
  }
  if (!isChallenge(parameters.get("code_challenge") ?? "")) {
    return reject("invalid_request", "code_challenge: expected base64url of 32 bytes.");
  }
  return undefined;
}

function judgeScopes(scope: string | undefined, settings: Settings): Judged<readonly string[]> {
  const { scopes, extraScopes } = settings.upstream;
  if (scope === undefined) return accept(scopes);
  // What there is not is left out (RFC 6749 section 3.3): clients ask for offline_access, email and the like everywhere.
  const known = [...scopes, ...extraScopes];
  const asked = [...new Set(scope.split(" "))].filter((name) => known.includes(name));
  if (asked.length > 0) return accept(asked);
  return reject("invalid_scope", `scope: expected some of ${scopes.join(" ")}.`);
}
