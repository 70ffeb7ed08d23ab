import type {
  OAuthClientInformationMixed,
  OAuthTokens,
} from "@modelcontextprotocol/sdk/shared/auth.js";
import type { OAuthClientProvider } from "@modelcontextprotocol/sdk/client/auth.js";

/** What the official clients ask of the app that they are part of. Its user has a browser, and presses Continue. */
export function createAgent(redirect: string, clientMetadataUrl?: string) {
  const state: {
    client?: OAuthClientInformationMixed;
    tokens?: OAuthTokens;
    verifier: string;
    back?: URL;
  } = { verifier: "" };
  const provider: OAuthClientProvider = {
    redirectUrl: redirect,
    ...(clientMetadataUrl === undefined ? {} : { clientMetadataUrl }),
    clientMetadata: {
      client_name: "Official agent",
      redirect_uris: [redirect],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
    },
    state: () => "of the agent",
    clientInformation: () => state.client,
    saveClientInformation: (client) => void (state.client = client),
    tokens: () => state.tokens,
    saveTokens: (tokens) => void (state.tokens = tokens),
    saveCodeVerifier: (verifier) => void (state.verifier = verifier),
    codeVerifier: () => state.verifier,
    redirectToAuthorization: async (url) => void (state.back = await browse(url, redirect)),
  };
  return { provider, state };
}

/** A browser with a cookie jar for each host: follows redirects, and presses the button of the consent page. */
async function browse(start: URL, end: string): Promise<URL> {
  const jars = new Map<string, Map<string, string>>();
  let at = start;
  let form: URLSearchParams | undefined;
  for (let steps = 0; steps < 20; steps++) {
    if (at.href.startsWith(end)) return at;
    const jar = jars.get(at.host) ?? new Map<string, string>();
    jars.set(at.host, jar);
    const response = await fetch(at, {
      redirect: "manual",
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") },
      ...(form === undefined ? {} : { method: "POST", body: form }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(name, value);
    }
    form = undefined;
    const location = response.headers.get("location");
    if (location !== null) {
      at = new URL(location, at);
      continue;
    }
    const page = await response.text();
    const [, action] = /<form method="post" action="([^"]+)"/.exec(page) ?? [];
    const [, request] = /name="request" value="([^"]+)"/.exec(page) ?? [];
    if (action === undefined || request === undefined)
      throw new Error(`stuck at ${at.href}: ${page}`);
    at = new URL(action);
    form = new URLSearchParams({ request, decision: "allow" });
  }
  throw new Error("The sign-in goes round in circles.");
}
