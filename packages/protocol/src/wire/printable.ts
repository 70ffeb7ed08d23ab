/** Foreign text as a message may show it: printable ASCII, at most `limit` characters (default 64). */
export function printable(text: string, limit = 64): string {
  const shown = text.slice(0, limit).replaceAll(/[^\x20-\x7e]/g, "?");
  return text.length > limit ? `${shown}...` : shown;
}
