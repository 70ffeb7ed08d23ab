// Stores keep it, and catalogs may match it with patterns, whose time grows faster than their input.
const maxLength = 8192;

/** What {@link isUri} wants, for a message. */
export const uriForm = `an absolute URI of at most ${maxLength} characters`;

/** Whether a foreign value looks like an absolute URI, which begins with its scheme (RFC 3986, 3). */
export function isUri(value: unknown): value is string {
  return (
    typeof value === "string" && value.length <= maxLength && /^[a-z][\d+.a-z-]*:/i.test(value)
  );
}
