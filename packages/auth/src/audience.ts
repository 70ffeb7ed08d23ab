/**
 * The audiences of a token's claims: `aud` as a string or an array of strings (RFC 7519 section
 * 4.1.3). What has another type, or is empty, is ignored. Never throws.
 */
export function audiencesOf(claims: Readonly<Record<string, unknown>>): readonly string[] {
  const { aud } = claims;
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  return audiences.filter(
    (audience) => typeof audience === "string" && audience !== "",
  ) as string[];
}

/**
 * Whether one of a token's audiences is one of those that this resource answers to.
 *
 * http(s) URLs are compared without regard to the case of scheme and host, the default port, the
 * fragment and ONE slash at the end of the path. Path and query are compared as they are spelled: dot
 * segments and percent-encodings are not resolved, and a prefix never matches, so that one tenant's
 * token does not open another tenant's path. All else is compared exactly. Never throws.
 */
export function audienceMatches(audiences: readonly string[], allowed: readonly string[]): boolean {
  const comparable = new Set(allowed.map(normalise));
  return audiences.some((audience) => comparable.has(normalise(audience)));
}

// By hand instead of with `URL`, which resolves `/a/../b` and accepts backslashes and tabs.
const HTTP_URL =
  /^(https?):\/\/([^/?#@\\\s:[\]]+|\[[\d.:a-f]+\])(?::(\d*))?([/][^?#]*)?(\?[^#]*)?(?:#.*)?$/is;

function normalise(audience: string): string {
  const parts = HTTP_URL.exec(audience);
  if (parts === null) return audience;
  const [, scheme = "", host = "", port = "", path = "", query = ""] = parts;
  const lower = scheme.toLowerCase();
  const isDefaultPort = port === "" || port === (lower === "https" ? "443" : "80");
  const authority = host.toLowerCase() + (isDefaultPort ? "" : `:${port}`);
  return `${lower}://${authority}${path.endsWith("/") ? path.slice(0, -1) : path}${query}`;
}
