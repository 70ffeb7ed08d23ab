import type { Parameters } from "./body.ts";
import type { ClientAuth } from "./client.ts";
import { sha256 } from "./pkce.ts";
import { accept, reject, type Judged } from "./result.ts";

/** What a client presented at the token or revocation endpoint (RFC 6749 section 2.3.1). */
export interface PresentedClient {
  readonly id: string;
  readonly method: ClientAuth["method"];
  readonly secret: string;
}

/** Reads the client's credentials: a Basic header, or parameters, never both. */
export function presentedClient(
  authorization: string | null,
  form: Parameters,
): Judged<PresentedClient> {
  const id = form.get("client_id");
  const secret = form.get("client_secret");
  if (form.has("client_assertion") || form.has("client_assertion_type")) {
    return reject("invalid_client", "Expected no client_assertion: keys of clients are not known.");
  }
  if (authorization === null) {
    if (id === undefined) return reject("invalid_client", "Expected a client_id.");
    return secret === undefined
      ? accept({ id, method: "none", secret: "" })
      : accept({ id, method: "client_secret_post", secret });
  }
  const basic = readBasic(authorization);
  if (basic === undefined) {
    return reject("invalid_client", "Authorization: expected Basic credentials.");
  }
  if (secret !== undefined || (id !== undefined && id !== basic.id)) {
    return reject("invalid_request", "Expected one way of client authentication.");
  }
  return accept(basic);
}

/** Whether a client proved to be the one that a grant belongs to, in the way it registered. */
export async function isAuthenticated(
  { method, secret }: PresentedClient,
  auth: ClientAuth,
): Promise<boolean> {
  if (method !== auth.method) return false;
  // Hashes are compared, so the time it takes says nothing about the secret.
  return auth.method === "none" || (await sha256(secret)) === auth.secretHash;
}

function readBasic(header: string): PresentedClient | undefined {
  const [, credentials = ""] = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header) ?? [];
  try {
    const decoded = atob(credentials);
    const at = decoded.indexOf(":");
    if (at < 1) return undefined;
    const decode = (text: string) => decodeURIComponent(text.replaceAll("+", " "));
    const [id, secret] = [decode(decoded.slice(0, at)), decode(decoded.slice(at + 1))];
    return { id, method: "client_secret_basic", secret };
  } catch {
    // Not base64, or not form-encoded.
    return undefined;
  }
}
