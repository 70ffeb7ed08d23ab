// Stores keep it, and catalogs may match it with patterns, whose time grows faster than their input.
const maxLength = 8192;

/** What {@link isUri} wants, for a message. */
export const uriForm = `an absolute URI (RFC 3986) of at most ${maxLength} characters`;

// Its scheme, then the characters that a URI may have. Brackets belong to hosts alone, yet many leave them in paths.
const form = /^[a-z][\d+.a-z-]*:(?:[\w!#$&'()*+,./:;=?@[\]~-]|%[\da-f]{2})*$/i;

/** Whether a foreign value looks like an absolute URI (RFC 3986, 3): catalogs match it, and answers repeat it. */
export function isUri(value: unknown): value is string {
  return typeof value === "string" && value.length <= maxLength && form.test(value);
}
