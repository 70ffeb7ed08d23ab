import { element } from "./dom.ts";
import type { FilterField } from "./filters.ts";
import { type JsonRecord, numberOf, textOf } from "./json.ts";
import { amount, duration, indented, visible } from "./text.ts";

/** Shows the entries that have this value, and no others. */
export type OnlyThese = (field: FilterField, value: string) => void;

const OUTCOME_CLASS: ReadonlyMap<string, string> = new Map([
  ["ok", "good"],
  ["running", "pending"],
  ["interrupted", "pending"],
  ["replayed", "good"],
  ["cancelled", "pending"],
]);

/** The tool, or what else it is about: "session start", "task slow cancel". */
export function nameOf(entry: JsonRecord): string {
  const [kind, tool, name] = ["kind", "tool", "name"].map((field) => textOf(entry, field));
  const words = kind === "tool" ? [tool] : [kind, tool, name];
  return visible(words.filter((word) => word !== undefined).join(" ") || "something");
}

/** How it ended. */
export function outcomeOf(entry: JsonRecord): string {
  return visible(textOf(entry, "outcome") ?? "unknown");
}

/** An entry in a line. */
export function entryLine(entry: JsonRecord): HTMLElement[] {
  const outcome = outcomeOf(entry);
  const client = textOf(entry, "clientName");
  const took = numberOf(entry, "durationMs");
  return [
    timeOf(entry),
    element("code", {}, nameOf(entry)),
    element("span", { class: OUTCOME_CLASS.get(outcome) ?? "bad" }, outcome),
    element(
      "small",
      {},
      visible(textOf(entry, "subject") ?? "a stranger"),
      client === undefined ? "" : ` through ${visible(client)}`,
    ),
    element("small", { class: "console-took" }, took === undefined ? "" : duration(took)),
  ];
}

/** What there may be beside arguments and result, and the filter that finds its like. */
const FIELDS: readonly (readonly [name: string, label: string, filter?: FilterField])[] = [
  ["kind", "Kind", "kind"],
  ["tool", "Tool", "tool"],
  ["name", "Name"],
  ["outcome", "Outcome", "outcome"],
  ["decision", "Decision"],
  ["errorCode", "Error code"],
  ["error", "Error"],
  ["durationMs", "Took"],
  ["count", "How often"],
  ["subject", "Person", "subject"],
  ["issuer", "Issuer"],
  ["clientName", "Client", "client"],
  ["clientVersion", "Client version"],
  ["sessionId", "Session", "session"],
  ["taskId", "Task"],
  ["ip", "Address"],
  ["userAgent", "User agent"],
  ["requestId", "Request id"],
  ["platformRequestId", "Convex request id"],
  ["traceparent", "Trace"],
  ["argsBytes", "Size of arguments"],
  ["resultBytes", "Size of result"],
  ["id", "Entry id"],
];

/** An entry in full. */
export function entryInFull(entry: JsonRecord, onlyThese: OnlyThese): HTMLElement[] {
  const details = element("dl", {}, ...detail("When", exactTime(entry)));
  for (const [name, label, filter] of FIELDS) {
    const value = valueOf(entry, name);
    if (value === undefined) continue;
    const raw = textOf(entry, name);
    const like = filter !== undefined && raw !== undefined ? [likeIt(label, filter, raw)] : [];
    details.append(...detail(label, visible(value), ...like.map((make) => make(onlyThese))));
  }
  const cut = entry["cut"] === true ? [element("p", {}, "Some of it was cut to its limit.")] : [];
  return [
    details,
    ...cut,
    ...payload(entry, "args", "Arguments"),
    ...payload(entry, "result", "Result"),
  ];
}

function valueOf(entry: JsonRecord, name: string): string | undefined {
  const number = numberOf(entry, name);
  if (number === undefined) return textOf(entry, name);
  if (name === "durationMs") return duration(number);
  return name.endsWith("Bytes") ? amount(number, "byte", "bytes") : String(number);
}

function detail(label: string, ...value: (Node | string)[]): HTMLElement[] {
  return [element("dt", {}, label), element("dd", {}, ...value)];
}

function likeIt(label: string, filter: FilterField, value: string) {
  return (onlyThese: OnlyThese): HTMLElement => {
    const name = `Only these: same ${label.toLowerCase()}`;
    const button = element("button", { type: "button", "aria-label": name }, "Only these");
    button.addEventListener("click", () => onlyThese(filter, value));
    return button;
  };
}

function payload(entry: JsonRecord, name: string, label: string): HTMLElement[] {
  const text = textOf(entry, name);
  if (text === undefined) return [];
  const scrolls = { tabindex: "0", role: "group", "aria-label": label };
  return [element("h4", {}, label), element("pre", scrolls, indented(text))];
}

function timeOf(entry: JsonRecord): HTMLElement {
  const date = dateOf(entry);
  if (date === undefined) return element("time", {}, "no time");
  const shown = date.toLocaleString([], {
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  return element("time", { datetime: date.toISOString() }, shown);
}

function exactTime(entry: JsonRecord): string {
  return dateOf(entry)?.toISOString() ?? "no time";
}

function dateOf(entry: JsonRecord): Date | undefined {
  const date = new Date(numberOf(entry, "at") ?? NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
