import type {
  OAuthClientProvider,
  OAuthDiscoveryState,
} from "@modelcontextprotocol/sdk/client/auth.js";
import type {
  OAuthClientInformationMixed,
  OAuthTokens,
} from "@modelcontextprotocol/sdk/shared/auth.js";
import { CALLBACK } from "./provider.ts";

/** What an SDK client asks of the app it is part of; it serves both SDKs. */
export interface SignIn {
  readonly provider: OAuthClientProvider;
  /** The parameters of the callback, once the SDK has asked for a sign-in. */
  callback(): URLSearchParams;
  /** How often it has asked. */
  opened(): number;
  tokens(): OAuthTokens | undefined;
  /** Changes what the SDK finds; `undefined` has it sign in anew. */
  setTokens(tokens: OAuthTokens | undefined): void;
}

/** A browser that follows the sign-in to its end. @param known - where the client is known beforehand. */
export function createSignIn(known: OAuthClientInformationMixed | undefined): SignIn {
  let client = known;
  let tokens: OAuthTokens | undefined;
  let discovered: OAuthDiscoveryState | undefined;
  let verifier = "";
  let callback = new URLSearchParams();
  let opened = 0;
  const registers = known === undefined;
  return {
    callback: () => callback,
    opened: () => opened,
    tokens: () => tokens,
    setTokens: (next) => void (tokens = next),
    provider: {
      redirectUrl: CALLBACK,
      clientMetadata: {
        client_name: "An MCP client",
        redirect_uris: [CALLBACK],
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        token_endpoint_auth_method: "none",
        ...({ application_type: "native" } as object),
      },
      clientInformation: () => client,
      ...(registers ? { saveClientInformation: (saved) => void (client = saved) } : {}),
      discoveryState: () => discovered,
      saveDiscoveryState: (saved) => void (discovered = saved),
      tokens: () => tokens,
      saveTokens: (saved) => {
        tokens = saved;
        // It is for the way to the browser and back; afterwards the server may name another issuer.
        discovered = undefined;
      },
      invalidateCredentials: (what) => {
        tokens = undefined;
        if (registers && what !== "tokens") client = undefined;
      },
      saveCodeVerifier: (saved) => void (verifier = saved),
      codeVerifier: () => verifier,
      redirectToAuthorization: async (url) => {
        opened += 1;
        callback = await follow(url);
      },
    },
  };
}

async function follow(start: URL): Promise<URLSearchParams> {
  const cookies = new Map<string, string>();
  let at = start;
  for (let hops = 0; hops < 10; hops++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(at, { redirect: "manual", headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get("location") ?? (await consent(response, cookie));
    at = new URL(location, at);
    if (at.href.startsWith(CALLBACK)) return at.searchParams;
  }
  throw new Error(`redirected in circles, at last to ${at.href}`);
}

/** Presses the button of a bridge's page. */
async function consent(page: Response, cookies: string): Promise<string> {
  const html = await page.text();
  const [, action] = /<form method="post" action="([^"]+)"/.exec(html) ?? [];
  const [, request] = /name="request" value="([^"]+)"/.exec(html) ?? [];
  if (action === undefined || request === undefined) {
    throw new Error(`stuck at ${page.url}: ${html}`);
  }
  const own = page.headers.getSetCookie().map((line) => line.split(";", 1)[0]);
  const response = await fetch(action, {
    method: "POST",
    headers: { cookie: [cookies, ...own].join("; ") },
    body: new URLSearchParams({ request, decision: "allow" }),
    redirect: "manual",
  });
  return response.headers.get("location") ?? "";
}

/** An access token of a client that is known beforehand, for a resource of the test's choice. */
export async function tokenFor(
  issuer: string,
  clientId: string,
  scope: string,
  resource: string,
): Promise<string> {
  const code_verifier = "v".repeat(43);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code_verifier));
  const start = new URL(`${issuer}/auth`);
  start.search = new URLSearchParams({
    client_id: clientId,
    response_type: "code",
    redirect_uri: CALLBACK,
    scope,
    resource,
    code_challenge: Buffer.from(digest).toString("base64url"),
    code_challenge_method: "S256",
  }).toString();
  const code = (await follow(start)).get("code") ?? "";
  const response = await fetch(`${issuer}/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: clientId,
      redirect_uri: CALLBACK,
      code,
      code_verifier,
      resource,
    }),
  });
  const { access_token } = (await response.json()) as { access_token?: string };
  if (access_token === undefined) throw new Error(`no token: ${response.status}`);
  return access_token;
}
