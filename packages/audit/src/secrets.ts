import type { Treatment } from "./treatment.ts";

/**
 * Names whose values are secrets wherever they stand. The default redaction censors them at any
 * depth; names are compared without case, `-` and `_` (`apiKey`, `API_KEY` and `api-key` are one).
 */
export const SECRET_KEYS: readonly string[] = [
  "password",
  "passwd",
  "pwd",
  "passphrase",
  "passcode",
  "current_password",
  "new_password",
  "old_password",
  "confirm_password",
  "password_confirmation",
  "secret",
  "secret_key",
  "client_secret",
  "webhook_secret",
  "token",
  "access_token",
  "refresh_token",
  "id_token",
  "auth_token",
  "bearer_token",
  "session_token",
  "csrf_token",
  "jwt",
  "authorization",
  "proxy_authorization",
  "cookie",
  "set_cookie",
  "api_key",
  "x_api_key",
  "api_secret",
  "api_token",
  "access_key",
  "secret_access_key",
  "private_key",
  "signing_key",
  "encryption_key",
  "credentials",
  "code_verifier",
  "client_assertion",
];

/** All at once, since this runs whenever the module is evaluated. */
const SECRETS: ReadonlySet<string> = new Set(plain(SECRET_KEYS.join(" ")).split(" "));

/** True for a name of {@link SECRET_KEYS}, whatever its case and however its words are joined. */
export function isSecretKey(key: string): boolean {
  return SECRETS.has(plain(key));
}

/** How many names a test remembers, and how long they may be. */
const REMEMBERED = 512;
const REMEMBERED_LENGTH = 64;

/**
 * What is done to the value of a name wherever it stands: what `names` (exact) say, else `redact` if it is one of the
 * {@link SECRET_KEYS} and `secrets` is true. Remembers the names it has seen, since the rows of a list all have the same.
 */
export function createNameTest(
  names: ReadonlyMap<string, Treatment>,
  secrets: boolean,
): (key: string) => Treatment | undefined {
  if (!secrets) return (key) => names.get(key);
  const seen = new Map<string, Treatment | undefined>();
  return (key) => {
    const known = seen.get(key);
    if (known !== undefined || seen.has(key)) return known;
    const treatment = names.get(key) ?? (isSecretKey(key) ? "redact" : undefined);
    if (seen.size < REMEMBERED && key.length <= REMEMBERED_LENGTH) seen.set(key, treatment);
    return treatment;
  };
}

function plain(key: string): string {
  return key.toLowerCase().replace(/[-_]/g, "");
}
