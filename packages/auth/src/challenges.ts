/** One challenge of a `WWW-Authenticate` header. */
export interface Challenge {
  /** As it was spelled; schemes are compared without regard to case. */
  readonly scheme: string;
  /** The `token68` form, for schemes such as Negotiate. */
  readonly token68?: string;
  /** Parameters by lower-cased name, unquoted. Of a repeated name the first one counts. */
  readonly params: ReadonlyMap<string, string>;
}

interface OpenChallenge {
  readonly scheme: string;
  token68?: string;
  readonly params: Map<string, string>;
}

interface Cursor {
  readonly text: string;
  at: number;
}

/**
 * Reads all challenges of a `WWW-Authenticate` header (RFC 9110 section 11.6.1), also where several
 * header lines were joined with commas.
 *
 * Tolerant, since the header is somebody else's: it accepts unquoted URLs, absent commas between
 * parameters and a quoted string that never ends, and skips what it cannot read up to the next comma.
 * Takes time linear in the length of the header. Never throws.
 *
 * @example
 * const bearer = parseChallenges(header).find((it) => it.scheme.toLowerCase() === "bearer");
 * bearer?.params.get("resource_metadata");
 */
export function parseChallenges(header: string): Challenge[] {
  const cursor: Cursor = { text: header, at: 0 };
  const challenges: OpenChallenge[] = [];
  let atElementStart = true;
  while (cursor.at < header.length) {
    skip(cursor, isWhitespace);
    if (header[cursor.at] === ",") {
      cursor.at += 1;
      atElementStart = true;
      continue;
    }
    const open = challenges.at(-1);
    const name = take(cursor, isTokenCharacter);
    if (name !== "" && takeEquals(cursor)) {
      const value = takeValue(cursor);
      if (open?.token68 === undefined) setOnce(open?.params, name.toLowerCase(), value);
    } else if (name !== "" && atElementStart) {
      challenges.push(openChallenge(cursor, name));
    } else {
      skipElement(cursor);
    }
    atElementStart = false;
  }
  return challenges;
}

function openChallenge(cursor: Cursor, scheme: string): OpenChallenge {
  const opened: OpenChallenge = { scheme, params: new Map() };
  const start = cursor.at;
  skip(cursor, isWhitespace);
  const token68 = take(cursor, isToken68Character) + take(cursor, isEquals);
  skip(cursor, isWhitespace);
  const next = cursor.text[cursor.at];
  if (token68 !== "" && (next === undefined || next === ",")) opened.token68 = token68;
  else cursor.at = start;
  return opened;
}

function takeEquals(cursor: Cursor): boolean {
  const start = cursor.at;
  skip(cursor, isWhitespace);
  if (cursor.text[cursor.at] !== "=") {
    cursor.at = start;
    return false;
  }
  cursor.at += 1;
  skip(cursor, isWhitespace);
  return true;
}

function takeValue(cursor: Cursor): string {
  return cursor.text[cursor.at] === '"' ? takeQuoted(cursor) : take(cursor, isBareCharacter);
}

function takeQuoted(cursor: Cursor): string {
  let value = "";
  cursor.at += 1;
  while (cursor.at < cursor.text.length && cursor.text[cursor.at] !== '"') {
    if (cursor.text[cursor.at] === "\\") cursor.at += 1;
    value += cursor.text[cursor.at] ?? "";
    cursor.at += 1;
  }
  cursor.at += 1;
  return value;
}

function skipElement(cursor: Cursor): void {
  while (cursor.at < cursor.text.length && cursor.text[cursor.at] !== ",") {
    if (cursor.text[cursor.at] === '"') takeQuoted(cursor);
    else cursor.at += 1;
  }
}

function setOnce(params: Map<string, string> | undefined, name: string, value: string): void {
  if (params !== undefined && !params.has(name)) params.set(name, value);
}

function take(cursor: Cursor, accepts: (character: string) => boolean): string {
  const start = cursor.at;
  skip(cursor, accepts);
  return cursor.text.slice(start, cursor.at);
}

function skip(cursor: Cursor, accepts: (character: string) => boolean): void {
  while (cursor.at < cursor.text.length && accepts(cursor.text.charAt(cursor.at))) cursor.at += 1;
}

function isWhitespace(character: string): boolean {
  return character === " " || character === "\t";
}

function isTokenCharacter(character: string): boolean {
  return /[!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(character);
}

function isToken68Character(character: string): boolean {
  return /[A-Za-z0-9\-._~+/]/.test(character);
}

function isEquals(character: string): boolean {
  return character === "=";
}

function isBareCharacter(character: string): boolean {
  return character !== "," && !isWhitespace(character);
}
