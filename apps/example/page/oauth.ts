import {
  askForJson,
  isRecord,
  type JsonRecord,
  listOf,
  parseJson,
  textOf,
} from "./console/json.ts";

const SESSION_KEY = "invoices.session";
const PENDING_KEY = "invoices.pending";

/** Who the page is signed in as. Kept for this tab only. */
export interface Session {
  readonly token: string;
  readonly account: string;
  readonly name: string;
  readonly scopes: readonly string[];
}

interface Pending {
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly resource: string;
  readonly verifier: string;
  readonly state: string;
}

/** Reads the RFC 9728 document of the endpoint: who signs its users in. Throws a sentence when there is none. */
export async function discoverResource(endpoint: string): Promise<JsonRecord> {
  const { origin, pathname } = new URL(endpoint);
  return askForJson(`${origin}/.well-known/oauth-protected-resource${pathname}`);
}

/**
 * Leaves for the authorization server, as any public MCP client does: discovery (RFC 9728, RFC 8414), registration
 * (RFC 7591), and an authorization request with PKCE and `resource` (RFC 8707).
 */
export async function beginSignIn(endpoint: string, account: string): Promise<void> {
  const described = await discoverResource(endpoint);
  const issuer = listOf(described, "authorization_servers").find((it) => typeof it === "string");
  if (issuer === undefined) throw new Error(`${endpoint} names no authorization server.`);
  const server = await discoverServer(issuer);
  const clientId = await register(required(server, "registration_endpoint"));

  const pending: Pending = {
    issuer: required(server, "issuer"),
    tokenEndpoint: required(server, "token_endpoint"),
    clientId,
    resource: textOf(described, "resource") ?? endpoint,
    verifier: randomText(),
    state: randomText(),
  };
  sessionStorage.setItem(PENDING_KEY, JSON.stringify(pending));
  const apiScopes = listOf(described, "scopes_supported").join(" ");
  location.assign(
    withQuery(required(server, "authorization_endpoint"), {
      response_type: "code",
      client_id: clientId,
      redirect_uri: redirectUri(),
      scope: `openid profile ${apiScopes}`.trim(),
      state: pending.state,
      code_challenge: await challengeOf(pending.verifier),
      code_challenge_method: "S256",
      resource: pending.resource,
      login_hint: account,
    }),
  );
}

/**
 * Completes a sign-in when the authorization server has just sent the browser back here; `undefined` otherwise.
 * Throws a sentence when the sign-in failed.
 */
export async function completeSignIn(): Promise<Session | undefined> {
  const query = new URLSearchParams(location.search);
  if (!query.has("state") || !(query.has("code") || query.has("error"))) return undefined;
  history.replaceState(null, "", location.pathname);
  const pending = takePending();
  if (pending === undefined || query.get("state") !== pending.state) {
    throw new Error("This sign-in was not begun in this tab, so it was dropped. Sign in again.");
  }
  // RFC 9207: an answer of another server than the one that was asked is an attack.
  if (query.has("iss") && query.get("iss") !== pending.issuer) {
    throw new Error(
      "The sign-in came back from another server than it was sent to, so it was dropped.",
    );
  }
  const code = query.get("code");
  if (code === null) {
    const reason = query.get("error_description") ?? query.get("error");
    throw new Error(`The sign-in was refused: ${reason}.`);
  }
  const tokens = await askForJson(pending.tokenEndpoint, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code,
      client_id: pending.clientId,
      redirect_uri: redirectUri(),
      code_verifier: pending.verifier,
      resource: pending.resource,
    }),
  });
  return keepSession(tokens);
}

/** The session of this tab, if it is signed in. */
export function currentSession(): Session | undefined {
  const stored = parseJson(sessionStorage.getItem(SESSION_KEY) ?? "");
  const token = textOf(stored, "token");
  if (token === undefined) return undefined;
  const account = textOf(stored, "account") ?? "";
  const scopes = listOf(stored, "scopes").filter((scope) => typeof scope === "string");
  return { token, account, name: textOf(stored, "name") ?? account, scopes };
}

/** Forgets the session of this tab. */
export function forgetSession(): void {
  sessionStorage.removeItem(SESSION_KEY);
}

function keepSession(tokens: JsonRecord): Session {
  const token = required(tokens, "access_token");
  // A bridge gives no ID token; the access tokens of this example say who it is too.
  const claims = claimsOf(textOf(tokens, "id_token") ?? token);
  const account = textOf(claims, "sub") ?? "somebody";
  const scopes = (textOf(tokens, "scope") ?? "").split(" ").filter((scope) => scope.includes(":"));
  const session = { token, account, name: textOf(claims, "name") ?? account, scopes };
  sessionStorage.setItem(SESSION_KEY, JSON.stringify(session));
  return session;
}

async function discoverServer(issuer: string): Promise<JsonRecord> {
  const { origin, pathname } = new URL(issuer);
  const path = pathname === "/" ? "" : pathname;
  const server = await askForJson(`${origin}/.well-known/oauth-authorization-server${path}`);
  if (server["issuer"] !== issuer) {
    throw new Error(`${issuer} calls itself ${String(server["issuer"])}: they must be the same.`);
  }
  return server;
}

async function register(endpoint: string): Promise<string> {
  const client = await askForJson(endpoint, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      client_name: "Invoices page",
      client_uri: location.origin,
      redirect_uris: [redirectUri()],
      grant_types: ["authorization_code"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
    }),
  });
  return required(client, "client_id");
}

function takePending(): Pending | undefined {
  const stored = parseJson(sessionStorage.getItem(PENDING_KEY) ?? "");
  sessionStorage.removeItem(PENDING_KEY);
  if (!isRecord(stored)) return undefined;
  return {
    issuer: required(stored, "issuer"),
    tokenEndpoint: required(stored, "tokenEndpoint"),
    clientId: required(stored, "clientId"),
    resource: required(stored, "resource"),
    verifier: required(stored, "verifier"),
    state: required(stored, "state"),
  };
}

function redirectUri(): string {
  return `${location.origin}/`;
}

function required(value: JsonRecord, name: string): string {
  const text = textOf(value, name);
  if (text === undefined) throw new Error(`The authorization server sent no ${name}.`);
  return text;
}

function withQuery(url: string, params: Readonly<Record<string, string>>): string {
  const made = new URL(url);
  for (const [name, value] of Object.entries(params)) made.searchParams.set(name, value);
  return made.href;
}

function randomText(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
}

async function challengeOf(verifier: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return toBase64Url(new Uint8Array(digest));
}

function toBase64Url(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The claims of an ID token that came straight from the token endpoint, which is why its signature is not needed. */
function claimsOf(idToken = ""): unknown {
  const payload = idToken.split(".")[1]?.replaceAll("-", "+").replaceAll("_", "/");
  if (payload === undefined) return undefined;
  const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0));
  return parseJson(new TextDecoder().decode(bytes));
}
