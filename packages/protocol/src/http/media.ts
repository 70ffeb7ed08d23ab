/** The form a response to a request takes. */
export type ResponseForm = "json" | "sse";

/** The forms that a client takes. */
export interface Forms {
  /** Of an answer that fits in one message: JSON where it is acceptable. */
  readonly preferred: ResponseForm;
  /** Whether it takes an event stream. */
  readonly stream: boolean;
}

/** What the specification has clients send, and nearly all do. */
const usualContentType = "application/json";
const usualAccept = "application/json, text/event-stream";

/**
 * The forms that an `Accept` header allows; `undefined` when neither is. No header, or an empty one,
 * accepts anything (RFC 9110, 12.5.1).
 *
 * Wildcards, q-values, parameters and any letter case are understood; the most specific range decides,
 * so JSON with `q=0` stays excluded beside a wildcard. A malformed element is skipped.
 */
export function chooseForms(accept: string | null): Forms | undefined {
  if (accept === usualAccept || accept === null || accept.trim() === "") {
    return { preferred: "json", stream: true };
  }
  const ranges = splitQuoted(accept, ",").map(parseRange);
  const stream = isAccepted(ranges, "text/event-stream");
  if (isAccepted(ranges, usualContentType)) return { preferred: "json", stream };
  return stream ? { preferred: "sse", stream } : undefined;
}

/** Whether a `Content-Type` header is JSON in UTF-8, whatever its other parameters. */
export function isJsonContentType(contentType: string | null): boolean {
  if (contentType === usualContentType) return true;
  const [type = "", ...parameters] = splitQuoted(contentType ?? "", ";");
  if (type.trim().toLowerCase() !== usualContentType) return false;
  return parameters.every((parameter) => {
    const [name, value] = parseParameter(parameter);
    // RFC 8259, 8.1: JSON between systems is UTF-8.
    return name !== "charset" || /^"?utf-?8"?$/i.test(value);
  });
}

interface MediaRange {
  /** Lower case. */
  readonly range: string;
  readonly accepted: boolean;
}

function parseRange(element: string): MediaRange | undefined {
  const [range = "", ...parameters] = splitQuoted(element, ";");
  let accepted = true;
  for (const parameter of parameters) {
    const [name, value] = parseParameter(parameter);
    if (name !== "q") continue;
    // RFC 9110, 12.4.2: qvalue.
    if (!/^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(value)) return undefined;
    accepted = Number(value) > 0;
  }
  return { range: range.trim().toLowerCase(), accepted };
}

function isAccepted(ranges: readonly (MediaRange | undefined)[], media: string): boolean {
  const [type = ""] = media.split("/");
  for (const wanted of [media, `${type}/*`, "*/*"]) {
    const matching = ranges.filter((range) => range?.range === wanted);
    // A range that is named twice is accepted if either is.
    if (matching.length > 0) return matching.some((range) => range?.accepted);
  }
  return false;
}

/** The name in lower case. */
function parseParameter(parameter: string): [name: string, value: string] {
  const [name = "", ...value] = parameter.split("=");
  return [name.trim().toLowerCase(), value.join("=").trim()];
}

/** Splits at a separator outside of quoted strings (RFC 9110, 5.6.4). */
function splitQuoted(text: string, separator: "," | ";"): string[] {
  const parts: string[] = [];
  let quoted = false;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (quoted && character === "\\") at += 1;
    else if (character === '"') quoted = !quoted;
    else if (character === separator && !quoted) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}
