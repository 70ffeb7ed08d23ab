import type { AuditEntry } from "../entry.ts";
import { parseTraceparent } from "../traceparent.ts";
import { attributesOf, errorTypeOf, methodOf, type OtlpAttribute } from "./attributes.ts";
import { idDigits, nanos, type OtlpOptions, resourceOf, SCOPE } from "./resource.ts";

/** One span (OTLP 1.x). */
export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** 2: SERVER. */
  readonly kind: 2;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly OtlpAttribute[];
  /** 0: unset, 2: error. */
  readonly status: { readonly code: 0 | 2 };
}

/** The body of a request to `/v1/traces`. */
export interface OtlpTraces {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] };
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string };
      readonly spans: readonly OtlpSpan[];
    }[];
  }[];
}

/**
 * Entries as the body of an OTLP/HTTP request to `/v1/traces`, in JSON: a server span for each that is of an MCP method, under
 * the caller's span where it sent a `traceparent`. The ids of spans are made of those of entries, so that a store
 * sees what it gets twice. Entries of other kinds have no span.
 */
export function toOtlpSpans(
  entries: readonly (AuditEntry & { readonly id: string })[],
  options: OtlpOptions = {},
): OtlpTraces {
  const { payloads = false } = options;
  const spans = entries.flatMap((entry) => {
    const method = methodOf(entry);
    return method === undefined ? [] : [toSpan(entry, method, payloads)];
  });
  return {
    resourceSpans: [{ resource: resourceOf(options), scopeSpans: [{ scope: SCOPE, spans }] }],
  };
}

function toSpan(
  entry: AuditEntry & { readonly id: string },
  method: string,
  payloads: boolean,
): OtlpSpan {
  const { id, at, durationMs = 0, kind, tool, name } = entry;
  const caller = parseTraceparent(entry.traceparent);
  // Names of resources are as few as those of prompts; their URIs are not in the entry's name.
  const target = tool ?? (kind === "prompt" ? name : undefined);
  return {
    traceId: caller?.traceId ?? idDigits("trace", id),
    spanId: idDigits("span", id),
    ...(caller === undefined ? {} : { parentSpanId: caller.spanId }),
    name: target === undefined ? method : `${method} ${target}`,
    kind: 2,
    startTimeUnixNano: nanos(at),
    endTimeUnixNano: nanos(at + Math.max(0, durationMs)),
    attributes: attributesOf(entry, payloads),
    status: { code: errorTypeOf(entry) === undefined ? 0 : 2 },
  };
}
