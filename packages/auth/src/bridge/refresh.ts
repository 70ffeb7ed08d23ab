import type { Parameters } from "./body.ts";
import type { PresentedClient } from "./clientauth.ts";
import { endReplayed, openGrant, sealGrant, tokenResponse, type Grant } from "./grant.ts";
import { judgeHolder } from "./holder.ts";
import { randomToken, sha256 } from "./pkce.ts";
import { accept, reject, type Judged } from "./result.ts";
import type { Settings, Upstream } from "./settings.ts";
import type { Settlement } from "./store.ts";
import { askUpstream, revokeUpstream, upstreamScopes } from "./upstream.ts";

/** Three times as long as a question to the provider may take. */
const LEASE_MS = 30_000;
/** How often, and how long, a second request with one token waits for what the first is given. */
const LOOKS = 4;
const LOOK_MS = 500;

/** A grant that this request alone may change, until it settles. */
export interface Leased {
  readonly id: string;
  /** By which it was found. */
  readonly token: string;
  readonly grant: Grant;
  readonly settle: (settlement: Settlement) => Promise<boolean>;
}

/** A grant whose refresh token comes a second time, and not too late. */
export interface Repeated {
  readonly grant: Grant;
  readonly settle?: undefined;
}

/** Leases the grant of a refresh token. A token that is not the current one ends the grant, but for a while the one before it. */
export async function lease(
  refreshToken: string,
  settings: Settings,
): Promise<Judged<Leased | Repeated>> {
  const { sealer, store } = settings;
  const id = await sealer.open("refresh", refreshToken);
  if (typeof id !== "string") return unknownToken();
  const held = { id: randomToken(), until: settings.now() + LEASE_MS };
  const current = await sha256(refreshToken);
  let claim = await store.claim(id, current, held, settings.now());
  // Without grace the token is a used one by then, and would end the sign-in.
  for (let look = 0; claim.kind === "busy" && look < LOOKS && settings.graceMs > 0; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    claim = await store.claim(id, current, held, settings.now());
  }
  if (claim.kind === "unknown") return unknownToken();
  if (claim.kind === "busy") {
    return reject("temporarily_unavailable", "The same refresh token is in use; try again.");
  }
  if (claim.kind === "reused") {
    await endReplayed(claim.grant, "refresh token", settings);
    return unknownToken();
  }
  const settle = (settlement: Settlement) => store.settle(id, held.id, settlement);
  const grant = await openGrant(claim.grant, settings);
  if (grant !== undefined) {
    return accept(
      claim.kind === "repeated" ? { grant } : { id, token: refreshToken, grant, settle },
    );
  }
  await settle({ kind: "end", reason: "refused" });
  return unknownToken();
}

/** A refresh (RFC 6749 section 6): the provider is asked, and both refresh tokens are new afterwards. */
export async function refresh(
  form: Parameters,
  client: PresentedClient,
  settings: Settings,
): Promise<Judged<Response>> {
  const refreshToken = form.get("refresh_token");
  if (refreshToken === undefined) return reject("invalid_request", "Expected a refresh_token.");
  const leased = await lease(refreshToken, settings);
  if (!leased.ok) return leased;
  const { grant } = leased.value;
  const scope = form.get("scope");
  const refusal =
    (await judgeHolder(grant, client, form.get("resource"))) ??
    judgeScope(scope, grant, settings.upstream);
  if (refusal !== undefined) {
    await leased.value.settle?.({ kind: "release" });
    return refusal;
  }
  return leased.value.settle === undefined
    ? accept(tokenResponse(grant, grant.refresh, settings.now()))
    : renew(leased.value, scope, settings);
}

async function renew(
  { id, token, grant, settle }: Leased,
  scope: string | undefined,
  settings: Settings,
): Promise<Judged<Response>> {
  const { subject, refresh: upstreamToken } = grant.tokens;
  const answer = await askUpstream(
    {
      grant_type: "refresh_token",
      refresh_token: upstreamToken ?? "",
      scope: scope && upstreamScopes(namesOf(scope), settings.upstream).join(" "),
      resource: settings.upstream.forwardResource === true ? grant.resource : undefined,
    },
    { subject },
    settings,
  );
  if (answer.kind === "broken") {
    // Nobody knows, so the client keeps its token and may try again.
    await settle({ kind: "release" });
    const description = "The identity provider could not be asked; try again.";
    settings.report({ endpoint: "token", error: "server_error", description, cause: answer.cause });
    return reject("temporarily_unavailable", description);
  }
  if (answer.kind === "refused") {
    await settle({ kind: "end", reason: "refused" });
    return unknownToken();
  }
  const tokens = {
    ...(subject === undefined ? {} : { subject }),
    ...(upstreamToken === undefined ? {} : { refresh: upstreamToken }),
    // RFC 6749 section 5.1: a scope that is left out is the one that was asked for.
    ...(scope === undefined ? {} : { scope }),
    ...answer.tokens,
  };
  const next = await settings.sealer.seal("refresh", id);
  const renewed: Grant = { ...grant, tokens, refresh: next };
  const isOurs = await settle({
    kind: "rotate",
    current: await sha256(next),
    previous: { current: await sha256(token), until: settings.now() + settings.graceMs },
    data: await sealGrant(renewed, id, settings),
    expiresAt: settings.now() + settings.refreshMs,
  });
  if (!isOurs) {
    // The sign-in was ended while the provider was asked.
    await revokeUpstream(tokens, settings);
    return unknownToken();
  }
  return accept(tokenResponse(renewed, next, settings.now()));
}

/** A client may name what it asked for, and what it was told that it was given (RFC 6749 section 6). */
function judgeScope(
  scope: string | undefined,
  grant: Grant,
  upstream: Upstream,
): Judged<never> | undefined {
  const granted = [...upstreamScopes(grant.scopes, upstream), ...namesOf(grant.tokens.scope)];
  if (namesOf(scope).every((name) => granted.includes(name))) return undefined;
  return reject("invalid_scope", `scope: expected some of ${grant.scopes.join(" ")}.`);
}

function namesOf(scope = ""): readonly string[] {
  return scope.split(" ").filter((name) => name !== "");
}

function unknownToken(): Judged<never> {
  return reject(
    "invalid_grant",
    "The refresh token is unknown, was used already, has expired or was revoked.",
  );
}
