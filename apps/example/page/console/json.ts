/** A JSON object whose members are yet to be looked at. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** True for a JSON object. */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The member `name` if it is a string. */
export function textOf(value: unknown, name: string): string | undefined {
  const member = isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return typeof member === "string" ? member : undefined;
}

/** The member `name` if it is a number that there is. */
export function numberOf(value: unknown, name: string): number | undefined {
  const member = isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return typeof member === "number" && Number.isFinite(member) ? member : undefined;
}

/** The member `name` if it is a list. */
export function listOf(value: unknown, name: string): readonly unknown[] {
  const member = isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return Array.isArray(member) ? member : [];
}

/** Parses JSON; `undefined` when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A `fetch` whose failure says, in a sentence, who did not answer. */
export async function ask(url: string, init?: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    throw new Error(`${new URL(url).origin} does not answer. Is the server still running?`, {
      cause,
    });
  }
}

/** Fetches a JSON object, or throws a sentence that says what came instead. */
export async function askForJson(url: string, init?: RequestInit): Promise<JsonRecord> {
  const response = await ask(url, init);
  const body = parseJson(await response.text());
  if (response.ok && isRecord(body)) return body;
  const reason = textOf(body, "error_description") ?? textOf(body, "error");
  const what = response.ok ? "something other than a JSON object" : `HTTP ${response.status}`;
  throw new Error(`${url} answered ${what}${reason === undefined ? "" : `: ${reason}`}.`);
}
