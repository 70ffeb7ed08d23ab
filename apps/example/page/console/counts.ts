import { isRecord, type JsonRecord, listOf, numberOf, textOf } from "./json.ts";
import { visible } from "./text.ts";

/** What was called, how often, how that ended, and how long it took. */
export interface Counts {
  readonly kind: string;
  readonly name: string;
  readonly calls: number;
  readonly outcomes: ReadonlyMap<string, number>;
  readonly p50: number | undefined;
  readonly p90: number | undefined;
  readonly p99: number | undefined;
  /** As it came. */
  readonly source: JsonRecord;
}

/** The same of the day that began at `at`. */
export interface DayCounts extends Counts {
  readonly at: number;
}

/** The percentiles that are shown. */
export const PERCENTILES = ["p50", "p90", "p99"] as const;

/** Outcomes that are told together, in the order in which they are shown. */
export const OUTCOME_GROUPS: readonly (readonly [name: string, outcomes: readonly string[]])[] = [
  ["ok", ["ok", "replayed"]],
  ["failed", ["failed", "aborted", "lost", "unknown"]],
  ["refused", ["denied", "invalid"]],
  ["open", ["running", "interrupted", "cancelled"]],
];

/** Reads a list of counts. */
export function toCounts(answer: unknown, name: string): Counts[] {
  return listOf(answer, name)
    .filter(isRecord)
    .map((source) => {
      const latency = source["latency"];
      return {
        kind: textOf(source, "kind") ?? "",
        name: textOf(source, "name") ?? "",
        calls: numberOf(source, "calls") ?? 0,
        outcomes: toOutcomes(source["outcomes"]),
        p50: numberOf(latency, "p50"),
        p90: numberOf(latency, "p90"),
        p99: numberOf(latency, "p99"),
        source,
      };
    });
}

function toOutcomes(value: unknown): ReadonlyMap<string, number> {
  const members = isRecord(value) ? Object.entries(value) : [];
  return new Map(
    members.flatMap(([name, calls]) => (typeof calls === "number" ? [[name, calls] as const] : [])),
  );
}

/** How many of a group of outcomes. */
export function inGroup({ outcomes }: Counts, group: readonly string[]): number {
  return group.reduce((sum, outcome) => sum + (outcomes.get(outcome) ?? 0), 0);
}

/** The name of a tool, or what else was called. */
export function labelOf({ kind, name }: Counts): string {
  const called = name === "" ? "(no such name)" : visible(name);
  return kind === "tool" ? called : `${visible(kind)} ${called}`;
}

/** A day: "14 Mar". */
export function dayOf(at: number): string {
  return new Date(at).toLocaleDateString([], { month: "short", day: "numeric", timeZone: "UTC" });
}
