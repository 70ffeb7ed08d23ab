import type {
  OAuthClientProvider,
  OAuthDiscoveryState,
} from "@modelcontextprotocol/sdk/client/auth.js";
import type {
  OAuthClientInformationMixed,
  OAuthTokens,
} from "@modelcontextprotocol/sdk/shared/auth.js";

const CALLBACK = "http://127.0.0.1:6274/callback";

/** What an SDK client asks of the app it is part of, for a user who signs in by `login_hint`. It serves both SDKs. */
export interface SignIn {
  readonly provider: OAuthClientProvider;
  /** The parameters of the callback, once the SDK has asked for a sign-in. */
  callback(): URLSearchParams;
  /** How often it has asked. */
  count(): number;
  tokens(): OAuthTokens | undefined;
  setTokens(tokens: OAuthTokens): void;
}

export function signInAs(user: string): SignIn {
  let client: OAuthClientInformationMixed | undefined;
  let tokens: OAuthTokens | undefined;
  let verifier = "";
  let callback: URLSearchParams | undefined;
  let count = 0;
  let discovered: OAuthDiscoveryState | undefined;
  const provider: OAuthClientProvider = {
    discoveryState: () => discovered,
    saveDiscoveryState: (saved) => void (discovered = saved),
    redirectUrl: CALLBACK,
    clientMetadata: {
      client_name: "End-to-end agent",
      redirect_uris: [CALLBACK],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
    },
    clientInformation: () => client,
    saveClientInformation: (saved) => void (client = saved),
    tokens: () => tokens,
    saveTokens: (saved) => void (tokens = saved),
    invalidateCredentials: () => void (tokens = undefined),
    saveCodeVerifier: (saved) => void (verifier = saved),
    codeVerifier: () => verifier,
    redirectToAuthorization: async (url) => {
      count += 1;
      url.searchParams.set("login_hint", user);
      callback = await follow(url, user);
    },
  };
  return {
    provider,
    callback: () => {
      if (callback === undefined) throw new Error("The client did not ask to sign in.");
      return callback;
    },
    count: () => count,
    tokens: () => tokens,
    setTokens: (next) => void (tokens = next),
  };
}

/** A browser with its cookies, up to the callback: it agrees where it is asked, and picks the user where there is a choice. */
export async function follow(start: URL, user: string): Promise<URLSearchParams> {
  const cookies = new Map<string, string>();
  let at = start;
  let form: URLSearchParams | undefined;
  for (let hops = 0; hops < 20; hops++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const sent = form === undefined ? {} : { method: "POST", body: form };
    const response = await fetch(at, { redirect: "manual", headers: { cookie }, ...sent });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    form = undefined;
    const location = response.headers.get("location");
    if (location !== null) {
      at = new URL(location, at);
      if (at.href.startsWith(CALLBACK)) return at.searchParams;
      continue;
    }
    const page = await response.text();
    if (!page.includes("<form")) throw new Error(`stuck at ${at.href}: ${page}`);
    const [, action] = /<form[^>]* action="([^"]+)"/.exec(page) ?? [];
    const [, request] = /name="request" value="([^"]+)"/.exec(page) ?? [];
    at = new URL(action ?? at, at);
    form = new URLSearchParams(request === undefined ? { user } : { request, decision: "allow" });
  }
  throw new Error(`redirected in circles, at last to ${at.href}`);
}
