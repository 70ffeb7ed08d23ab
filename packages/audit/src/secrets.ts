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

function plain(key: string): string {
  return key.toLowerCase().replace(/[-_]/g, "");
}
