import { fromBase64, fromUtf8, toBase64Url, toUtf8 } from "../wire/bytes.ts";

/**
 * Pagination cursors. A cursor is the name of the last item its client has seen, so it stands for the
 * same place after a deploy, and the server keeps nothing. The prefix is the format's version: a
 * cursor of another format is refused instead of misread.
 */
const prefix = "1.";

// Room for the base64url text of any tool's name and of a URI of 6,000 bytes.
const maxLength = 8192;

/** The cursor for the place after the item of this name. */
export function toCursor(name: string): string {
  return prefix + toBase64Url(toUtf8(name));
}

/** The name in a cursor; `undefined` when this is no cursor of ours. Never throws. */
export function parseCursor(cursor: string): string | undefined {
  const base64 = cursor.slice(prefix.length);
  if (!cursor.startsWith(prefix) || cursor.length > maxLength) return undefined;
  if (!/^[\w-]*$/.test(base64) || base64.length % 4 === 1) return undefined;
  const name = fromUtf8(fromBase64(base64));
  // One place has one spelling: what does not come back the same was not made by us.
  return name !== undefined && toCursor(name) === cursor ? name : undefined;
}
