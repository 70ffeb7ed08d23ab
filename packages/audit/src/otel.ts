export { toOtlpLogs } from "./otel/logs.ts";
export { toOtlpSpans } from "./otel/spans.ts";
export type { OtlpAttribute, OtlpValue } from "./otel/attributes.ts";
export type { OtlpLogs, OtlpLogRecord } from "./otel/logs.ts";
export type { OtlpOptions } from "./otel/resource.ts";
export type { OtlpSpan, OtlpTraces } from "./otel/spans.ts";
