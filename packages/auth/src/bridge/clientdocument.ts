import { inTime } from "../deadline.ts";
import { isPublicAddress, isPublicName } from "./address.ts";
import { mediaType, readText } from "./body.ts";
import { displayName, judgeAuthMethod, judgeRedirects, type Client } from "./client.ts";
import type { RedirectPolicy } from "./redirect.ts";
import { accept, reject, toObject, type Judged } from "./result.ts";
import type { Settings } from "./settings.ts";

/** A document's client, and for how long the document may be kept. */
export interface FetchedClient {
  readonly client: Client;
  readonly maxAgeMs: number;
}

const MAX_DOCUMENT_BYTES = 10_240;
const TIMEOUT_MS = 5000;
const DEFAULT_AGE_SECONDS = 300;
const MAX_AGE_SECONDS = 86_400;

const SECRETS = ["client_secret", "client_secret_expires_at"];

/** Longer client ids are looked up nowhere. */
export const MAX_ID_LENGTH = 500;

/** Whether a client id is meant as the URL of a document; ids that we give have no colon. */
export function isDocumentId(clientId: string): boolean {
  return clientId.startsWith("https:");
}

/**
 * Judges the URL (draft-ietf-oauth-client-id-metadata-document section 3): https, a path, no fragment, no
 * user, spelled as `URL` spells it. Beyond the draft: a public host name (no address in any spelling, no
 * trailing dot), no port and no query, so that nobody scans with us.
 */
export function judgeDocumentUrl(id: string, hosts: readonly string[] | undefined): Judged<URL> {
  if (id.length > MAX_ID_LENGTH) return refuse(`expected at most ${MAX_ID_LENGTH} characters`);
  let url: URL;
  try {
    url = new URL(id);
  } catch {
    // The constructor's message says no more than "Invalid URL".
    return refuse("expected an https URL");
  }
  const isCanonical = url.href === id && url.protocol === "https:";
  if (!isCanonical || url.username !== "" || url.password !== "") {
    return refuse("expected an https URL in its canonical spelling, without a user");
  }
  if (url.port !== "" || url.search !== "" || url.href.includes("#") || url.pathname === "/") {
    return refuse("expected a path, and no port, query and fragment");
  }
  if (!isPublicName(url.hostname)) return refuse("expected a public host name");
  if (hosts !== undefined && !hosts.includes(url.hostname))
    return refuse("host is not allowed here");
  return accept(url);
}

/** Judges the document: it names its own URL, and redirect URIs as a registration would. */
export function judgeDocument(
  document: unknown,
  id: string,
  policy: RedirectPolicy,
): Judged<Client> {
  const metadata = toObject(document);
  if (metadata === undefined) return refuse("expected a JSON object");
  if (metadata["client_id"] !== id) return refuse("expected client_id to be the document's URL");
  const method = judgeAuthMethod(metadata, ["none"], "none");
  // No secret can be shared through a public document, and keys of clients are not supported.
  const hasSecret = SECRETS.some((name) => Object.hasOwn(metadata, name));
  if (method !== "none" || hasSecret) {
    return refuse("expected token_endpoint_auth_method none, and no secret");
  }
  const grantTypes = metadata["grant_types"];
  if (Array.isArray(grantTypes) && !grantTypes.includes("authorization_code")) {
    return refuse("expected authorization_code among grant_types");
  }
  const redirects = judgeRedirects(metadata["redirect_uris"], policy);
  if (!redirects.ok) return redirects;
  const name = displayName(metadata["client_name"]);
  if (name.name === undefined) return refuse("expected a client_name");
  return accept({
    id,
    kind: "document",
    redirectUris: redirects.value,
    auth: { method: "none" },
    ...name,
  });
}

/** Fetches and judges a document, whose URL was judged: no redirects, 5 seconds, 10 KiB, JSON. */
export async function fetchDocument(url: URL, settings: Settings): Promise<Judged<FetchedClient>> {
  try {
    return await inTime(TIMEOUT_MS, (signal) => readDocument(url, settings, signal));
  } catch (cause) {
    // What a fetch says tells a stranger about our network.
    const { error, description } = refuse("it could not be fetched");
    settings.report({ endpoint: "authorize", error, description, cause });
    return { ok: false, error, description };
  }
}

async function readDocument(
  { href: id, hostname }: URL,
  { documents, redirects }: Settings,
  signal: AbortSignal,
): Promise<Judged<FetchedClient>> {
  const addresses = await documents.resolve?.(hostname);
  if (addresses !== undefined && !(addresses.length > 0 && addresses.every(isPublicAddress))) {
    return refuse("expected a public host name");
  }
  const response = await documents.fetch(id, {
    headers: { accept: "application/json" },
    redirect: "manual",
    credentials: "omit",
    signal,
  });
  return judgeResponse(response, id, redirects);
}

async function judgeResponse(
  response: Response,
  id: string,
  policy: RedirectPolicy,
): Promise<Judged<FetchedClient>> {
  const type = mediaType(response.headers);
  const isJson = type === "application/json" || /^application\/[\w.-]+\+json$/.test(type);
  if (response.status !== 200 || response.redirected || !isJson) {
    await response.body?.cancel();
    return refuse("it could not be fetched");
  }
  const text = await readText(response.body, MAX_DOCUMENT_BYTES);
  if (text === undefined) return refuse("it could not be fetched");
  const judged = judgeDocument(JSON.parse(text), id, policy);
  return judged.ok
    ? accept({ client: judged.value, maxAgeMs: 1000 * maxAgeSeconds(response.headers) })
    : judged;
}

/** How long HTTP lets us keep it (RFC 9111 section 5.2.2), at most a day. */
export function maxAgeSeconds(headers: Headers): number {
  const control = headers.get("cache-control") ?? "";
  if (/(?:^|[\s,])no-(?:store|cache)\b/i.test(control)) return 0;
  const [, digits] = /(?:^|[\s,])max-age="?(\d{1,9})\b/i.exec(control) ?? [];
  if (digits === undefined) return DEFAULT_AGE_SECONDS;
  const age = Number(/^\d{1,9}$/.exec(headers.get("age") ?? "")?.[0] ?? 0);
  return Math.max(0, Math.min(Number(digits) - age, MAX_AGE_SECONDS));
}

function refuse(reason: string) {
  return reject("invalid_client", `Client ID metadata document: ${reason}.`);
}
