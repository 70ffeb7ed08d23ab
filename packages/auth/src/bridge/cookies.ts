import { decodeBase64url } from "../payload.ts";

/** The cookies of the bridge. */
export type CookieName = "mcp-bridge-browser" | "mcp-bridge-consents";

/**
 * The value of a cookie, if it is base64url. On https its name begins with `__Host-`, so that no other
 * host, no subdomain and no plain http can have set it.
 */
export function readCookie(request: Request, issuer: string, name: CookieName): string | undefined {
  const wanted = cookieName(issuer, name);
  for (const pair of (request.headers.get("cookie") ?? "").split(/; */)) {
    const at = pair.indexOf("=");
    if (at < 0 || pair.slice(0, at) !== wanted) continue;
    const value = pair.slice(at + 1);
    return decodeBase64url(value) === undefined ? undefined : value;
  }
  return undefined;
}

/** `SameSite=Lax`: the way back from the provider is a navigation from another site. */
export function writeCookie(
  issuer: string,
  name: CookieName,
  value: string,
  maxAgeSeconds: number,
): string {
  const secure = isSecure(issuer) ? "; Secure" : "";
  return `${cookieName(issuer, name)}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${secure}`;
}

function cookieName(issuer: string, name: CookieName): string {
  return isSecure(issuer) ? `__Host-${name}` : name;
}

function isSecure(issuer: string): boolean {
  return issuer.startsWith("https:");
}
