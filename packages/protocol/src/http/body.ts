import { errorCodes } from "../wire/errors.ts";
import type { Refusal } from "../wire/errors.ts";
import { exceedsDepth } from "../wire/json.ts";

/** How much JSON a request may carry, and what reads it. */
export interface BodyLimits {
  /** Of UTF-8, fatal. */
  readonly decoder: TextDecoder;
  readonly bodyBytes: number;
  readonly depth: number;
}

/** A request's body as JSON, or why not. */
export type JsonBody =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly refusal: Refusal;
      /** What could be read, for its id: it may nest too deep to be walked. */
      readonly value?: unknown;
    };

/** Whoever stops sending, and does not end, must not hold what waits for them. */
const BODY_MS = 30_000;

/**
 * Reads a request's body as JSON within a limit of bytes. They are counted on the stream, because
 * `Content-Length` is only what the sender says; a length over the limit is refused unread. What has
 * not ended in 30 seconds is not waited for (RFC 9110 section 15.5.9).
 */
export async function readJsonBody(request: Request, limits: BodyLimits): Promise<JsonBody> {
  const { bodyBytes } = limits;
  const declared = request.headers.get("content-length");
  if (declared !== null && Number(declared) > bodyBytes) return tooLarge(bodyBytes);
  const reader = request.body?.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  let late = false;
  // Not awaited: a source that never settles must not hold the answer back.
  const drop = () => void reader?.cancel().catch(() => undefined);
  const timer = setTimeout(() => {
    late = true;
    drop();
  }, BODY_MS);
  try {
    for (;;) {
      const next = await reader?.read();
      if (!next || next.done) break;
      size += next.value.byteLength;
      if (size > bodyBytes) {
        drop();
        return tooLarge(bodyBytes);
      }
      chunks.push(next.value);
    }
    // What ends because it was cancelled is not all of it.
    if (late) return refused(408, errorCodes.refused, "The body must end within 30 seconds.");
    return parseJson(concatenate(chunks, size), limits);
  } catch {
    const message = "Parse error: the body must be one JSON value in UTF-8.";
    return refused(400, errorCodes.parseError, message);
  } finally {
    clearTimeout(timer);
  }
}

function concatenate(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const [only] = chunks;
  if (only && chunks.length === 1) return only;
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

function parseJson(bytes: Uint8Array, { decoder, depth }: BodyLimits): JsonBody {
  const text = decoder.decode(bytes);
  const value: unknown = JSON.parse(text);
  if (!exceedsDepth(text, value, depth)) return { ok: true, value };
  const message = `The body must nest at most ${depth} levels deep.`;
  return { ...refused(400, errorCodes.invalidRequest, message), value };
}

function tooLarge(limit: number): JsonBody {
  return refused(413, errorCodes.refused, `The body must be at most ${limit} bytes long.`);
}

function refused(status: number, code: number, message: string): JsonBody {
  return { ok: false, refusal: { status, code, message } };
}
