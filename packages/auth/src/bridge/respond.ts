import type { OAuthError } from "./result.ts";

const NO_STORE = { "cache-control": "no-store", pragma: "no-cache" };

/** JSON that no cache keeps (RFC 6749 section 5.1). */
export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}) {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", ...NO_STORE, ...headers },
  });
}

/** An error of a JSON endpoint (RFC 6749 section 5.2, RFC 7591 section 3.2.2). */
export function errorResponse(
  { error, description, retryAfter }: OAuthError,
  basic = false,
): Response {
  const body = { error, error_description: description };
  // RFC 6585 section 4.
  if (retryAfter !== undefined) return json(body, 429, { "retry-after": `${retryAfter}` });
  if (error === "invalid_client") {
    // RFC 6749 section 5.2: the challenge is for a client that tried the header.
    return json(body, 401, basic ? { "www-authenticate": 'Basic realm="token"' } : {});
  }
  if (error === "temporarily_unavailable") return json(body, 503, { "retry-after": "5" });
  return json(body, error === "server_error" ? 502 : 400);
}

/** A redirect of a browser, which tells nobody where it came from. */
export function redirect(location: string, cookies: readonly string[] = []): Response {
  const headers = new Headers({ location, "referrer-policy": "no-referrer", ...NO_STORE });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}
