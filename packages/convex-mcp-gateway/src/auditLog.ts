export { listAuditEntries } from "./audit.ts";
export { eraseAuditSubject, pruneAuditEntries } from "./audit/keeping.ts";
export { exportAuditLog } from "./audit/exporting.ts";
export { pushAuditLog } from "./audit/push.ts";
export { auditStatistics } from "./audit/statistics.ts";
export { verifyAuditLog } from "./audit/verify.ts";
export { vAuditKind, vAuditOutcome } from "@convex-mcp/convex-adapter";
export type { RunQueryCtx } from "@convex-mcp/convex-adapter";
export type { AuditFilter, AuditPage, ListedAuditEntry } from "./audit.ts";
export type { ErasedSubject, Pruned } from "./audit/keeping.ts";
export type { AuditExport, ExportOptions } from "./audit/exporting.ts";
export type { PushedAuditLog, PushOptions, RunActionCtx } from "./audit/push.ts";
export type {
  AuditCounts,
  AuditStatistics,
  DayCounts,
  Latency,
  StatisticsRange,
} from "./audit/statistics.ts";
export type { AuditProblem, AuditVerification, LinkMark, VerifyOptions } from "./audit/verify.ts";
