import { escapeHtml, htmlPage } from "./html.ts";
import type { ProviderUser } from "./rights.ts";

/** What the sign-in page tells and offers. */
export interface LoginPage {
  /** The client's own name; nobody verified it. */
  readonly client: string;
  /** Where the browser goes afterwards, which says more about the client than its name. */
  readonly redirectUri: string;
  /** The API scopes asked for, each with what it means. */
  readonly scopes: readonly (readonly [scope: string, meaning: string])[];
  readonly users: ReadonlyMap<string, ProviderUser>;
}

/** The page on which a person picks who they are. Its buttons post `user` or `cancel` to the page's own address. */
export function loginPage({ client, redirectUri, scopes, users }: LoginPage): string {
  const asked =
    scopes.length === 0
      ? ""
      : `<h2>It asks to</h2>\n<ul class="scopes">${scopes.map(scopeItem).join("")}</ul>`;
  return htmlPage(
    `Sign in to connect ${client}`,
    `<h1>${escapeHtml(client)} wants to connect</h1>
<p>You return to <code>${escapeHtml(destination(redirectUri))}</code> afterwards.</p>
${asked}
<form method="post">
<h2 id="who">Continue as</h2>
<ul aria-labelledby="who">${[...users].map(userItem).join("")}</ul>
<button class="cancel" name="cancel" value="yes">Cancel</button>
</form>
<footer>Development sign-in: there are no passwords, and it runs on this computer only. What a person may not do is left out of the access they give.</footer>`,
  );
}

/** The page of a request that cannot go on. */
export function errorPage(title: string, detail: string, code?: string): string {
  const reason = code === undefined ? "" : `<p>Error code: <code>${escapeHtml(code)}</code></p>`;
  return htmlPage(
    title,
    `<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(detail)}</p>
${reason}
<footer>Nothing was signed in. Go back to your app and connect again.</footer>`,
  );
}

function scopeItem([scope, meaning]: readonly [string, string]): string {
  return `<li><span>${escapeHtml(meaning)}</span><code>${escapeHtml(scope)}</code></li>`;
}

function userItem([account, user]: [string, ProviderUser]): string {
  const rights = user.scopes.length === 0 ? "no scopes" : user.scopes.join(", ");
  return `<li><button class="user" name="user" value="${escapeHtml(account)}">
<span aria-hidden="true">${escapeHtml(user.name.slice(0, 1))}</span>
<span><strong>${escapeHtml(user.name)}</strong><small>${escapeHtml(user.email)}</small><small>may grant ${escapeHtml(rights)}</small></span>
</button></li>`;
}

/** The host of a web address, or the scheme of an app's own (`cursor://…`). */
function destination(redirectUri: string): string {
  const url = URL.parse(redirectUri);
  if (url === null) return redirectUri;
  return url.protocol === "http:" || url.protocol === "https:" ? url.host : `${url.protocol}//`;
}
