import { type Goal, judge } from "./goal.ts";
import type { Standings } from "./harness.ts";
import type { Ratio } from "./stats.ts";

/** A table: the first column is text, the others are numbers. */
export interface Table {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What a suite has to say. */
export interface Section {
  readonly title: string;
  /** What was measured, against what, and what that leaves out. */
  readonly about: string;
  readonly tables: readonly Table[];
  readonly goals: readonly Goal[];
}

/** A suite's heading, tables and goals. */
export function renderSection({ title, about, tables, goals }: Section): string {
  const parts = [`## ${title}`, about];
  for (const { caption, head, rows } of tables) {
    parts.push(`**${caption}**`, renderTable(head, rows, "right"));
  }
  if (goals.length > 0) {
    const rows = goals.map(goalRow);
    parts.push("**Goals**", renderTable(["goal", "limit", "measured", "verdict"], rows, "left"));
  }
  return parts.join("\n\n");
}

/** A table of ratios: a row for each measurement, a column for each contestant that took part in any. */
export function ratioTable(table: {
  readonly caption: string;
  /** What the rows are. */
  readonly of: string;
  readonly base: string;
  readonly columns: readonly string[];
  readonly results: readonly (readonly [string, Standings])[];
}): Table {
  const { caption, of, base, results } = table;
  const columns = table.columns.filter((name) => results.some(([, found]) => found.has(name)));
  const rows = results.map(([label, found]) => [
    label,
    ...columns.map((name) => (found.has(name) ? formatRatio(found.ratio(name, base)) : "")),
  ]);
  return { caption, head: [of, ...columns], rows };
}

/** `1.29 [1.10..1.50] 1.25`: the median, the 10th and 90th percentile, and the ratio of the minima. */
export function formatRatio({ median, p10, p90, minMin }: Ratio): string {
  return `${round(median)} [${round(p10)}..${round(p90)}] ${round(minMin)}`;
}

/** Three digits that count. */
export function round(value: number): string {
  if (value >= 100) return value.toFixed(0);
  if (value >= 10) return value.toFixed(1);
  if (value >= 0.1) return value.toFixed(2);
  return value === 0 ? "0" : value.toPrecision(2);
}

/** A table in the form that the formatter leaves alone. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  align: "left" | "right",
): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((row) => (row[column] ?? "").length)),
  );
  const isRight = (column: number) => align === "right" && column > 0;
  const line = (cells: readonly string[]) => {
    const padded = widths.map((width, column) => {
      const cell = cells[column] ?? "";
      return isRight(column) ? cell.padStart(width) : cell.padEnd(width);
    });
    return `| ${padded.join(" | ")} |`;
  };
  const rule = widths.map((width, column) =>
    isRight(column) ? `${"-".repeat(width - 1)}:` : "-".repeat(width),
  );
  return [line(head), `| ${rule.join(" | ")} |`, ...rows.map(line)].join("\n");
}

const VERDICTS = { met: "met", missed: "MISSED", failed: "MISSED, gate fails" } as const;

function goalRow(goal: Goal): string[] {
  const { number, promise, limit, bound, measured, where } = goal;
  const place = where === undefined ? "" : ` (worst: ${where})`;
  const sign = bound === "atMost" ? "<=" : ">=";
  return [
    `${number}. ${promise}${place}`,
    `${sign} ${limit}`,
    formatRatio(measured),
    VERDICTS[judge(goal)],
  ];
}
