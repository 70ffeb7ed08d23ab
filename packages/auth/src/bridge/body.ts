import { inTime } from "../deadline.ts";
import { accept, reject, type Judged } from "./result.ts";

const MAX_BODY_BYTES = 32_768;
const BODY_MS = 10_000;

/**
 * The parameters of a request, each at most once (RFC 6749 section 3.1), but for one `resource` that is repeated (RFC 8707
 * section 2); empty ones count as absent.
 */
export type Parameters = ReadonlyMap<string, string>;

/** Reads a JSON body of at most 32 KiB. */
export async function readJson(request: Request): Promise<Judged<unknown>> {
  const text = await readTyped(request, "application/json");
  if (!text.ok) return text;
  try {
    return accept<unknown>(JSON.parse(text.value));
  } catch {
    // The message of JSON.parse quotes the body.
    return reject("invalid_request", "The body is not JSON.");
  }
}

/** Reads a form of at most 32 KiB. */
export async function readForm(request: Request): Promise<Judged<Parameters>> {
  const text = await readTyped(request, "application/x-www-form-urlencoded");
  return text.ok ? toParameters(new URLSearchParams(text.value)) : text;
}

export function toParameters(search: URLSearchParams): Judged<Parameters> {
  const parameters = new Map<string, string>();
  for (const [name, value] of search) {
    if (parameters.has(name)) {
      if (name !== "resource") {
        return reject("invalid_request", "A parameter is there more than once.");
      }
      if (parameters.get(name) !== value)
        return reject("invalid_target", "resource: expected one.");
    }
    parameters.set(name, value);
  }
  for (const [name, value] of parameters) if (value === "") parameters.delete(name);
  return accept(parameters);
}

/** Reads a body as UTF-8, and gives undefined when it has more than `limit` bytes. */
export async function readText(
  body: ReadableStream<Uint8Array> | null,
  limit: number,
): Promise<string | undefined> {
  if (body === null) return "";
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let text = "";
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > limit) {
      await reader.cancel();
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}

async function readTyped(request: Request, type: string): Promise<Judged<string>> {
  if (mediaType(request.headers) !== type) {
    return reject("invalid_request", `Expected a body of content type ${type}.`);
  }
  try {
    const text = await inTime(BODY_MS, () => readText(request.body, MAX_BODY_BYTES));
    return text === undefined
      ? reject("invalid_request", `Expected a body of at most ${MAX_BODY_BYTES} bytes.`)
      : accept(text);
  } catch {
    // Late, or broken off: whoever sent it knows.
    return reject("invalid_request", "Expected a whole body within 10 seconds.");
  }
}

export function mediaType(headers: Headers): string {
  return (headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}
