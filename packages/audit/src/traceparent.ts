/** Where a caller's span is in its trace (W3C Trace Context level 1). */
export interface TraceContext {
  /** 32 hexadecimal digits, lower case. */
  readonly traceId: string;
  /** 16 hexadecimal digits: the caller's span, which is the parent of ours. */
  readonly spanId: string;
  /** Whether the caller says that it records its trace. */
  readonly sampled: boolean;
  /** The same as a header of version 00, with nothing of the flags but `sampled`. */
  readonly text: string;
}

const PARTS = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/**
 * Reads a `traceparent` header, or the `_meta` key of that name. It comes from the caller: `undefined` for whatever is
 * not of the grammar (W3C Trace Context, 3.2.2), and what is read of it is digits alone.
 *
 * @example parseTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")?.traceId;
 */
export function parseTraceparent(header: unknown): TraceContext | undefined {
  // Later versions may be longer. Nobody needs one that is long.
  if (typeof header !== "string" || header.length > 256) return undefined;
  const [, version = "", traceId = "", spanId = "", flags = "", more] = PARTS.exec(header) ?? [];
  if (version === "" || version === "ff" || (version === "00" && more !== undefined)) {
    return undefined;
  }
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  const sampled = (Number.parseInt(flags, 16) & 1) === 1;
  return { traceId, spanId, sampled, text: `00-${traceId}-${spanId}-0${sampled ? 1 : 0}` };
}
