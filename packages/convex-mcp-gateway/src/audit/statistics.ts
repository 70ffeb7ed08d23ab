import { ConvexError } from "convex/values";
import type { ComponentApi, RunQueryCtx } from "@convex-mcp/convex-adapter";

const DAY = 24 * 60 * 60_000;

/** Which days, as times in milliseconds since 1970: all days (UTC) that have part of them. */
export interface StatisticsRange {
  readonly from: number;
  /** Not included. */
  readonly to: number;
  /** Default: all tools, and what else was called. */
  readonly tool?: string;
}

/** How long calls took, in milliseconds. A percentile is off by a tenth at most. */
export interface Latency {
  readonly p50?: number;
  readonly p90?: number;
  readonly p99?: number;
  readonly max?: number;
  readonly mean?: number;
}

/** How often something was called, and how that went. */
export interface AuditCounts {
  readonly kind: string;
  /** Of the tool, or of what else. Empty for names that there are not. */
  readonly name: string;
  readonly calls: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly latency: Latency;
}

/** The same of one day. */
export interface DayCounts extends AuditCounts {
  /** When it began, in milliseconds since 1970. */
  readonly at: number;
}

/** Counts of each day, and together. */
export interface AuditStatistics {
  readonly days: readonly DayCounts[];
  readonly totals: readonly AuditCounts[];
}

/**
 * How often what was called, and how long it took. Counted from the log within some minutes, kept for 400 days. It has no
 * access control of its own.
 *
 * @throws ConvexError `{ kind: "invalid", message }` when the range is none, or has more than 4,000 rows: as many as days times
 * names.
 */
export async function auditStatistics(
  ctx: RunQueryCtx,
  component: ComponentApi,
  { from, to, tool }: StatisticsRange,
): Promise<AuditStatistics> {
  if (!(Number.isFinite(from) && from < to)) {
    const message = `auditStatistics: expected from to be before to, got ${from} and ${to}.`;
    throw new ConvexError({ kind: "invalid", message });
  }
  const { days, totals } = await ctx.runQuery(component.statistics.read, {
    fromDay: Math.floor(from / DAY),
    toDay: Math.ceil(to / DAY) - 1,
    ...(tool === undefined ? {} : { tool }),
  });
  return { days: days.map(({ day, ...counts }) => ({ at: day * DAY, ...counts })), totals };
}
