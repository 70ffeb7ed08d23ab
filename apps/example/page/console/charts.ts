import { type DayCounts, dayOf, inGroup, OUTCOME_GROUPS, PERCENTILES } from "./counts.ts";
import { drawn, element } from "./dom.ts";
import { amount, duration } from "./text.ts";

const DAY = 24 * 60 * 60_000;
const [WIDTH, HEIGHT] = [320, 170];
/** What the bars and lines have for themselves. */
const PLOT = { left: 8, right: 312, top: 22, bottom: 146 } as const;

/** The days of a chart: from a day on to before another. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** How often a tool was called each day, a bar a day, stacked by outcome. */
export function outcomeChart(label: string, days: readonly DayCounts[], range: Range): HTMLElement {
  const most = Math.max(1, ...days.map(({ calls }) => calls));
  const slot = slotOf(range);
  const bars = days.flatMap((day) => {
    let below = 0;
    return OUTCOME_GROUPS.flatMap(([name, group]) => {
      const calls = inGroup(day, group);
      if (calls === 0) return [];
      const [top, bottom] = [heightOf(below + calls, most), heightOf(below, most)];
      below += calls;
      const bar = {
        class: `console-${name}`,
        x: slot.left(day.at) + slot.width * 0.1,
        y: top,
        width: slot.width * 0.8,
        height: bottom - top,
      };
      return drawn("rect", bar, drawn("title", {}, `${dayOf(day.at)}: ${calls} ${name}`));
    });
  });
  const sums = OUTCOME_GROUPS.flatMap(([name, group]) => {
    const calls = days.reduce((sum, day) => sum + inGroup(day, group), 0);
    return calls === 0 ? [] : [`${calls} ${name}`];
  });
  const text = `Calls of ${label} by day: ${sums.join(", ") || "none"}; at most ${most} a day.`;
  return figure("Calls by outcome", text, {
    drawing: [...axes(range, amount(most, "call", "calls")), ...bars],
    legend: OUTCOME_GROUPS.map(([name]) => name),
  });
}

/** How long the calls of a tool took each day. */
export function latencyChart(label: string, days: readonly DayCounts[], range: Range): HTMLElement {
  const most = Math.max(1, ...days.flatMap((day) => PERCENTILES.map((name) => day[name] ?? 0)));
  const slot = slotOf(range);
  const lines = PERCENTILES.flatMap((name) => {
    const points = days.flatMap((day) => {
      const ms = day[name];
      if (ms === undefined) return [];
      return [{ x: slot.left(day.at) + slot.width / 2, y: heightOf(ms, most), day, ms }];
    });
    return [
      drawn("polyline", {
        class: `console-${name}`,
        points: points.map(({ x, y }) => `${x},${y}`).join(" "),
      }),
      ...points.map(({ x, y, day, ms }) => {
        const title = drawn("title", {}, `${dayOf(day.at)}: ${name} ${duration(ms)}`);
        return drawn("circle", { class: `console-${name}`, cx: x, cy: y, r: 2.5 }, title);
      }),
    ];
  });
  const text = `Latency of ${label} by day: half, 90 and 99 of 100 calls took at most this; the most is ${duration(most)}.`;
  return figure("Latency", text, {
    drawing: [...axes(range, duration(most)), ...lines],
    legend: PERCENTILES,
  });
}

/** Where a day is drawn. */
function slotOf({ from, to }: Range) {
  const width = (PLOT.right - PLOT.left) / Math.max(1, (to - from) / DAY);
  return { width, left: (at: number) => PLOT.left + ((at - from) / DAY) * width };
}

function heightOf(value: number, most: number): number {
  return PLOT.bottom - (value / most) * (PLOT.bottom - PLOT.top);
}

function axes({ from, to }: Range, most: string): SVGElement[] {
  const { left, right, top, bottom } = PLOT;
  const line = (y: number) =>
    drawn("line", { class: "console-axis", x1: left, x2: right, y1: y, y2: y });
  const date = bottom + 16;
  return [
    line(top),
    line(bottom),
    drawn("text", { x: left, y: top - 6 }, most),
    drawn("text", { x: left, y: date }, dayOf(from)),
    drawn("text", { x: right, y: date, "text-anchor": "end" }, dayOf(to - DAY)),
  ];
}

function figure(
  title: string,
  text: string,
  {
    drawing,
    legend,
  }: { readonly drawing: readonly SVGElement[]; readonly legend: readonly string[] },
): HTMLElement {
  const size = { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": text };
  return element(
    "figure",
    {},
    element("figcaption", {}, title),
    drawn("svg", size, ...drawing),
    element(
      "ul",
      { class: "console-legend", role: "list", "aria-label": "Legend" },
      ...legend.map((name) =>
        element(
          "li",
          {},
          drawn(
            "svg",
            { viewBox: "0 0 24 10", "aria-hidden": "true" },
            PERCENTILES.some((percentile) => percentile === name)
              ? drawn("polyline", { class: `console-${name}`, points: "0,5 24,5" })
              : drawn("rect", { class: `console-${name}`, width: 24, height: 10 }),
          ),
          name,
        ),
      ),
    ),
  );
}
