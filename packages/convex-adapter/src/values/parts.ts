/** A document may have 1 MiB, and a character up to 3 bytes. */
const PART = 256 * 1024;

/** A text in parts that fit into documents. */
export function toParts(text: string): string[] {
  const parts: string[] = [];
  for (let start = 0; start < text.length;) {
    const end = start + PART;
    // Half a pair is no Unicode, which storage refuses.
    const splitsPair = /[\uD800-\uDBFF]/.test(text.charAt(end - 1));
    const cut = splitsPair ? end - 1 : end;
    parts.push(text.slice(start, cut));
    start = cut;
  }
  return parts;
}
