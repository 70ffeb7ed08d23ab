import type { AuditEntry, AuditOutcome } from "../entry.ts";
import { parseTraceparent } from "../traceparent.ts";
import { attributesOf, methodOf, type OtlpAttribute } from "./attributes.ts";
import { idDigits, nanos, type OtlpOptions, resourceOf, SCOPE } from "./resource.ts";

/** One log record (OTLP 1.x). */
export interface OtlpLogRecord {
  readonly timeUnixNano: string;
  readonly observedTimeUnixNano: string;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly eventName: string;
  readonly body: { readonly stringValue: string };
  readonly attributes: readonly OtlpAttribute[];
  readonly traceId?: string;
  readonly spanId?: string;
}

/** The body of a request to `/v1/logs`. */
export interface OtlpLogs {
  readonly resourceLogs: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] };
    readonly scopeLogs: readonly {
      readonly scope: { readonly name: string };
      readonly logRecords: readonly OtlpLogRecord[];
    }[];
  }[];
}

const INFO = { severityNumber: 9, severityText: "INFO" } as const;
const WARN = { severityNumber: 13, severityText: "WARN" } as const;
const ERROR = { severityNumber: 17, severityText: "ERROR" } as const;

const SEVERITY: Readonly<Record<AuditOutcome, typeof INFO | typeof WARN | typeof ERROR>> = {
  ok: INFO,
  running: INFO,
  interrupted: INFO,
  replayed: INFO,
  cancelled: INFO,
  denied: WARN,
  invalid: WARN,
  failed: ERROR,
  lost: ERROR,
  aborted: ERROR,
  unknown: ERROR,
};

/**
 * Entries as the body of an OTLP/HTTP request to `/v1/logs`, in JSON. One record each, with the span of
 * {@link toOtlpSpans} and the caller's trace where there is one.
 */
export function toOtlpLogs(
  entries: readonly (AuditEntry & { readonly id: string })[],
  options: OtlpOptions = {},
): OtlpLogs {
  const { payloads = false } = options;
  const logRecords = entries.map((entry) => toRecord(entry, payloads));
  return {
    resourceLogs: [{ resource: resourceOf(options), scopeLogs: [{ scope: SCOPE, logRecords }] }],
  };
}

function toRecord(entry: AuditEntry & { readonly id: string }, payloads: boolean): OtlpLogRecord {
  const { id, at, kind, tool, name, outcome, traceparent } = entry;
  const method = methodOf(entry);
  const what = [method ?? kind, tool, method === name ? undefined : name];
  const traceId = parseTraceparent(traceparent)?.traceId ?? idDigits("trace", id);
  return {
    timeUnixNano: nanos(at),
    observedTimeUnixNano: nanos(at),
    ...SEVERITY[outcome],
    eventName: `convex_mcp.audit.${kind}`,
    body: { stringValue: `${what.filter((word) => word !== undefined).join(" ")}: ${outcome}` },
    attributes: attributesOf(entry, payloads),
    ...(method === undefined ? {} : { traceId, spanId: idDigits("span", id) }),
  };
}
