import { decodeJwtPayload } from "@convex-mcp/auth";
import { NO_TOOL } from "../calls/limiting.ts";
import type { Use } from "../component/limits.ts";
import { identityOf, ownerOf } from "../identity/principal.ts";
import type { Who } from "../identity/who.ts";
import { statedAddress } from "../identity/proxy.ts";
import { addressKey } from "./address.ts";
import type { Rate } from "./rates.ts";

/** Limits that were checked. */
export interface Rates {
  readonly user: Required<Rate> | undefined;
  readonly client: Required<Rate> | undefined;
  readonly address: Required<Rate> | undefined;
  readonly tools: ReadonlyMap<string, Required<Rate>>;
  readonly trustedProxyHeader: string | undefined;
}

/** What is limited, as a caller is told of it. */
export type LimitKind = "user" | "client" | "address" | "tool";

/** A limit that a request counts against. */
export interface Counted {
  readonly kind: LimitKind;
  /** What of the caller's it limits, in a sentence. */
  readonly what: string;
  readonly rate: Required<Rate>;
  readonly use: Use;
}

/** The claim that names the client of an access token (RFC 9068 section 2.2); many issuers write `azp` (OpenID Connect Core section 2). */
const CLIENT_CLAIMS = ["client_id", "azp"] as const;

/**
 * What a request counts against. A user's limits have keys that only their issuer can give, so nobody else can use them up;
 * an address counts for strangers alone, since users share some.
 */
export function countedFor(
  rates: Rates,
  caller: Who,
  tool: string | undefined,
): readonly Counted[] {
  const { user, client, address, tools } = rates;
  const counted: Counted[] = [];
  let who: string;
  const { principal } = caller;
  if (principal.kind === "user") {
    const { limitedAs } = principal;
    // No `tokenIdentifier` begins so.
    who = limitedAs === undefined ? ownerOf(principal) : `limited as ${limitedAs}`;
    if (user) counted.push(toCounted("user", "your requests", user, who));
    if (client) {
      // Of one user: the ids of well-known clients are everybody's.
      const theirs = JSON.stringify([who, clientOf(caller)]);
      counted.push(toCounted("client", "the requests of this client of yours", client, theirs));
    }
  } else {
    // No user's `tokenIdentifier`, which has an issuer.
    who = `anonymous ${addressOf(rates, caller)}`;
    const what = "requests without a sign-in from your network";
    if (address) counted.push(toCounted("address", what, address, who));
  }
  const rate = tool === undefined ? undefined : (tools.get(tool) ?? tools.get(NO_TOOL));
  if (rate) {
    const what = `your calls of ${tool === NO_TOOL ? "unknown tools" : `"${tool}"`}`;
    counted.push(toCounted("tool", what, rate, who, `tool ${tool}`));
  }
  return counted;
}

/**
 * Gateways of one app share what is counted for the same limit. A limit that was changed starts anew: what is left of ten a
 * minute says nothing of a thousand a day.
 */
function toCounted(
  kind: LimitKind,
  what: string,
  limit: Required<Rate>,
  key: string,
  name: string = kind,
): Counted {
  const { kind: how, rate, periodMs, burst } = limit;
  const use = { name: `${name} ${how} ${rate}/${periodMs}/${burst}`, key, ...limit };
  return { kind, what, rate: limit, use };
}

/** Where a stranger asks from; all whose address is not known are one. */
function addressOf({ trustedProxyHeader }: Rates, { context }: Who): string {
  const { metadata, headers } = context;
  const said = statedAddress(trustedProxyHeader, headers, metadata.ip);
  return addressKey(said ?? "") ?? "unknown";
}

/** Which client a user's token was issued to, as the issuer says; all that it does not name are one. */
function clientOf({ principal, context }: Who): string | null {
  const { authToken } = context.metadata;
  const token = authToken === null ? undefined : decodeJwtPayload(authToken);
  const claims: Readonly<Record<string, unknown>> = { ...token, ...identityOf(principal) };
  const named = CLIENT_CLAIMS.map((claim) => claims[claim]);
  const client = named.find((it) => typeof it === "string" && it !== "");
  return typeof client === "string" ? client.slice(0, MAX_CLIENT) : null;
}

/** Letters of a client id that are kept; one may be a URL. */
const MAX_CLIENT = 512;
