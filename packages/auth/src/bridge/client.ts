import { callerNetwork } from "./address.ts";
import { sha256 } from "./pkce.ts";
import { judgeRedirect, NOT_ALLOWED, type RedirectPolicy } from "./redirect.ts";
import { accept, reject, type Judged, type OAuthError } from "./result.ts";
import type { Settings } from "./settings.ts";
import type { Limited, Rate } from "./store.ts";

/** Who sent a request. */
export interface Caller {
  /** The IP address, from the platform, never from a header that callers can write. What is none counts as absent. */
  readonly address?: string | undefined;
}

/** How a client proves itself at the token endpoint. */
export type ClientAuth =
  | { readonly method: "none" }
  | {
      readonly method: "client_secret_basic" | "client_secret_post";
      /** The hash of its secret. */
      readonly secretHash: string;
    };

/** A client as it described itself: nothing of it is verified but what is said. */
export interface Client {
  readonly id: string;
  /** `document`: its id is the URL of the document that says so, which verifies the host. */
  readonly kind: "registered" | "document";
  readonly name?: string;
  readonly redirectUris: readonly string[];
  readonly auth: ClientAuth;
}

const MAX_REDIRECT_URIS = 10;
const MAX_NAME_LENGTH = 100;

/**
 * Judges `redirect_uris` of a registration or a document, and gives those that are allowed here: well-known clients name
 * several, and use one that was registered (RFC 7591 section 3.2.1 lets a server leave some out).
 */
export function judgeRedirects(value: unknown, policy: RedirectPolicy): Judged<readonly string[]> {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_REDIRECT_URIS) {
    return reject(
      "invalid_redirect_uri",
      `redirect_uris: expected an array of 1 to ${MAX_REDIRECT_URIS} URIs.`,
    );
  }
  const uris = value as readonly unknown[];
  const judged = uris.map((uri) => judgeRedirect(uri, policy));
  const allowed = uris.filter((_uri, index) => judged[index]?.ok) as string[];
  const refusals = judged.filter((it) => !it.ok);
  const wrong = refusals.find(({ error }) => error !== NOT_ALLOWED);
  const refusal = wrong ?? (allowed.length === 0 ? refusals[0] : undefined);
  return refusal === undefined
    ? accept(allowed)
    : reject("invalid_redirect_uri", refusal.description);
}

/**
 * How a client proves itself here: in the way that it prefers, or the first of ours that it can do too (OpenID Connect Relying
 * Party Metadata Choices 1.0, section 2). Undefined: in none of ours.
 *
 * @param preferred - where it says nothing.
 */
export function judgeAuthMethod<M extends ClientAuth["method"]>(
  metadata: Readonly<Record<string, unknown>>,
  ours: readonly M[],
  preferred: M,
): M | undefined {
  const method = metadata["token_endpoint_auth_method"] ?? preferred;
  const others = metadata["token_endpoint_auth_methods_supported"];
  const theirs: readonly unknown[] = [method, ...(Array.isArray(others) ? others : [])];
  return theirs.flatMap((it) => ours.filter((our) => our === it))[0];
}

/**
 * A name as people may see it, at most 100 long: without control, format, bidirectional and blank characters, and with
 * no more marks on a letter than languages have.
 */
export function displayName(value: unknown): { readonly name?: string } {
  if (typeof value !== "string") return {};
  const name = value
    .replaceAll(/[\p{C}\p{Z}\u115f\u1160\u2800\u3164\uffa0]+/gu, " ")
    .replaceAll(/(?<=^|\s)\p{M}+|(?<=\p{M}{2})\p{M}+/gu, "")
    .trim();
  // By characters: half a surrogate pair is no text to a database.
  const cut = Array.from(name).slice(0, MAX_NAME_LENGTH).join("");
  return cut === "" ? {} : { name: cut };
}

/** Whom a row of this caller counts for. Callers without an address are counted in total alone. */
export async function roomFor(
  { address }: Caller,
  settings: Settings,
  { perOwner, total }: { readonly perOwner: number; readonly total: number },
) {
  const network = callerNetwork(address ?? "") ?? "";
  return {
    owner: await sha256(`${settings.pepper} ${network}`),
    room: { perOwner: network === "" ? total : perOwner, total, now: settings.now() },
  };
}

/**
 * How often this caller, and all together, may have something made for them. One network uses up its own rate long
 * before that of all, so it keeps nobody else out.
 */
export async function ratesFor({ address }: Caller, settings: Settings): Promise<readonly Rate[]> {
  const { pepper, registration } = settings;
  const all = { key: await sha256(`${pepper} all`), perHour: registration.totalHourly };
  const network = callerNetwork(address ?? "");
  if (network === undefined) return [all];
  const key = await sha256(`${pepper} hourly ${network}`);
  return [{ key, perHour: registration.perOwnerHourly }, all];
}

export function tooMany({ retryAfterMs }: Limited): { readonly ok: false } & OAuthError {
  const retryAfter = Math.max(1, Math.ceil(retryAfterMs / 1000));
  const description = `Too many new apps in an hour. Try again in ${retryAfter} seconds.`;
  return { ...reject("too_many_requests", description), retryAfter };
}
