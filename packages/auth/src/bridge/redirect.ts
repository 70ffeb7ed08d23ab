import { isLoopback } from "../url.ts";
import { accept, reject, type Judged } from "./result.ts";

/** How a redirect URI brings the answer back: to a web site, to this computer, to an app by its own scheme. */
export type RedirectKind = "https" | "loopback" | "private";

/** Which redirect URIs clients may have. */
export interface RedirectPolicy {
  /** Schemes of native apps, such as `cursor` (RFC 8252 section 7.1). Empty: none. */
  readonly privateSchemes: readonly string[];
  /** The only http(s) redirects: origins, or whole URIs. Undefined: all that are well formed. */
  readonly allowed: readonly string[] | undefined;
}

const MAX_LENGTH = 500;
const LOOPBACK = /^(http:\/\/(?:localhost|127\.0\.0\.1|\[::1\]))(?::\d+)?(?=[/?]|$)/;
/** The error of what is well formed and not allowed here, which others of the same client may be. */
export const NOT_ALLOWED = "redirect_not_allowed";
// Schemes that a browser handles itself: a "redirect" to them runs or shows what the URI says.
const BROWSER_SCHEMES =
  /^(?:https?|wss?|ftp|file|filesystem|data|blob|about|javascript|vbscript|view-source|mailto|tel|intent|chrome|edge|resource)$/;
const RESPONSE_PARAMETERS = ["code", "state", "iss", "error", "error_description", "error_uri"];

/**
 * Judges a redirect URI (RFC 6749 section 3.1.2, RFC 8252 sections 7 and 8): https, http on loopback, or an
 * allowed private scheme. It must be spelled as `URL` spells it, so that every program reads the same host
 * and path out of it: no user, no upper case, no dot segments, no default port, no backslash.
 */
export function judgeRedirect(uri: unknown, policy: RedirectPolicy): Judged<RedirectKind> {
  if (typeof uri !== "string") return refuse("expected a text");
  if (uri.length > MAX_LENGTH) return refuse(`expected at most ${MAX_LENGTH} characters`);
  if (!/^[\x21-\x7e]+$/.test(uri) || /[\\"<>^`{|}]/.test(uri)) {
    return refuse("expected printable ASCII without spaces, quotes and backslashes");
  }
  if (uri.includes("#")) return refuse("expected no fragment");
  if (uri.includes("*")) return refuse("expected no wildcard; register each URI");
  const url = parse(uri);
  if (url === undefined) return refuse("expected an absolute URI");
  if (url.username !== "" || url.password !== "") return refuse("expected no user before the host");
  if (url.href !== uri && !(url.pathname === "/" && url.href === `${uri}/`)) {
    return refuse(
      "expected the canonical spelling: lower case host, no default port, no dot segments",
    );
  }
  if (/%(?:25)?(?:2e|2f|5c|[01][0-9a-f]|7f)/i.test(url.pathname)) {
    return refuse("expected a path without encoded dots, slashes and control characters");
  }
  if (RESPONSE_PARAMETERS.some((name) => url.searchParams.has(name))) {
    return refuse(`expected a query without ${RESPONSE_PARAMETERS.join(", ")}`);
  }
  return judgeScheme(uri, url, policy);
}

/** Whether a presented URI is one of the registered: exactly, or on loopback with another port (RFC 8252 section 7.3). */
export function redirectMatches(presented: string, registered: readonly string[]): boolean {
  const comparable = withoutLoopbackPort(presented);
  return registered.some((uri) => uri === presented || withoutLoopbackPort(uri) === comparable);
}

/** The URI with response parameters added to its query, which stays as it is spelled. */
export function redirectWith(
  uri: string,
  parameters: Readonly<Record<string, string | undefined>>,
): string {
  const added = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) added.set(name, value);
  }
  return `${uri}${uri.includes("?") ? "&" : "?"}${added.toString()}`;
}

/** Whether errors may be sent there before a person has agreed: it is listed, or never leaves the computer. */
export function isTrustedRedirect(kind: RedirectKind, policy: RedirectPolicy): boolean {
  return kind === "loopback" || (kind === "https" && policy.allowed !== undefined);
}

function judgeScheme(uri: string, url: URL, policy: RedirectPolicy): Judged<RedirectKind> {
  if (url.protocol === "https:" || url.protocol === "http:") {
    if (url.hostname.endsWith(".")) return refuse("expected a host without a dot at its end");
    // A program that listens there may well have a certificate.
    const kind = isLoopback(url.hostname) ? "loopback" : "https";
    if (url.protocol === "http:" && !LOOPBACK.test(uri)) {
      return refuse("expected https; http only on localhost, 127.0.0.1 and [::1]");
    }
    return isAllowed(uri, url, policy.allowed) ? accept(kind) : disallow("it is not one of those");
  }
  const scheme = url.protocol.slice(0, -1);
  if (policy.privateSchemes.includes(scheme)) return accept("private");
  if (!isPrivateScheme(scheme)) return refuse("expected https, or http on localhost");
  return disallow("expected https, or http on localhost; its scheme is not one of those");
}

/** Whether a scheme may be a native app's own (RFC 8252 section 7.1), as `URL` spells it. */
export function isPrivateScheme(scheme: string): boolean {
  return /^[a-z][a-z0-9+.-]*$/.test(scheme) && !BROWSER_SCHEMES.test(scheme);
}

function isAllowed(uri: string, url: URL, allowed: readonly string[] | undefined): boolean {
  if (allowed === undefined) return true;
  const origin = withoutLoopbackPort(url.origin);
  const entries = allowed.map(withoutLoopbackPort);
  return entries.includes(origin) || entries.includes(withoutLoopbackPort(uri));
}

function withoutLoopbackPort(uri: string): string {
  return uri.replace(LOOPBACK, "$1");
}

function parse(uri: string): URL | undefined {
  try {
    return new URL(uri);
  } catch {
    // The constructor's message says no more than "Invalid URL".
    return undefined;
  }
}

function disallow(reason: string): Judged<never> {
  return reject(NOT_ALLOWED, `redirect URI: ${reason} that are allowed here.`);
}

function refuse(reason: string): Judged<never> {
  return reject("invalid_redirect_uri", `redirect URI: ${reason}.`);
}
