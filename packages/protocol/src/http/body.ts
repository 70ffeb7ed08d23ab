import { errorCodes } from "../wire/errors.ts";
import type { Refusal } from "../wire/errors.ts";

/** How much JSON a request may carry. */
export interface BodyLimits {
  readonly bodyBytes: number;
  readonly depth: number;
}

/** A request's body as JSON, or why not. */
export type JsonBody =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly refusal: Refusal };

/**
 * Reads a request's body as JSON within a limit of bytes. They are counted on the stream, because
 * `Content-Length` is only what the sender says; a length over the limit is refused unread.
 * How deep the value nests is not judged here: `JSON.parse` does not mind.
 */
export async function readJsonBody(request: Request, limit: number): Promise<JsonBody> {
  const declared = request.headers.get("content-length");
  if (declared !== null && Number(declared) > limit) return tooLarge(limit);
  const bytes = await readBytes(request, limit);
  if (bytes === "tooLarge") return tooLarge(limit);
  if (bytes === "aborted") return notJson("the body ended before it was complete");
  return parseJson(bytes);
}

async function readBytes(
  request: Request,
  limit: number,
): Promise<Uint8Array | "tooLarge" | "aborted"> {
  const reader = request.body?.getReader();
  if (!reader) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      size += next.value.byteLength;
      if (size > limit) {
        // Not awaited: a source that never settles must not hold the refusal back.
        reader.cancel().catch(() => undefined);
        return "tooLarge";
      }
      chunks.push(next.value);
    }
  } catch {
    return "aborted";
  }
  return concatenate(chunks, size);
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

function parseJson(bytes: Uint8Array): JsonBody {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return { ok: true, value };
  } catch {
    return notJson("the body must be one JSON value in UTF-8");
  }
}

function notJson(reason: string): JsonBody {
  return refused(400, errorCodes.parseError, `Parse error: ${reason}.`);
}

function tooLarge(limit: number): JsonBody {
  return refused(413, errorCodes.refused, `The body must be at most ${limit} bytes long.`);
}

function refused(status: number, code: number, message: string): JsonBody {
  return { ok: false, refusal: { status, code, message } };
}
