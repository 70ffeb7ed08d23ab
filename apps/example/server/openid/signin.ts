import type { IncomingMessage } from "node:http";
import type { Provider } from "oidc-provider";
import { SESSION_SECONDS } from "./configuration.ts";
import { PAGE_HEADERS } from "./html.ts";
import { errorPage, loginPage } from "./loginPage.ts";
import { accountFromHint, parseScopes, type ProviderUser } from "./rights.ts";

/** What the steps before oidc-provider's own have to know. */
export interface SignInOptions {
  readonly users: ReadonlyMap<string, ProviderUser>;
  readonly scopes: ReadonlyMap<string, string>;
}

type Context = Parameters<Parameters<Provider["use"]>[0]>[0];
type Interaction = Awaited<ReturnType<Provider["interactionDetails"]>>;

/** Adds the sign-in page and what clients may leave out to oidc-provider. */
export function installSignIn(provider: Provider, options: SignInOptions): void {
  provider.use(async (ctx, next) => {
    if (ctx.path === "/reg") return registerFromBrowser(ctx, next);
    if (ctx.path.startsWith("/login/")) return showLogin(provider, ctx, options);
    if (ctx.path === "/auth") {
      assumeScopes(ctx, options.scopes);
      await followLoginHint(provider, ctx, options.users);
    }
    return next();
  });
}

/** oidc-provider has no CORS on its registration endpoint, which clients that are web pages need. */
async function registerFromBrowser(ctx: Context, next: () => Promise<unknown>): Promise<void> {
  ctx.set("access-control-allow-origin", "*");
  if (ctx.method !== "OPTIONS") {
    await next();
    return;
  }
  ctx.set("access-control-allow-methods", "POST");
  ctx.set("access-control-allow-headers", "content-type, mcp-protocol-version, accept");
  ctx.status = 204;
}

/** `scope` is optional (RFC 6749, 3.3): a client that names no API scope is asking for the default, all of them. */
function assumeScopes(ctx: Context, scopes: ReadonlyMap<string, string>): void {
  const asked = parseScopes(ctx.query["scope"]);
  asked.delete("offline_access");
  if (asked.size > 0) return;
  const assumed = [...parseScopes(ctx.query["scope"]), ...scopes.keys()];
  ctx.query = { ...ctx.query, scope: assumed.join(" ") };
}

/**
 * Signs in the account that `login_hint` names, before oidc-provider looks. The browser gets a session of its own for
 * it rather than a changed one, so sign-ins of several users in one browser cannot get in each other's way.
 */
async function followLoginHint(
  provider: Provider,
  ctx: Context,
  users: ReadonlyMap<string, ProviderUser>,
): Promise<void> {
  const account = accountFromHint(users, ctx.query["login_hint"]);
  const prompts = parseScopes(ctx.query["prompt"]);
  if (account === undefined || prompts.has("none")) return;

  const asksAgain =
    ["login", "select_account"].filter((prompt) => prompts.delete(prompt)).length > 0;
  const current = await provider.Session.get(ctx);
  if (current.accountId === account && !asksAgain) return;

  const session = new provider.Session();
  session.loginAccount({ accountId: account });
  await session.save(SESSION_SECONDS);
  ctx.req.headers.cookie = withCookie(
    ctx.req.headers.cookie,
    provider.cookieName("session"),
    session.jti,
  );
  const { prompt: _answered, ...query } = ctx.query;
  ctx.query = prompts.size === 0 ? query : { ...query, prompt: [...prompts].join(" ") };
}

function withCookie(header: string | undefined, name: string, value: string): string {
  const others = (header ?? "")
    .split(/; */)
    .filter((cookie) => cookie !== "" && !cookie.startsWith(`${name}=`));
  return [...others, `${name}=${value}`].join("; ");
}

async function showLogin(provider: Provider, ctx: Context, options: SignInOptions): Promise<void> {
  ctx.set(PAGE_HEADERS);
  const interaction = await provider.interactionDetails(ctx.req, ctx.res).catch(() => undefined);
  if (interaction === undefined) {
    ctx.status = 400;
    ctx.body = errorPage(
      "This sign-in has expired",
      "The page was open too long, was used already, or your browser sent no cookie for it.",
    );
    return;
  }
  if (ctx.method === "POST") return finishLogin(provider, ctx, interaction, options.users);

  const asked = authorizationQuery(interaction.params);
  const clientId = asked.get("client_id") ?? "";
  const client = await provider.Client.find(clientId);
  const scopes = parseScopes(asked.get("scope"));
  ctx.body = loginPage({
    client: client?.clientName ?? clientId,
    redirectUri: asked.get("redirect_uri") ?? "",
    scopes: [...options.scopes].filter(([scope]) => scopes.has(scope)),
    users: options.users,
  });
}

/** A click is the same authorization request once more, with the person picked as its `login_hint`. */
async function finishLogin(
  provider: Provider,
  ctx: Context,
  interaction: Interaction,
  users: ReadonlyMap<string, ProviderUser>,
): Promise<void> {
  const form = await readForm(ctx.req);
  const account = accountFromHint(users, form.get("user"));
  ctx.status = 303;
  if (account === undefined) {
    const cancelled = { error: "access_denied", error_description: "the sign-in was cancelled" };
    ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, cancelled));
    return;
  }
  await interaction.destroy();
  const query = authorizationQuery(interaction.params);
  query.set("login_hint", account);
  ctx.redirect(`/auth?${query.toString()}`);
}

function authorizationQuery(params: Readonly<Record<string, unknown>>): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries(params)) {
    for (const value of [values].flat()) if (typeof value === "string") query.append(name, value);
  }
  return query;
}

const FORM_LIMIT = 4096;

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += String(chunk);
    if (text.length > FORM_LIMIT) return new URLSearchParams();
  }
  return new URLSearchParams(text);
}
