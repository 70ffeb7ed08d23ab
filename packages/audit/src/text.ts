/**
 * The text in at most `limit` characters, its end replaced by `…[+N chars]`. Never cuts a code point
 * in two.
 */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  // The marker is at its longest when everything goes.
  const marker = leftOut(text.length, "chars").length;
  const end = Math.max(0, limit - marker);
  const kept = text.slice(0, splitsPair(text, end) ? end - 1 : end);
  return (kept + leftOut(text.length - kept.length, "chars")).slice(0, limit);
}

function splitsPair(text: string, end: number): boolean {
  return end > 0 && (text.codePointAt(end - 1) ?? 0) > 0xffff;
}

/** The mark of a cut: how many `chars`, `items` or `fields` are not shown. */
export function leftOut(count: number, what: "chars" | "items" | "fields"): string {
  return `…[+${count} ${what}]`;
}

/** How many bytes a text takes in UTF-8, a lone surrogate counted as the three of U+FFFD. */
export function utf8Size(text: string): number {
  return /^[\0-\x7f]*$/.test(text) ? text.length : new TextEncoder().encode(text).length;
}
