import { callerNetwork } from "./address.ts";
import { sha256 } from "./pkce.ts";
import { judgeRedirect, type RedirectPolicy } from "./redirect.ts";
import { accept, reject, type Judged } from "./result.ts";
import type { Settings } from "./settings.ts";

/** Who sent a request. */
export interface Caller {
  /** The IP address, from the platform, never from a header that callers can write. */
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

/** Judges `redirect_uris` of a registration or a document. */
export function judgeRedirects(value: unknown, policy: RedirectPolicy): Judged<readonly string[]> {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_REDIRECT_URIS) {
    return reject(
      "invalid_redirect_uri",
      `redirect_uris: expected an array of 1 to ${MAX_REDIRECT_URIS} URIs.`,
    );
  }
  for (const uri of value as readonly unknown[]) {
    const judged = judgeRedirect(uri, policy);
    if (!judged.ok) return judged;
  }
  return accept(value as readonly string[]);
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
  const network = address === undefined ? "" : callerNetwork(address);
  return {
    owner: await sha256(`${settings.pepper} ${network}`),
    room: { perOwner: network === "" ? total : perOwner, total, now: settings.now() },
  };
}
