import { CENSOR } from "./redact.ts";
import { isSecretKey } from "./secrets.ts";

/** `Bearer …`, `Basic …`: the credentials of an `Authorization` header (RFC 9110, 11.4), wherever a text quotes one. */
const CREDENTIALS = /\b((?:Bearer|Basic|Digest|DPoP|Token)[ \t]{1,8})[\w.~+/-]{8,}={0,2}/gi;
/**
 * A JWS or JWE in its compact form: its header is JSON, and starts with `{"`. What has no more parts matches too, so that
 * its letters are looked at once.
 */
const JWT = /eyJ[\w-]{4,}(\.[\w-]+(?:\.[\w-]*){1,3})?/g;
/** Keys whose issuers gave them a prefix so that they are found in texts: Stripe, OpenAI, GitHub, Slack, AWS, Google, npm. */
const PREFIXED =
  /\b(?:[sr]k[-_](?:live|test|proj|ant|svcacct)[-_][\w-]{8,}|sk-\w{20,}|gh[opusr]_\w{20,}|github_pat_\w{20,}|xox[a-z]-[\w-]{10,}|A[KS]IA[A-Z0-9]{16}|AIza[\w-]{30,}|npm_\w{30,})/g;
/** The user information of a URL (RFC 3986, 3.2.1). */
const USER_INFO = /(:\\?\/\\?\/)[^\s/?#]{1,1024}@/g;
/** A name before its value, as JSON (in a text of JSON too), a query string, a header line (with its scheme) or a log line has it. */
const NAME =
  /(\\{0,7}["']|)\b([a-z_][\w-]{0,63})\1\]?[ \t]{0,8}[=:]>?[ \t]{0,8}(?:(?:Bearer|Basic|Digest|DPoP|Token)[ \t]{1,8}(?![ \t=:]))?/gi;
/**
 * What opens a bracket, to the end of the line; what is in quotes, and the rest of the word; a word. In a text of JSON each
 * backslash is several: one more than stand before the quote.
 */
const VALUE = /[[{].*|(?:((\\{0,7})["'])(?:\2\\\2\\|\2\\\1|(?!\1)[^])*(?:\1|$))?[^\s"',;&)}\]]*/y;
/** Of cookies and (proxy) authorization, which have many secrets in a line, or a scheme of their own: to the end of it or of the quotes around it. */
const LINE = /(?:[^\r\n"'=]|=(?:\\*(?:"[^"\r\n]*"|'[^'\r\n]*'))?)+/y;
/** The names of these, before what is in no quotes. */
const LINES = /(cookie|authori).*:\w/i;
/** What may come after a value. */
const AFTER = /^[\s"',;&)}\]]?$/;
/** With its headers (RFC 1421, 4.6; RFC 9580, 6.2), which have hyphens. */
const PRIVATE_KEY =
  /-----BEGIN [A-Z ]{0,32}PRIVATE KEY( BLOCK)?-----[^-]*(-(?!----)[^-]*)*(-----END [A-Z ]*-----)?/g;

/** Texts beyond this are not searched, and not shown. */
const MAX_CHARS = 262_144;

/**
 * A text, such as the message of an error, without what looks like a secret: credentials of an `Authorization` header,
 * JSON Web Tokens, keys with a well-known prefix, private keys, user information of URLs, and the values of names that
 * are secrets (`password=…`, `"token": "…"`; see `SECRET_KEYS`), in a text of JSON within JSON as well. Of a list or an
 * object it takes the rest of the line.
 *
 * It finds what has a known form, so it is a net and no proof: what must not be read is better not put into a text.
 * Never throws; the time is linear in the text, and of a text beyond 262,144 characters nothing is shown.
 *
 * @param censor Stands in place of each. Default: `"[redacted]"`.
 * @example redactText("401 for Bearer abcdefgh12345678"); // "401 for Bearer [redacted]"
 */
export function redactText(text: string, censor: string = CENSOR): string {
  if (typeof text !== "string" || text.length > MAX_CHARS) return censor;
  // A key begins with words that end a value, and what looks for no names takes some for a part of a secret.
  return redactNamed(
    text.replace(PRIVATE_KEY, () => censor),
    censor,
  )
    .replace(CREDENTIALS, (_, scheme: string) => scheme + censor)
    .replace(JWT, (word, more?: string) => (more ? censor : word))
    .replace(PREFIXED, () => censor)
    .replace(USER_INFO, (_, slashes: string) => `${slashes + censor}@`);
}

function redactNamed(text: string, censor: string): string {
  let shown = "";
  let from = 0;
  for (const match of text.matchAll(NAME)) {
    const at = match.index + match[0].length;
    const [, , name = ""] = match;
    if (!isSecretKey(name) || isCensored(text, at, censor)) continue;
    // What begins within a value may end after it where it has quotes of its own.
    const next = text.charAt(at);
    if (at < from && !/["'\\]/.test(next)) continue;
    const form = LINES.test(`${name}:${next}`) ? LINE : VALUE;
    form.lastIndex = at;
    const [value = "", quote = ""] = form.exec(text) ?? [];
    if (value !== "" && at >= from) shown += text.slice(from, at) + quote + censor + quote;
    from = Math.max(from, at + value.length);
    if (from === text.length) break;
  }
  return shown + text.slice(from);
}

function isCensored(text: string, at: number, censor: string): boolean {
  const end = at + censor.length;
  return end > at && text.startsWith(censor, at) && AFTER.test(text.charAt(end));
}
