import type { ClientAuth } from "./client.ts";
import { sha256 } from "./pkce.ts";
import { json } from "./respond.ts";
import type { Settings } from "./settings.ts";
import type { StoredGrant } from "./store.ts";
import { revokeUpstream, type UpstreamTokens } from "./upstream.ts";

/** What one sign-in gave to one client; kept sealed in the store. */
export interface Grant {
  readonly clientId: string;
  readonly auth: ClientAuth;
  readonly resource: string;
  readonly scopes: readonly string[];
  readonly tokens: UpstreamTokens;
  /** The current refresh token of ours, once there was a refresh: for who comes with the one before it. */
  readonly refresh?: string;
}

/** What is sealed in a code. */
export interface CodeTicket {
  /** Of its grant. */
  readonly id: string;
  /** Where it was sent. */
  readonly redirectUri: string;
}

/** What a code is bound to. */
export interface CodeBinding {
  readonly code: string;
  readonly clientId: string;
  /** S256 of the verifier. */
  readonly challenge: string;
}

/**
 * The hash under which a code is found: with another client or verifier it is another code, which nobody was
 * given, and the right one stays good.
 */
export function codeKeyOf({ code, clientId, challenge }: CodeBinding) {
  return sha256(JSON.stringify([code, clientId, challenge]));
}

/**
 * Whom a grant counts for: the user, where the provider names one. Nobody else's sign-ins are counted
 * with theirs.
 */
export function ownerOf(
  pepper: string,
  subject: string | undefined,
  otherwise?: string,
): Promise<string> {
  const owner = subject === undefined ? { otherwise } : { subject };
  return sha256(`${pepper} ${JSON.stringify(owner)}`);
}

export function sealGrant(grant: Grant, id: string, { sealer }: Settings): Promise<string> {
  return sealer.seal("grant", grant, id);
}

/** The grant of a row; undefined when its secret has been dropped. */
export async function openGrant(
  { id, data }: Pick<StoredGrant, "id" | "data">,
  { sealer }: Pick<Settings, "sealer">,
): Promise<Grant | undefined> {
  return (await sealer.open("grant", data, id)) as Grant | undefined;
}

/** Ends at the provider what the store has deleted because a code or refresh token came a second time. */
export async function endReplayed(
  row: StoredGrant,
  what: string,
  settings: Settings,
): Promise<void> {
  const description = `A ${what} was used twice; everything it gave is revoked.`;
  settings.report({ endpoint: "token", error: "invalid_grant", description });
  const grant = await openGrant(row, settings);
  if (grant !== undefined) await revokeUpstream(grant.tokens, settings);
}

/** The answer of RFC 6749 section 5.1. */
export function tokenResponse(
  { scopes, tokens }: Grant,
  refreshToken: string | undefined,
  now: number,
): Response {
  const { expiresAt, scope = scopes.join(" ") } = tokens;
  return json({
    access_token: tokens.token,
    token_type: "Bearer",
    ...(expiresAt === undefined
      ? {}
      : { expires_in: Math.max(0, Math.floor((expiresAt - now) / 1000)) }),
    ...(scope === "" ? {} : { scope }),
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
  });
}
