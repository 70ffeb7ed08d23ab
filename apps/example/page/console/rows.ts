import { element } from "./dom.ts";
import { entryInFull, entryLine, type OnlyThese } from "./entry.ts";
import { type JsonRecord, numberOf, textOf } from "./json.ts";

/** A commit may come later than the time of its entry says: a transaction's clock stands still. */
const LATE_MS = 20_000;

/** The list of entries, newest first. */
export interface Rows {
  readonly list: HTMLElement;
  readonly size: () => number;
  /** Puts entries where they belong, and renews those that have changed. Gives those that are new. */
  readonly put: (entries: readonly JsonRecord[]) => readonly JsonRecord[];
  /** Takes away what is of such a time and not among `entries`, unless it is being read. */
  readonly keepOnly: (isOfTime: (at: number) => boolean, entries: readonly JsonRecord[]) => void;
  readonly clear: () => void;
  /** Since when entries may come or change: some seconds before `newest`, or the oldest that runs. */
  readonly unsettledSince: (newest: number) => number;
  /** The time of the last entry. */
  readonly oldest: () => number | undefined;
  /** What the entries have under a name, each once. */
  readonly values: (name: string) => readonly string[];
  /** Moves the focus to an entry. */
  readonly focus: (entry: JsonRecord) => void;
}

interface Row {
  readonly item: HTMLElement;
  readonly at: number;
  readonly line: HTMLElement;
  text: string;
  entry: JsonRecord;
  show(): void;
}

/** Makes an empty list. */
export function makeRows(onlyThese: OnlyThese): Rows {
  // A list without marks is none to VoiceOver, unless it says so.
  const list = element("ol", { role: "list", "aria-label": "Entries, newest first" });
  const rows = new Map<string, Row>();
  let inOrder: Row[] = [];

  const drop = (key: string, row: Row) => {
    row.item.remove();
    rows.delete(key);
    inOrder = inOrder.filter((other) => other !== row);
  };
  const putOne = (entry: JsonRecord): boolean => {
    const text = JSON.stringify(entry);
    const key = keyOf(entry);
    const before = rows.get(key);
    if (before !== undefined) {
      if (before.text !== text) Object.assign(before, { text, entry }).show();
      return false;
    }
    const row = makeRow(entry, text, onlyThese);
    const found = inOrder.findIndex(({ at }) => at <= row.at);
    const index = found === -1 ? inOrder.length : found;
    list.insertBefore(row.item, inOrder[index]?.item ?? null);
    inOrder.splice(index, 0, row);
    rows.set(key, row);
    return true;
  };
  return {
    list,
    size: () => rows.size,
    // Newest first: of two of one time the later one in the page goes before the other, so pages are put from their end.
    put: (entries) => entries.toReversed().filter(putOne).toReversed(),
    keepOnly(isOfTime, entries) {
      const there = new Set(entries.map(keyOf));
      for (const [key, row] of rows) {
        const isRead = row.item.contains(document.activeElement);
        if (isOfTime(row.at) && !there.has(key) && !isRead) drop(key, row);
      }
    },
    clear() {
      list.replaceChildren();
      rows.clear();
      inOrder = [];
    },
    unsettledSince(newest) {
      const running = inOrder.filter(({ entry }) => textOf(entry, "outcome") === "running");
      return Math.min(newest - LATE_MS, ...running.map(({ at }) => at));
    },
    oldest: () => inOrder.at(-1)?.at,
    values: (name) => [...new Set(inOrder.flatMap(({ entry }) => textOf(entry, name) ?? []))],
    focus: (entry) => rows.get(keyOf(entry))?.line.focus(),
  };
}

function keyOf(entry: JsonRecord): string {
  return textOf(entry, "id") ?? JSON.stringify(entry);
}

function makeRow(entry: JsonRecord, text: string, onlyThese: OnlyThese): Row {
  const line = element("summary", {});
  const body = element("div", { class: "console-entry" });
  const details = element("details", {}, line, body);
  const row: Row = {
    item: element("li", { class: "fresh" }, details),
    at: numberOf(entry, "at") ?? 0,
    line,
    text,
    entry,
    show() {
      const wasIn = body.contains(document.activeElement);
      line.replaceChildren(...entryLine(row.entry));
      body.replaceChildren(...(details.open ? entryInFull(row.entry, onlyThese) : []));
      if (wasIn) line.focus();
    },
  };
  details.addEventListener("toggle", () => row.show());
  row.show();
  return row;
}
