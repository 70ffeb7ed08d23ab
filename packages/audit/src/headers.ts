import { CENSOR, type RedactOptions } from "./redact.ts";
import { redactText } from "./secretText.ts";
import { isSecretKey } from "./secrets.ts";

/** How {@link redactHeaders} decides. */
export interface RedactHeadersOptions extends RedactOptions {
  /** More headers to censor, whatever their case. */
  readonly redact?: readonly string[];
  /** Headers to show although their names are those of secrets. */
  readonly verbatim?: readonly string[];
}

/** Where headers come from: `Headers`, its entries, or the plain object of Node's `req.headers`. */
export type HeaderSource =
  | Iterable<readonly [string, string]>
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** Censored beside {@link isSecretKey}'s: what stands for a person or proves who they are. */
const SENSITIVE = new Set([
  "authentication-info",
  "dpop",
  "forwarded",
  "mcp-session-id",
  "proxy-authentication-info",
  "x-amz-security-token",
  "x-csrf-token",
  "x-forwarded-access-token",
  "x-xsrf-token",
]);

/**
 * The headers of a request or a response as a plain object for a log: names in lower case, the values of secret ones
 * censored (`authorization`, `cookie`, `set-cookie`, `x-api-key`, …), what looks like a secret in the others too.
 * The headers themselves are not changed. Never throws: the list ends at an entry that cannot be read.
 *
 * @example redactHeaders(request.headers); // { authorization: "[redacted]", accept: "application/json" }
 */
export function redactHeaders(
  headers: HeaderSource,
  options: RedactHeadersOptions = {},
): Record<string, string> {
  const censor = options.censor ?? CENSOR;
  const redact = lowerCase(options.redact);
  const verbatim = lowerCase(options.verbatim);
  const shown = new Map<string, string>();
  for (const [key, value] of entriesOf(headers)) {
    const secret = redact.has(key) || (!verbatim.has(key) && isSecretHeader(key));
    const text = secret ? censor : verbatim.has(key) ? value : redactText(value, censor);
    const before = shown.get(key);
    shown.set(key, before === undefined || secret ? text : `${before}, ${text}`);
  }
  return Object.fromEntries(shown);
}

function isSecretHeader(key: string): boolean {
  return isSecretKey(key) || SENSITIVE.has(key);
}

function lowerCase(names: readonly string[] = []): ReadonlySet<string> {
  return new Set(names.map((name) => name.toLowerCase()));
}

/** What may stand in headers: Node takes numbers too. */
type Value = string | number | null | undefined;

function* entriesOf(headers: HeaderSource): Generator<readonly [string, string]> {
  try {
    const entries = Symbol.iterator in headers ? headers : Object.entries(headers);
    for (const [name, values] of entries as Iterable<readonly [Value, Value | Value[]]>) {
      for (const value of [values].flat()) {
        if (value !== undefined && value !== null) yield [`${name}`.toLowerCase(), `${value}`];
      }
    }
  } catch {
    // What cannot be read cannot be shown.
    return;
  }
}
