import { isDocumentId } from "./clientdocument.ts";
import type { AuthorizeRequest } from "./authorization.ts";
import type { OAuthError } from "./result.ts";
import type { Settings } from "./settings.ts";
import { upstreamScopes } from "./upstream.ts";

const STYLE = `:root{color-scheme:light dark;--page:#fff;--ink:#16181d;--line:#767c88;--accent:#1d4fc4;--on-accent:#fff}
@media (prefers-color-scheme:dark){:root{--page:#121317;--ink:#eceef2;--line:#8a91a0;--accent:#9db7ff;--on-accent:#101216}}
body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:0 auto;padding:min(8vh,4rem) 1rem 2rem;background:var(--page);color:var(--ink)}
h1{font-size:1.4rem;line-height:1.3}h1,dd,p{overflow-wrap:anywhere}dt{font-weight:600;margin-top:.75rem}dd{margin:0}ul{margin:0;padding-left:1.25rem}
code{font-size:.9em}.warn{border-left:.25rem solid #c60;padding-left:.75rem}form{display:flex;flex-wrap:wrap;gap:.75rem;margin-top:1.5rem}a{color:var(--accent)}
button{font:inherit;color:inherit;background:none;border:1px solid var(--line);border-radius:.5rem;padding:.625rem 1.5rem;cursor:pointer}
.go{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}:focus-visible{outline:3px solid var(--accent);outline-offset:2px}`;

/** Asks a person whether a client may sign them in. There is no script, and nothing is loaded. */
export function consentPage(
  request: AuthorizeRequest,
  sealed: string,
  settings: Settings,
): Promise<Response> {
  const { clientId, clientName = "An app without a name", redirectUri, redirectKind } = request;
  const verified = isDocumentId(clientId)
    ? `The app's description comes from <strong>${escape(new URL(clientId).host)}</strong>.`
    : "The app registered itself, under a name of its own choice.";
  const warning =
    redirectKind === "https"
      ? ""
      : `<p class="warn">The answer goes to a program on this computer. Continue only if you have just started to connect it yourself.</p>`;
  const scopes = upstreamScopes(request.scopes, settings.upstream)
    .map((scope) => `<li><code>${escape(scope)}</code></li>`)
    .join("");
  return page(
    `Connect ${clientName}?`,
    `<h1><bdi>${escape(clientName)}</bdi> wants to connect</h1>
<p class="warn">This name is <strong>not verified</strong>. ${verified}</p>${warning}
<dl><dt>The app asks for access to</dt><dd><code>${escape(request.resource)}</code></dd>
<dt>With these permissions</dt><dd>${scopes === "" ? "the standard ones" : `<ul>${scopes}</ul>`}</dd>
<dt>The answer is sent to</dt><dd><strong>${escape(destination(redirectUri))}</strong><br><code>${escape(redirectUri)}</code></dd>
<dt>You sign in at</dt><dd><strong>${escape(new URL(settings.upstream.issuer).host)}</strong></dd></dl>
<form method="post" action="${escape(`${settings.issuer}/consent`)}"><input type="hidden" name="request" value="${escape(sealed)}">
<button class="go" name="decision" value="allow">Continue</button><button name="decision" value="deny">Cancel</button></form>`,
  );
}

/** Tells a person why a sign-in cannot go on. `back` is a redirect that the person may follow. */
export async function errorPage(
  { error, description, retryAfter }: OAuthError,
  { status = 400, back }: { readonly status?: number; readonly back?: string } = {},
): Promise<Response> {
  const link =
    back === undefined
      ? ""
      : `<p><a rel="noreferrer" href="${escape(back)}">Return to ${escape(destination(back))}</a>, if you came from there.</p>`;
  const response = await page(
    "Sign-in failed",
    `<h1>This sign-in cannot go on</h1><p>${escape(description)}</p><p>Error code: <code>${escape(error)}</code></p>${link}`,
    retryAfter === undefined ? status : 429,
  );
  if (retryAfter !== undefined) response.headers.set("retry-after", `${retryAfter}`);
  return response;
}

async function page(title: string, body: string, status = 200): Promise<Response> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(STYLE));
  const style = btoa(String.fromCharCode(...new Uint8Array(digest)));
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escape(title)}</title><style>${STYLE}</style></head><body><main>${body}</main></body></html>`;
  return new Response(html, {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      // No form-action: browsers hold it against every redirect that follows the form, the client's included.
      "content-security-policy": `default-src 'none'; style-src 'sha256-${style}'; frame-ancestors 'none'; base-uri 'none'`,
      "x-frame-options": "DENY",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    },
  });
}

function destination(uri: string): string {
  const url = new URL(uri);
  return /^https?:$/.test(url.protocol) ? url.host : `the app of ${url.protocol}`;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
]);

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES.get(character) ?? "");
}
