import { latencyChart, outcomeChart } from "./charts.ts";
import { countsTable, dayTable } from "./counted.ts";
import { type Counts, type DayCounts, labelOf, toCounts } from "./counts.ts";
import { element, sentence } from "./dom.ts";
import { numberOf } from "./json.ts";
import type { AuditSource } from "./source.ts";
import { amount } from "./text.ts";

const DAY = 24 * 60 * 60_000;
const RANGES = [7, 14, 30, 90];

/** Makes the charts, which are read when somebody opens them. */
export function showStatistics(source: AuditSource, signal: AbortSignal): HTMLElement {
  const status = element("p", { role: "status" });
  const days = choice(
    "Days",
    RANGES.map((days) => [String(days), `${days} days`]),
  );
  const tool = choice("Tool", []);
  const totals = element("div");
  const charts = element("div", { class: "console-charts" });
  const update = element("button", { type: "button" }, "Update");
  let read: Statistics | undefined;
  let turn = 0;

  const draw = () => {
    const shown = read?.totals.find((counts) => labelOf(counts) === tool.select.value);
    if (read === undefined || shown === undefined) charts.replaceChildren();
    else charts.replaceChildren(...chartsOf(shown, read));
  };
  const load = async (): Promise<void> => {
    const mine = (turn += 1);
    status.textContent = "Counting…";
    const range = rangeOf(Number(days.select.value));
    try {
      const answer = await source("statistics", range, signal);
      if (mine !== turn) return;
      read = { ...range, ...toStatistics(answer) };
    } catch (error) {
      if (mine === turn && !signal.aborted) status.textContent = sentence(error);
      return;
    }
    const calls = read.totals.reduce((sum, counts) => sum + counts.calls, 0);
    status.textContent = `${amount(calls, "call", "calls")} in ${days.select.value} days.`;
    totals.replaceChildren(...(calls === 0 ? [] : [countsTable(read.totals)]));
    offer(tool.select, read.totals.map(labelOf));
    draw();
  };

  const body = element(
    "div",
    { class: "console-part" },
    element("div", { class: "console-buttons" }, days.label, update),
    element("p", { class: "hint" }, "Counted every 5 minutes, of what has settled. Days are UTC."),
    status,
    totals,
    tool.label,
    charts,
  );
  const root = element(
    "details",
    { class: "console-box" },
    element("summary", {}, "Calls and latencies"),
    body,
  );
  update.addEventListener("click", () => void load());
  days.select.addEventListener("change", () => void load());
  tool.select.addEventListener("change", draw);
  root.addEventListener("toggle", () => {
    if (root.open && read === undefined) void load();
  });
  return root;
}

interface Statistics {
  readonly from: number;
  readonly to: number;
  readonly days: readonly DayCounts[];
  readonly totals: readonly Counts[];
}

function toStatistics(answer: unknown): Pick<Statistics, "days" | "totals"> {
  const days = toCounts(answer, "days").map((counts) => ({
    ...counts,
    at: numberOf(counts.source, "at") ?? 0,
  }));
  const byCalls = (one: Counts, other: Counts) => other.calls - one.calls;
  return { days, totals: toCounts(answer, "totals").toSorted(byCalls) };
}

/** Whole days: a query with the same arguments is answered from Convex's cache. */
function rangeOf(days: number): { from: number; to: number } {
  const to = (Math.floor(Date.now() / DAY) + 1) * DAY;
  return { from: to - days * DAY, to };
}

function chartsOf(shown: Counts, { from, to, days }: Statistics): HTMLElement[] {
  const label = labelOf(shown);
  const own = days.filter((day) => labelOf(day) === label);
  const range = { from, to };
  return [outcomeChart(label, own, range), latencyChart(label, own, range), dayTable(label, own)];
}

function choice(text: string, options: readonly (readonly [value: string, text: string])[]) {
  const made = options.map(([value, shown]) => element("option", { value }, shown));
  const select = element("select", {}, ...made);
  return { select, label: element("label", {}, text, select) };
}

/** New options, with the same one chosen if it is still there. */
function offer(select: HTMLSelectElement, names: readonly string[]): void {
  const { value } = select;
  select.replaceChildren(...names.map((name) => element("option", { value: name }, name)));
  if (names.includes(value)) select.value = value;
}
