import type { Refusal } from "../wire/errors.ts";
import type { RequestId } from "../wire/types.ts";

/** What one message gets. */
export type Answer =
  | { readonly kind: "none" }
  /** The text of one JSON-RPC response. */
  | { readonly kind: "message"; readonly json: string; readonly sessionId?: string | undefined }
  /** An event stream, already encoded. */
  | { readonly kind: "stream"; readonly body: ReadableStream<Uint8Array<ArrayBuffer>> }
  /** A refusal of the whole HTTP request. */
  | {
      readonly kind: "refused";
      readonly refusal: Refusal;
      readonly id: RequestId | undefined;
      /** Whether JSON-RPC wants an answer to the message: no notification does. */
      readonly answerable: boolean;
    };

/** A refusal of one message, and with it of its HTTP request. */
export function refuse(refusal: Refusal, id: RequestId | undefined, answerable = true): Answer {
  return { kind: "refused", refusal, id, answerable };
}
