/**
 * Parses an option that must be a URL a token may be sent to: https, or http on the loopback
 * interface, without credentials and fragment (RFC 9728 section 1.2, RFC 8414 section 2).
 *
 * @throws TypeError that names the option
 */
export function requireSecureUrl(value: unknown, option: string): URL {
  const url = typeof value === "string" ? toUrl(value) : undefined;
  if (url === undefined) {
    throw new TypeError(`${option}: expected an absolute URL, got ${show(value)}`);
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    throw new TypeError(
      `${option}: expected an https URL (http only on localhost), got ${show(value)}`,
    );
  }
  // Not shown: it may hold a password.
  if (url.username !== "" || url.password !== "" || url.href.includes("#")) {
    throw new TypeError(`${option}: expected a URL without credentials and without a fragment`);
  }
  return url;
}

/** A foreign value as it may stand in a message to the developer. */
export function show(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : typeof value;
}

/** The parsed URL, or undefined; `URL.canParse` is not in every runtime that we run in. */
export function toUrl(value: string): URL | undefined {
  // `URL` drops spaces and control characters, and the document would still spell them.
  if (!/^[a-z]+:\/\/[^\s\\]+$/i.test(value)) return undefined;
  try {
    return new URL(value);
  } catch {
    // The constructor's message says no more than "Invalid URL".
    return undefined;
  }
}

/** Whether a host of a parsed URL is this computer. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}
