import {
  type Counts,
  type DayCounts,
  dayOf,
  inGroup,
  labelOf,
  OUTCOME_GROUPS,
  PERCENTILES,
} from "./counts.ts";
import { table } from "./dom.ts";
import { duration, visible } from "./text.ts";

/** What was called, the most called first. */
export function countsTable(totals: readonly Counts[]): HTMLElement {
  const groups = OUTCOME_GROUPS.map(([name]) => name);
  return table(
    "What was called",
    ["Name", "Calls", ...groups, ...PERCENTILES],
    totals.map((counts) => [
      labelOf(counts),
      counts.calls.toLocaleString(),
      ...OUTCOME_GROUPS.map(([, group]) => inGroup(counts, group).toLocaleString()),
      ...latencies(counts),
    ]),
  );
}

/** All that the charts show of one tool, with each outcome by itself. */
export function dayTable(label: string, days: readonly DayCounts[]): HTMLElement {
  const outcomes = [...new Set(days.flatMap((day) => [...day.outcomes.keys()]))];
  return table(
    `${label}, by day`,
    ["Day", "Calls", ...outcomes.map(visible), ...PERCENTILES],
    days.map((day) => [
      dayOf(day.at),
      day.calls.toLocaleString(),
      ...outcomes.map((outcome) => (day.outcomes.get(outcome) ?? 0).toLocaleString()),
      ...latencies(day),
    ]),
  );
}

function latencies(counts: Counts): string[] {
  return PERCENTILES.map((name) => {
    const ms = counts[name];
    return ms === undefined ? "–" : duration(ms);
  });
}
